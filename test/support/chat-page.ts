import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openPage } from './chromium.ts';

/** A browser of somebody's own, with nothing in it that is another's; on a busy machine two of them need their time. */
export async function person(browser: Browser, base: string, options: BrowserContextOptions = {}) {
  const opened = await openPage(browser, base, options);
  opened.page.setDefaultTimeout(60_000);
  return opened;
}

/** Writes a message and sends it by Enter. */
export async function write(page: Page, text: string): Promise<void> {
  await page.fill('#compose', text);
  await page.press('#compose', 'Enter');
}

/** Writes without sending, and another is told so: they are looked at from before the first letter on, as it is told for a moment only. */
export async function beginToWrite(page: Page, text: string, whom: Page, name: string): Promise<void> {
  await Promise.all([whom.locator('.typing-line', { hasText: `${name} is writing` }).waitFor(), page.locator('#compose').pressSequentially(text)]);
}

/** What somebody reads, in order, without what is still on its way. */
export const textsOf = (page: Page): Promise<string[]> => page.locator('.said:not([data-state]) .text').allTextContents();

/** Comes in by a link under a name. */
export async function comeIn(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link);
  await page.fill('#person-name', name);
  await page.click('#come-in');
  await page.locator('.state[data-mood=live]').waitFor();
}
