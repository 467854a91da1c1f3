import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { unmannerly } from './page-manners.ts';

/** A phone in one hand, and a laptop. */
export const sizes = { phone: { width: 390, height: 844 }, laptop: { width: 1280, height: 800 } } as const;

/** Both of them, by day and by night, and the phone in German as well. */
export const screens = [
  { name: '390', viewport: sizes.phone, colorScheme: 'light', locale: 'en-US' },
  { name: '1280', viewport: sizes.laptop, colorScheme: 'light', locale: 'en-US' },
  { name: '390-dark-de', viewport: sizes.phone, colorScheme: 'dark', locale: 'de-DE' },
  { name: '1280-dark', viewport: sizes.laptop, colorScheme: 'dark', locale: 'en-US' },
] as const;

/** Writes what is on the screen to test/out at phone and laptop size, and says what is wrong with it at each. */
export async function look(page: Page, name: string): Promise<string[]> {
  mkdirSync('test/out', { recursive: true });
  const wrong: string[] = [];
  const before = page.viewportSize()!;
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    await page.screenshot({ path: `test/out/${name}-${viewport.width}.png` });
    wrong.push(...(await unmannerly(page)).map((what) => `${name}, ${size}: ${what}`));
  }
  await page.setViewportSize(before);
  return wrong;
}
