import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium, openPage } from '../support/chromium.ts';
import { foreignElements } from '../support/foreign-elements.ts';
import { attacks } from '../support/hostile-words.ts';
import { inChromium } from '../support/in-chromium.ts';
import { served } from '../support/served.ts';
import { begin, linesOf, type } from '../support/web-page.ts';

inChromium('hostile words are only ever text', {}, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test('as a name, a goal, a context, a line on both sides and in the feedback: nothing runs, nothing is asked for', async () => {
    await using service = await served();
    const { page, wrongs } = await openPage(browser, service.base);
    await page.goto(service.base);
    await begin(page, { user_name: attacks[1]!, context: attacks.join(' '), goal: attacks[0]! });
    await page.locator('#whisper-words', { hasText: attacks[1]! }).waitFor();
    for (const [index, attack] of attacks.entries()) {
      await type(page, index % 2 === 0 ? 'user' : 'other', `${attack}?`);
      await page.waitForFunction((count) => document.querySelectorAll('#lines .line:not(.coach)').length === count, index + 1);
    }
    expect((await linesOf(page)).filter((line) => attacks.includes(line.slice(0, -1)))).toEqual(attacks.map((attack) => `${attack}?`));
    await page.click('#hint');
    await page.locator('.line.coach').first().waitFor();
    await page.click('#finish');
    await page.locator('#feedback-title:focus').waitFor();
    expect((await linesOf(page, '#whole')).filter((line) => attacks.includes(line.slice(0, -1)))).toHaveLength(attacks.length);
    expect(await page.evaluate(() => 'owned' in globalThis)).toBe(false);
    expect(await page.locator(foreignElements).count()).toBe(0);
    expect(new URL(page.url()).origin).toBe(service.base);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test('even an element that a fault would let through could not run: the page forbids it', async () => {
    await using service = await served();
    const { page } = await openPage(browser, service.base);
    await page.goto(service.base);
    const answer = await page.evaluate(() => {
      try {
        document.body.innerHTML = '<img src=x onerror="globalThis.owned = 1">';
        return 'taken';
      } catch (error) {
        return (error as Error).name;
      }
    });
    expect(answer).toBe('TypeError');
    expect(await page.evaluate(() => 'owned' in globalThis)).toBe(false);
    await page.context().close();
  });
});
