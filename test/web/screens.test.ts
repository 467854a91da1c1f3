import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium, openPage } from '../support/chromium.ts';
import { inChromium } from '../support/in-chromium.ts';
import { look } from '../support/look.ts';
import { served } from '../support/served.ts';
import { toneEars } from '../support/tone-words.ts';
import { begin } from '../support/web-page.ts';

const said = [
  ['user', 2, "Hi, I'm Alex, and I am glad to be here."],
  ['other', 4, 'Welcome, Alex. I read that you lead the platform team.'],
  [
    'user',
    9,
    'I do. We are five people, and last year we moved the whole platform without a night of downtime, which taught me to plan in small steps.',
  ],
  ['user', 4, 'What does your team look like today?'],
  ['other', 7, 'We are eight, and we want to grow. What salary do you have in mind?'],
] as const;

inChromium('what is on the screen', { timeout: 90_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test.each(['en', 'de'] as const)(
    'start, check, live and feedback (%s) fit a phone and a laptop, and can be hit, read and named',
    async (locale) => {
      await using service = await served({ VOICE: 'none' }, toneEars);
      const { page, wrongs } = await openPage(browser, service.base, { locale, ...(locale === 'de' && { colorScheme: 'dark' as const }) });
      const wrong: string[] = [];
      const see = async (name: string) => void wrong.push(...(await look(page, `${name}-${locale}`)));
      await page.goto(service.base);
      await page.locator('#keep-note:not([hidden])').waitFor();
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
      const talk = service.house.hub.talks()[0]!;
      let from = 0;
      // as if spoken, so that there are numbers to look at
      for (const [who, seconds, text] of said) {
        const speaker = { who, probability: 0.98 };
        await talk.append({ by: 'ear', type: 'said', via: 'voice', text, speaker, from, to: from + seconds * 1_000 });
        from += seconds * 1_000 + 400;
      }
      await page.locator('.whisper[data-mood=advice]').waitFor();
      await page.locator('#goals [data-met=true]').first().waitFor();
      await page.click('#typing summary');
      if (locale === 'de') await page.locator('#whisper-reason', { hasText: 'und du bist an der Reihe' }).waitFor();
      await see('live');
      await page.click('#pause');
      await page.locator('.whisper[data-mood=paused]').waitFor();
      await see('paused');
      await page.click('#pause');
      await page.click('#finish');
      await page.locator('#feedback-title:focus').waitFor();
      if (locale === 'de') expect(await page.locator('#wish').innerText()).toContain('Sprich nächstes Mal langsamer');
      await see('feedback');
      expect(wrong).toEqual([]);
      expect(wrongs).toEqual([]);
      await page.context().close();
    },
  );
});
