import { mkdirSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RATE } from '../../src/core/ports.ts';
import { neverHeard } from '../../src/core/unheard.ts';
import { wavFile } from '../../src/engines/wav-file.ts';
import { openChromium, openPage } from '../support/chromium.ts';
import { inChromium } from '../support/in-chromium.ts';
import { screens } from '../support/look.ts';
import { unmannerly } from '../support/page-manners.ts';
import { finished, heldAs, interviewOf, talked, verbatimEars } from '../support/past-talk.ts';
import { served } from '../support/served.ts';

const folder = new URL('../out/', import.meta.url).pathname;
type Service = Awaited<ReturnType<typeof served>>;

/** A finished interview with a whisper in it, whose fillers are counted as an ear does that hears every “um”. */
async function interviewed(service: Service) {
  const talk = await talked(service, interviewOf({ rounds: 5, fillers: 3 }));
  const about = talk.said.at(-1)!.seq;
  await talk.talk.append({ by: 'coach', type: 'advised', text: 'Ask about the team.', kind: 'goal', about, reason: 'Your goal.', evidence: [about] });
  return talk;
}

/** The feedback of that conversation, on the page of the history. */
async function reading(browser: Browser, service: Service, talk: { id: string; token: string }, options: BrowserContextOptions = {}) {
  const opened = await openPage(browser, service.base, options);
  await opened.page.goto(`${service.base}/health`);
  await opened.page.evaluate(
    (all) => localStorage.setItem('aside.held', all),
    JSON.stringify([heldAs(service.base, talk, Date.UTC(2026, 2, 2, 12))]),
  );
  await opened.page.goto(`${service.base}/history#${talk.id}`);
  await opened.page.locator('#feedback-title:focus').waitFor();
  return opened;
}

const fileOf = async (page: Page, button: string): Promise<[name: string, text: string]> => {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
  let text = '';
  for await (const piece of await download.createReadStream()) text += piece;
  return [download.suggestedFilename(), text];
};

/** What is seen and can only be pressed, and words too pale for paper, on a page as it would be printed. */
const onPaper = (page: Page) =>
  page.evaluate(() => {
    const isSeen = (element: Element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const told = (element: Element) => `${element.tagName.toLowerCase()}#${element.id} “${element.textContent?.trim().slice(0, 40)}”`;
    const ink = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
    // as it comes out on white paper, whatever stands behind it on the page
    const light = (...colours: string[]) => {
      for (const colour of ['white', ...colours]) {
        ink.fillStyle = colour;
        ink.fillRect(0, 0, 1, 1);
      }
      const [red, green, blue] = [...ink.getImageData(0, 0, 1, 1).data].map((part) =>
        part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
    };
    const words = [...document.querySelectorAll('main *')].filter(
      (element) =>
        isSeen(element) &&
        !element.closest('svg, .unseen') &&
        [...element.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.nodeValue?.trim()),
    );
    return {
      pressable: [...document.querySelectorAll('button, a[href], input, select, textarea, [role=button], audio')]
        .filter((element) => isSeen(element) && !element.closest('svg'))
        .map(told),
      pale: [
        ...[document.documentElement, document.body]
          .filter((element) => light(getComputedStyle(element).backgroundColor) < 1)
          .map((element) => `behind ${told(element)}`),
        ...words.filter((element) => 1.05 / (light(getComputedStyle(element).color) + 0.05) < 4.5).map(told),
      ],
    };
  });

inChromium('the feedback', {}, () => {
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test('a timeline of who spoke when, charts, and files; a moment is reached by keyboard', { timeout: 180_000 }, async () => {
    await using service = await served({ VOICE: 'none' }, verbatimEars);
    const talk = await interviewed(service);
    await finished(service, talk);
    const { page, wrongs } = await reading(browser, service, talk);
    expect(await page.locator('#unheard').isVisible()).toBe(false);
    expect(await page.locator('#timeline .bar.user').count()).toBe(11);
    expect(await page.locator('#timeline .bar.other').count()).toBe(10);
    expect(await page.locator('#timeline .mark.whisper').count()).toBe(1);
    expect(await page.locator('#timeline .filler').count()).toBe(15);
    expect(await page.locator('.filler-bars li').innerText()).toMatch(/um\s+15×/);
    expect(await page.locator('#charts svg[role=img]').count()).toBe(2);
    const moment = page.locator('#timeline .mark.moment').first();
    await moment.focus();
    await page.keyboard.press('Enter');
    await page.locator('#whole .line:focus').waitFor();
    const quote = (await page.locator('#moments q').first().innerText()).slice(0, 20);
    expect(await page.locator('#whole .line:focus').innerText()).toContain(quote);

    const [[md, markdown], [json, data], [srt, titles], [csv, table]] = [
      await fileOf(page, '#download-md'),
      await fileOf(page, '#download'),
      await fileOf(page, '#download-srt'),
      await fileOf(page, '#download-csv'),
    ];
    expect([md, json, srt, csv].map((name) => name.replace(talk.id.slice(0, 8), 'x'))).toEqual([
      'aside-x.md',
      'aside-x.json',
      'aside-x.srt',
      'aside-x.csv',
    ]);
    expect(markdown).toContain('# How it went');
    expect((JSON.parse(data) as { session_id: string }).session_id).toBe(talk.id);
    expect(titles).toMatch(/^1\n00:00:01,000 --> 00:00:0\d,\d{3}\nYou: Hi, I'm Alex\./);
    expect(table.trim().split('\r\n')).toHaveLength(1 + 22);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test.each(['light', 'dark'] as const)(
    'on paper, in %s as well: everything that was found, dark on white, and nothing to press',
    async (colorScheme) => {
      await using service = await served({ VOICE: 'none' }, verbatimEars);
      const talk = await interviewed(service);
      await finished(service, talk);
      const { page, wrongs } = await reading(browser, service, talk, { colorScheme });
      const wordsOf = (place: string) => page.locator(place).innerText();
      const places = ['#stars', '#wish', '#takeaways', '#metrics', '#whole'];
      const seen = await Promise.all(places.map(wordsOf));
      expect(seen.every((words) => words.trim().length > 10)).toBe(true);
      await page.emulateMedia({ media: 'print', colorScheme });
      for (const place of places) expect(await page.locator(place).isVisible()).toBe(true);
      expect(await wordsOf('#whole')).toContain('I planned the budget with my team');
      const { pressable, pale } = await onPaper(page);
      expect(pressable).toEqual([]);
      expect(pale).toEqual([]);
      await page.pdf({ path: `${folder}feedback.pdf` });
      expect(wrongs).toEqual([]);
      await page.context().close();
    },
  );

  test('what nobody heard is said above the words, with how much and when, and goes along in the file', async () => {
    await using service = await served({ VOICE: 'none' }, verbatimEars);
    const talk = await interviewed(service);
    for (const from of [14_000, 80_000]) await talk.talk.append(neverHeard({ from: from + 500_000, to: from + 506_000 }));
    await finished(service, talk);
    const { page, wrongs } = await reading(browser, service, talk, { viewport: { width: 390, height: 844 } });
    await page.locator('#unheard').scrollIntoViewIfNeeded();
    expect(await page.locator('#unheard').innerText()).toMatch(/^12 s of sound did not become words \(at 8:34, 9:40\)\. /);
    expect(await unmannerly(page)).toEqual([]);
    await page.screenshot({ path: `${folder}feedback-unheard-390.png` });
    const [, markdown] = await fileOf(page, '#download-md');
    expect(markdown).toContain('12 s of sound did not become words');
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test('a line is corrected on the page, the numbers follow, and the log knows it', { timeout: 180_000 }, async () => {
    await using service = await served({ VOICE: 'none' }, verbatimEars);
    const talk = await interviewed(service);
    const before = await finished(service, talk);
    const { page, wrongs } = await reading(browser, service, talk);
    const line = before.transcript.find(({ text }) => text.startsWith('In that role'))!;
    const shown = page.locator(`#line-${line.seq}`);
    expect(await shown.locator('.correct').isVisible()).toBe(false);
    await page.click('#correcting');
    const ratio = page.locator('#metrics div', { hasText: 'You talked' }).locator('dd').first();
    const was = await ratio.innerText();
    await shown.locator('.correct').click();
    await shown.locator('select').selectOption('other');
    await shown.locator('textarea').fill('We planned it <b>together</b>.');
    await page.locator('.correction').screenshot({ path: `${folder}feedback-correcting.png` });
    expect(await unmannerly(page)).toEqual([]);
    await shown.locator('[type=submit]').click();
    await page.locator('#notice-text', { hasText: 'counted anew' }).waitFor();
    await page.locator(`#line-${line.seq}.other`, { hasText: 'We planned it <b>together</b>.' }).waitFor();
    expect(await ratio.innerText()).not.toBe(was);
    const after = await finished(service, talk);
    expect(after.metrics.user_words).toBe(before.metrics.user_words! - line.text.split(' ').length);
    // left as it was, nothing is written down
    const entries = talk.talk.entries.length;
    await page.locator(`#line-${line.seq} .correct`).click();
    await page.locator(`#line-${line.seq} [type=submit]`).click();
    await page.locator('.correction').waitFor({ state: 'detached' });
    expect(talk.talk.entries).toHaveLength(entries);
    await page.reload();
    await page.locator(`#line-${line.seq}.other`).waitFor();
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test('where sound was kept, a moment is heard from where it was said', { timeout: 180_000 }, async () => {
    await using service = await served({ VOICE: 'none' }, verbatimEars);
    const talk = await talked(service, interviewOf({ rounds: 2 }), { consent: { audio: true } });
    await finished(service, talk);
    const { page, wrongs } = await openPage(browser, service.base);
    const sound = Buffer.from(wavFile(new Int16Array(60 * RATE), RATE));
    await page.route('**/recordings', (route) =>
      route.fulfill({
        json: {
          session_id: talk.id,
          recordings: [{ number: 1, format: 'wav', from: 500, bytes: sound.length, path: `/session/${talk.id}/recording/1` }],
        },
      }),
    );
    await page.route('**/recording/1', (route) => route.fulfill({ contentType: 'audio/wav', body: sound }));
    await page.goto(`${service.base}/health`);
    await page.evaluate((all) => localStorage.setItem('aside.held', all), JSON.stringify([heldAs(service.base, talk, 0)]));
    await page.goto(`${service.base}/history#${talk.id}`);
    const line = talk.said[3] as { seq: number; from?: number };
    await page.locator(`#line-${line.seq} .hear`).click();
    await page.locator('#player:not([hidden])').waitFor();
    await page.waitForFunction(() => !(document.getElementById('audio') as HTMLAudioElement).paused);
    const at = await page.evaluate(() => (document.getElementById('audio') as HTMLAudioElement).currentTime);
    expect(at).toBeGreaterThanOrEqual((line.from! - 500 - 700) / 1_000);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test.each(screens)('is good to look at, at $name', { timeout: 180_000 }, async ({ name, ...how }) => {
    await using service = await served({ VOICE: 'none' }, verbatimEars);
    const talk = await interviewed(service);
    await finished(service, talk);
    const { page, wrongs } = await reading(browser, service, talk, how);
    await page.screenshot({ path: `${folder}feedback-${name}.png` });
    await page.screenshot({ path: `${folder}feedback-${name}-whole.png`, fullPage: true });
    expect(await unmannerly(page)).toEqual([]);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });
});
