import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, openChromium, openPage } from '../support/chromium.ts';
import { look } from '../support/look.ts';
import { needs, titled } from '../support/needs.ts';
import { served } from '../support/served.ts';
import { begin, type } from '../support/web-page.ts';

describe.skipIf(!chromiumPath)(titled(chromiumPath, needs.chromium, 'what is on the screen'), { timeout: 90_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test.each(['en', 'de'] as const)(
    'start, check, live and feedback (%s) fit a phone and a laptop, and can be hit, read and named',
    async (locale) => {
      await using service = await served({ VOICE: 'none' });
      const { page, wrongs } = await openPage(browser, service.base, { locale, ...(locale === 'de' && { colorScheme: 'dark' as const }) });
      const wrong: string[] = [];
      const see = async (name: string) => void wrong.push(...(await look(page, `${name}-${locale}`)));
      await page.goto(service.base);
      await page.locator('#ears-note:not([hidden])').waitFor();
      await see('start');
      await page.click('.more summary');
      await page.click('#check-sound summary');
      await page.locator('#check-hear:not([disabled])').waitFor();
      await see('check');
      await page.click('#start');
      await page.locator('#notice:not([hidden])').waitFor();
      await see('missing');
      await begin(page);
      await page.locator('#state[data-mood=live]').waitFor();
      await see('greeting');
      await type(page, 'user', "Hi, I'm Alex.");
      await type(page, 'other', 'Welcome, Alex. Tell me about your team.');
      await type(page, 'user', 'We are five people, and we build the platform together.');
      await type(page, 'other', 'What salary do you have in mind?');
      await page.locator('.whisper[data-mood=advice]').waitFor();
      await page.locator('#goals [data-met=true]').first().waitFor();
      await page.click('#typing summary');
      await see('live');
      await page.click('#pause');
      await page.locator('.whisper[data-mood=paused]').waitFor();
      await see('paused');
      await page.click('#pause');
      await page.click('#finish');
      await page.locator('#feedback-title:focus').waitFor();
      await see('feedback');
      expect(wrong).toEqual([]);
      expect(wrongs).toEqual([]);
      await page.context().close();
    },
  );
});
