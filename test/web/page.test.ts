import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RATE } from '../../src/core/ports.ts';
import { findPocketsphinx } from '../../src/engines/local/pocketsphinx.ts';
import { wavFile } from '../../src/engines/wav-file.ts';
import { openChromium, openPage } from '../support/chromium.ts';
import { spoken } from '../support/dialogue.ts';
import { inChromium } from '../support/in-chromium.ts';
import { needs } from '../support/needs.ts';
import { newFolder } from '../support/new-folder.ts';
import { served } from '../support/served.ts';
import { joined } from '../support/wav.ts';
import { begin, gaps, linesOf, noteSounds, type } from '../support/web-page.ts';

const pocketsphinx = await findPocketsphinx();

inChromium('the page', {}, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test('from Start to the feedback: words, a whisper that is heard without a gap, numbers, and everything erased in the end', async () => {
    await using service = await served();
    const { page, wrongs } = await openPage(browser, service.base);
    const sounds = await noteSounds(page);
    await page.goto(service.base);
    await page.locator('#consent', { hasText: 'tell the people you talk with that you use a listening aid' }).waitFor();
    await page.click('#start');
    await page.locator('#notice-text', { hasText: 'Please say your name' }).waitFor();
    await begin(page);
    await page.locator('#whisper-words', { hasText: "Hi, I'm Alex." }).waitFor();
    await page.locator('#state', { hasText: 'Live' }).waitFor();
    expect(await page.locator('#numbers').innerText()).toMatch(/Pace\s+not enough yet[\s\S]*You talk\s+not enough yet/);

    await type(page, 'user', "Hi, I'm Alex.");
    await page.locator('.line.user', { hasText: "Hi, I'm Alex." }).waitFor();
    await page.click('#why summary');
    await page.locator('#why-reasons', { hasText: 'opening line' }).waitFor();
    await type(page, 'other', 'What salary do you have in mind?');
    await page.locator('.whisper[data-mood=advice] .words', { hasText: /salary/i }).waitFor();
    await page.locator('#waves:not([hidden])').waitFor();
    expect(await page.locator('#whisper-reason').innerText()).toContain('What salary do you have in mind?');
    const [opened] = await Array.fromAsync(service.house.hub.list());
    const talk = (await service.house.hub.find(opened!.id))!;
    const whispered = talk.entries.findLast(({ type }) => type === 'advised')!;
    expect(await page.locator('#whisper-more').isVisible()).toBe(false);
    await talk.append({ by: 'coach', type: 'elaborated', of: whispered.seq, text: 'A range is safer than <b>one</b> number.' });
    await page.locator('#whisper-more', { hasText: 'A range is safer than <b>one</b> number.' }).waitFor();
    await page.click('#useful');
    await page.locator('#useful[aria-pressed=true]').waitFor();
    await page.locator('#waves[hidden]').waitFor({ state: 'attached' });
    const heard = await sounds();
    expect(heard.length).toBeGreaterThan(2);
    expect(gaps(heard)).toEqual(heard.slice(1).map(() => 0));

    await page.click('#pause');
    await page.locator('#whisper-kind', { hasText: 'Off the record' }).waitFor();
    await page.locator('#pause[aria-pressed=true]').click();
    await page.locator('.whisper[data-mood=advice]').waitFor();
    // a browser tidies words like “um” away, so fillers are not a matter of waiting
    expect(await page.locator('.tile', { hasText: 'Fillers' }).innerText()).toContain('not measured');

    await page.click('#finish');
    await page.locator('#feedback-title:focus').waitFor();
    expect(await page.locator('.star').count()).toBe(2);
    expect(await page.locator('#wish').innerText()).not.toBe('');
    expect(await page.locator('#takeaways li').count()).toBe(3);
    // what cannot be known says why
    expect(await page.locator('#metrics div', { hasText: 'You cut in' }).innerText()).toMatch(/not measured[\s\S]*typed words have no times/);
    // typed words have no times: what needs them is not measured, never 0
    expect(await page.locator('#metrics div', { hasText: 'Pace' }).locator('dd').first().innerText()).toBe('not measured');
    expect(await linesOf(page, '#whole')).toEqual(expect.arrayContaining(["Hi, I'm Alex.", 'What salary do you have in mind?']));
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#download')]);
    const stream = await download.createReadStream();
    let json = '';
    for await (const piece of stream) json += piece;
    const { session_id, takeaways } = JSON.parse(json) as { session_id: string; takeaways: string[] };
    expect(takeaways).toHaveLength(3);

    const log = (await (await fetch(`${service.base}/session/${session_id}/events`)).json()) as { events: Record<string, unknown>[] };
    expect(log.events.filter(({ type }) => type === 'played').map(({ state }) => state)).toEqual(['started', 'ended']);
    expect(log.events.filter(({ type }) => type === 'rated')).toMatchObject([{ useful: true }]);
    expect(log.events.map(({ type }) => type)).toEqual(expect.arrayContaining(['paused', 'resumed', 'ended']));

    await page.click('#erase');
    await page.click('#sure [value=keep]');
    expect((await fetch(`${service.base}/session/${session_id}`)).status).toBe(200);
    await page.click('#erase');
    await page.click('#sure [value=erase]');
    await page.locator('#setup-title').waitFor();
    expect((await fetch(`${service.base}/session/${session_id}`)).status).toBe(404);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test('on the screen only, a whisper is read and not heard; then it is heard again', async () => {
    await using service = await served();
    const { page, wrongs } = await openPage(browser, service.base);
    const sounds = await noteSounds(page);
    // all sound of a whisper has come when its last piece has
    const whole = new Promise((resolve) =>
      page.on('websocket', (socket) =>
        socket.on('framereceived', ({ payload }) => {
          if (/"type":"audio"/.test(String(payload)) && /"last":true/.test(String(payload))) resolve(true);
        }),
      ),
    );
    await page.goto(service.base);
    await begin(page);
    await page.locator('#state[data-mood=live]').waitFor();
    await page.click('#screen-only');
    await page.locator('#screen-only[aria-pressed=true]').waitFor();
    await type(page, 'user', "Hi, I'm Alex.");
    await type(page, 'other', 'What salary do you have in mind?');
    await page.locator('.whisper[data-mood=advice] .words', { hasText: /salary/i }).waitFor();
    expect(await whole).toBe(true);
    expect(await sounds()).toEqual([]);
    await page.click('#screen-only');
    await page.click('#hint');
    await page.waitForFunction(() => (globalThis as unknown as { noted: unknown[] }).noted.length > 0);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test('why it keeps quiet can be read beneath a long whisper', async () => {
    await using service = await served({ VOICE: 'none' });
    const { page } = await openPage(browser, service.base, { viewport: { width: 1280, height: 660 } });
    await page.goto(service.base);
    await begin(page);
    await type(page, 'user', "Hi, I'm Alex.");
    await type(page, 'other', 'What salary do you have in mind?');
    await page.locator('.whisper[data-mood=advice] .words', { hasText: /salary/i }).waitFor();
    const beneath = () =>
      page.evaluate(() => {
        const bottom = (id: string) => document.getElementById(id)!.getBoundingClientRect().bottom;
        return bottom('why-reasons') - bottom('whisper');
      });
    // a click of the browser’s driver would scroll by itself
    await page.locator('#why summary').evaluate((summary: HTMLElement) => summary.click());
    await page.locator('#why-reasons').waitFor();
    await expect.poll(beneath, { timeout: 20_000 }).toBeLessThanOrEqual(0);
    await page.context().close();
  });

  test('feedback is still there after a reload, and so is the way to erase it', async () => {
    await using service = await served();
    const { page } = await openPage(browser, service.base);
    await page.goto(service.base);
    await begin(page);
    await type(page, 'user', "Hi, I'm Alex.");
    await page.locator('.line.user').waitFor();
    await page.click('#finish');
    await page.locator('#feedback-title:focus').waitFor();
    const wish = await page.locator('#wish').innerText();
    await page.reload();
    await page.click('#notice-action');
    await page.locator('#feedback-title:focus').waitFor();
    expect(await page.locator('#wish').innerText()).toBe(wish);
    await page.click('#erase');
    await page.click('#sure [value=erase]');
    await page.locator('#setup-title').waitFor();
    await page.reload();
    await page.locator('#setup-title').waitFor();
    expect(await page.locator('#notice-action').isVisible()).toBe(false);
    await page.context().close();
  });

  test('a line that turns out to be somebody else’s changes its name where it stands', async () => {
    await using service = await served();
    const { page } = await openPage(browser, service.base);
    const connected = page.waitForEvent('websocket');
    await page.goto(service.base);
    await begin(page);
    const id = /ws\/([0-9a-f-]{36})/.exec((await connected).url())![1]!;
    await type(page, 'other', 'we meet again');
    await page.locator('.line.other', { hasText: 'we meet again' }).waitFor();
    const talk = (await service.house.hub.find(id))!;
    const line = talk.entries.find((entry) => entry.type === 'said')!;
    await talk.append({ by: 'ear', type: 'corrected', of: line.seq, speaker: { who: 'user', probability: 0.9 } });
    await page.locator('.line.user', { hasText: 'we meet again' }).waitFor();
    expect(await page.locator('.line', { hasText: 'we meet again' }).count()).toBe(1);
    await page.context().close();
  });

  test('a reloaded page offers to go on, has every line, and counts on from the beginning', async () => {
    await using service = await served();
    const { page, wrongs } = await openPage(browser, service.base);
    const began = Date.now();
    await page.clock.setFixedTime(began);
    await page.goto(service.base);
    await begin(page);
    await type(page, 'user', "Hi, I'm Alex.");
    await type(page, 'other', 'Good to see you.');
    await page.locator('.line.other').waitFor();
    const before = await linesOf(page);
    await page.locator('#state', { hasText: 'Live · 0:00' }).waitFor();
    await page.clock.setFixedTime(began + 600_000);
    await page.reload();
    await page.click('#notice-action');
    await page.locator('.line.other').waitFor();
    expect(await linesOf(page)).toEqual(before);
    await page.locator('#state', { hasText: 'Live · 10:00' }).waitFor();
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test('fields are remembered on this device only when asked', async () => {
    await using service = await served();
    const { page } = await openPage(browser, service.base);
    await page.goto(service.base);
    await begin(page);
    await page.locator('#live:not([hidden])').waitFor();
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual(['aside.held']);
    await page.evaluate(() => sessionStorage.clear());
    await page.reload();
    expect(await page.inputValue('[name=goal]')).toBe('');
    await page.check('[name=remember]');
    await begin(page);
    await page.locator('#live:not([hidden])').waitFor();
    await page.reload();
    expect(await page.inputValue('[name=goal]')).toContain('salary');
    await page.context().close();
  });

  test('a browser that recognises speech lends its ears to a service that has none', async () => {
    await using service = await served({ EARS: 'browser' });
    const { page, wrongs } = await openPage(browser, service.base);
    // its recogniser lives on its maker's servers: this one says what that one would
    await page.addInitScript(() => {
      const result = (transcript: string, isFinal: boolean) => ({ resultIndex: 0, results: [{ isFinal, 0: { transcript } }] });
      class Recogniser {
        onresult: ((event: object) => void) | undefined;
        onend: (() => void) | undefined;
        start() {
          Object.assign(globalThis, {
            hears: (text: string, final: boolean) => this.onresult?.(result(text, final)),
            falls: () => this.onend?.(),
            begun: ((globalThis as { begun?: number }).begun ?? 0) + 1,
          });
        }
        abort() {
          this.onend?.();
        }
      }
      Object.assign(globalThis, { SpeechRecognition: Recogniser, webkitSpeechRecognition: Recogniser });
    });
    const hears = (text: string, final: boolean) =>
      page.evaluate(([text, final]) => (globalThis as unknown as { hears(text: string, final: boolean): void }).hears(text, final), [
        text,
        final,
      ] as const);
    await page.goto(service.base);
    await page.locator('#ears-note', { hasText: 'your browser turns speech into words' }).waitFor();
    await begin(page);
    await page.locator('#engines', { hasText: 'Words by your browser' }).waitFor();
    await page.waitForFunction(() => 'hears' in globalThis);
    await hears('hi I am', false);
    await page.locator('.line.partial', { hasText: 'hi I am' }).waitFor();
    await hears('hi I am Alex', true);
    await page.locator('.line.user', { hasText: 'hi I am Alex' }).waitFor();
    expect(await page.locator('.line.partial').count()).toBe(0);
    // browsers end recognition after a silence: it begins again by itself
    await page.evaluate(() => (globalThis as unknown as { falls(): void }).falls());
    expect(await page.evaluate(() => (globalThis as unknown as { begun: number }).begun)).toBe(2);
    // whoever serves now is shown, and who does when the best is back
    const [talk] = service.house.hub.talks();
    await talk!.append({ by: 'coach', type: 'failed', part: 'voice', code: 'voice_failed', message: 'It fell.', serving: 'This machine' });
    await page.locator('#engines', { hasText: 'voice by this machine' }).waitFor();
    await talk!.append({ by: 'coach', type: 'recovered', part: 'voice', message: 'It is back.', serving: 'ElevenLabs' });
    await page.locator('#engines', { hasText: 'voice built in' }).waitFor();
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test('without leave to use the microphone it says what to do, and goes on by typing', async () => {
    await using service = await served();
    const deaf = await openChromium({ microphone: 'denied' });
    try {
      const { page, wrongs } = await openPage(deaf, service.base);
      await page.goto(service.base);
      await begin(page);
      await page.locator('#notice-text', { hasText: 'not allowed to use the microphone. Allow it for this page' }).waitFor();
      expect(service.house.hub.awake).toBe(0);
      await page.click('#notice-action');
      await type(page, 'user', "Hi, I'm Alex.");
      await page.locator('.line.user').waitFor();
      await page.click('#finish');
      await page.locator('#feedback-title:focus').waitFor();
      expect(wrongs).toEqual([]);
    } finally {
      await deaf.close();
    }
  });

  test('an opened microphone that has nothing to say is no line, and an empty conversation gets honest feedback', async () => {
    await using service = await served();
    const { page } = await openPage(browser, service.base);
    await page.goto(service.base);
    await begin(page);
    await page.locator('#state', { hasText: 'Live' }).waitFor();
    await page.click('#finish');
    await page.locator('#feedback-title:focus').waitFor();
    expect(await page.locator('#whole').innerText()).toContain('Nothing was said');
    expect(await page.locator('#metrics div', { hasText: 'Known voices' }).locator('dd').first().innerText()).toBe('not measured');
    await page.context().close();
  });

  test('spoken into a real microphone, words turn grey, then firm, and a whisper comes when asked', { timeout: 110_000 }, async (context) => {
    if (!pocketsphinx) return context.skip(needs.pocketsphinx);
    const { samples } = await spoken([
      { voice: 'awb', text: "Hi, I'm Alex.", pauseMs: 1_200 },
      { voice: 'slt', text: 'What salary do you expect?', pauseMs: 6_000 },
    ]);
    const sound = join(newFolder(), 'microphone.wav');
    // the pretended microphone begins before the session does, and a busy machine takes its time between them
    writeFileSync(sound, wavFile(joined([new Int16Array(4 * RATE), samples]), RATE));
    await using service = await served({ EARS: 'pocketsphinx' });
    const talking = await openChromium({ sound });
    try {
      const { page, wrongs } = await openPage(talking, service.base);
      const sounds = await noteSounds(page);
      await page.goto(service.base);
      await begin(page);
      await page.locator('.line.user').first().waitFor({ timeout: 40_000 });
      await page.waitForFunction(() => document.querySelectorAll('#lines .line:not(.partial, .coach)').length >= 2, undefined, { timeout: 40_000 });
      const said = (await linesOf(page)).join(' ').toLowerCase();
      expect(said).toMatch(/salary|what|expect/);
      // whether a busy machine gets to believe something before it knows is not for a page to say: this is what it would tell
      service.house.hub.talks()[0]!.signal({ type: 'partial', text: 'and then', from: 0 });
      await page.locator('.line.partial', { hasText: 'and then' }).waitFor();
      await page.click('#hint');
      await page.locator('.line.coach').first().waitFor();
      await page.locator('#waves:not([hidden])').waitFor();
      expect((await sounds()).length).toBeGreaterThan(0);
      await page.locator('.tile', { hasText: /You talk\s*\d+ %/ }).waitFor();
      await page.locator('.tile', { hasText: /Fillers\s*0 %/ }).waitFor();
      await page.click('#finish');
      await page.locator('#feedback-title:focus').waitFor();
      expect(await page.locator('#whole .line').count()).toBeGreaterThan(1);
      expect(wrongs).toEqual([]);
    } finally {
      await talking.close();
    }
  });
});
