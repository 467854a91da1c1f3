import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openPage } from './chromium.ts';

/** A browser of somebody's own, with nothing in it that is another's. */
export const person = (browser: Browser, base: string, options: BrowserContextOptions = {}) => openPage(browser, base, options);

/** Writes a message and sends it by Enter. */
export async function write(page: Page, text: string): Promise<void> {
  await page.fill('#compose', text);
  await page.press('#compose', 'Enter');
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
