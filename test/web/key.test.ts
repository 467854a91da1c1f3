import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium, openPage } from '../support/chromium.ts';
import { guarded, key } from '../support/guarded.ts';
import { inChromium } from '../support/in-chromium.ts';
import { begin, type } from '../support/web-page.ts';

inChromium('the page of a service with keys', {}, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test('it asks for a key in one field, says when it was the wrong one, and keeps the right one for this tab', async () => {
    await using service = await guarded();
    const { page } = await openPage(browser, service.base);
    await page.goto(service.base);
    expect(await page.locator('#key-field').isVisible()).toBe(false);
    await begin(page);
    await page.locator('#notice-text', { hasText: 'This Aside asks for a key.' }).waitFor();
    await page.locator('#key:focus').waitFor();
    await page.fill('#key', 'a key of somebody else, elsewhere');
    await page.click('#start');
    await page.locator('#notice-text', { hasText: 'That is not a key of this Aside.' }).waitFor();
    await page.fill('#key', key);
    await page.click('#start');
    await page.locator('#live:not([hidden])').waitFor();
    await page.locator('#state', { hasText: 'Live' }).waitFor();
    await type(page, 'user', "Hi, I'm Alex.");
    await page.locator('.line.user', { hasText: 'Alex' }).waitFor();
    const kept = await page.evaluate(() => [sessionStorage.getItem('aside.key'), JSON.stringify(localStorage), location.href]);
    expect(kept).toEqual([key, expect.not.stringContaining(key), `${service.base}/`]);
    await page.context().close();
  });
});
