import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { unmannerly } from './page-manners.ts';

/** A phone in one hand, and a laptop. */
export const sizes = { phone: { width: 390, height: 844 }, laptop: { width: 1280, height: 800 } } as const;

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
