import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RATE } from '../../src/core/ports.ts';
import { wavFile } from '../../src/engines/wav-file.ts';
import { openChromium, openPage } from '../support/chromium.ts';
import { inChromium } from '../support/in-chromium.ts';
import { lossyLine } from '../support/lossy-line.ts';
import { newFolder } from '../support/new-folder.ts';
import { served } from '../support/served.ts';
import { waitingSound } from '../support/tail-in-browser.ts';
import { figure } from '../support/tier.ts';
import { counted, counting, toneEars } from '../support/tone-words.ts';
import { begin, linesOf, type } from '../support/web-page.ts';

const live = (page: Page) => page.locator('#state[data-mood=live]').waitFor();

inChromium('what goes wrong while somebody talks', { timeout: 90_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test('the network is gone for ten seconds: nothing that was said meanwhile is missing, doubled or out of order', async () => {
    const sound = join(newFolder(), 'counting.wav');
    const utterances = Array.from({ length: 8 }, () => 4);
    writeFileSync(sound, wavFile(counting(0, utterances), RATE));
    await using service = await served({ VOICE: 'none' }, toneEars);
    await using line = await lossyLine(Number(new URL(service.base).port));
    const talking = await openChromium({ sound });
    try {
      const { page, wrongs } = await openPage(talking, `http://127.0.0.1:${line.port}`);
      await page.addInitScript(() => {
        const busy: number[] = [];
        Object.assign(globalThis, { busy });
        new PerformanceObserver((list) => busy.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
      });
      await page.goto(`http://127.0.0.1:${line.port}`);
      await begin(page);
      await page.locator('#lines .line').first().waitFor();
      line.become('down');
      await page.locator('#notice-text', { hasText: 'The line to Aside is lost' }).waitFor();
      // a piece lasts 100 ms
      await expect.poll(() => waitingSound(page), { timeout: 40_000, interval: 200 }).toBeGreaterThanOrEqual(100);
      line.become('up');
      await live(page);
      await page.locator('#lines .line .text', { hasText: /\bw31$/ }).waitFor();
      const words = (await linesOf(page)).flatMap((text) => text.split(' '));
      // a busy machine may open the microphone after the first words
      expect(words).toEqual(counted(Number(words[0]!.slice(1)), words.length));
      expect(words.at(-1)).toBe('w31');
      expect(words.length).toBeGreaterThan(16);
      expect(await page.locator('#notice').isVisible()).toBe(false);
      // a busy machine decides this, so it decides no test
      const busy = await page.evaluate(() => (globalThis as unknown as { busy: number[] }).busy);
      figure('pages', 'longest task while somebody talks, ms', Math.round(Math.max(0, ...busy)), { most: 200, soft: true });
      expect(wrongs).toEqual([]);
    } finally {
      await talking.close();
    }
  });

  test('the device sleeps, and its line breaks meanwhile: awake again the page is in the same session, and nothing is doubled or out of order', async () => {
    const sound = join(newFolder(), 'counting.wav');
    writeFileSync(sound, wavFile(counting(0, [4, 4, 4, 4]), RATE));
    await using service = await served({ VOICE: 'none' }, toneEars);
    await using line = await lossyLine(Number(new URL(service.base).port));
    const talking = await openChromium({ sound });
    try {
      const { page, wrongs } = await openPage(talking, `http://127.0.0.1:${line.port}`);
      await page.goto(`http://127.0.0.1:${line.port}`);
      await begin(page);
      await page.locator('#lines .line').first().waitFor();
      const talk = service.house.hub.talks()[0]!;
      const there = talk.followers;
      const system = await talking.newBrowserCDPSession();
      const { processInfo } = await system.send('SystemInfo.getProcessInfo');
      const pages = processInfo.filter(({ type }) => type === 'renderer');
      for (const { id } of pages) process.kill(id, 'SIGSTOP');
      line.become('down');
      await expect.poll(() => talk.followers, { timeout: 20_000 }).toBeLessThan(there);
      line.become('up');
      for (const { id } of pages) process.kill(id, 'SIGCONT');
      await expect.poll(() => talk.followers, { timeout: 20_000 }).toBe(there);
      await live(page);
      await page.locator('#lines .line .text', { hasText: /\bw15$/ }).waitFor();
      // who sleeps hears nothing: a word may be missing, and none may come twice
      const words = (await linesOf(page)).flatMap((text) => text.split(' ').map((word) => Number(word.slice(1))));
      expect(words).toEqual([...new Set(words)].sort((one, other) => one - other));
      expect(words.length).toBeGreaterThan(8);
      expect(service.house.hub.talks()).toEqual([talk]);
      expect(wrongs).toEqual([]);
    } finally {
      await talking.close();
    }
  });

  /** A page whose microphone and loudspeaker can be taken hold of, as `globalThis.device`. */
  async function heldPage(base: string) {
    const opened = await openPage(browser, base);
    await opened.page.addInitScript(() => {
      const device: { track?: MediaStreamTrack; context?: AudioContext } = {};
      Object.assign(globalThis, { device });
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await ask(wanted);
        device.track = stream.getAudioTracks()[0]!;
        return stream;
      };
      const Context = AudioContext;
      globalThis.AudioContext = class extends Context {
        constructor() {
          super();
          device.context = this;
        }
      };
    });
    await opened.page.goto(base);
    return opened;
  }
  type Held = { device: { track: MediaStreamTrack; context: AudioContext } };

  test('the microphone is unplugged and plugged in again: the page says both, and what it hears then begins anew', async () => {
    await using service = await served({ VOICE: 'none' }, toneEars);
    const { page, wrongs } = await heldPage(service.base);
    await begin(page);
    await live(page);
    const talk = service.house.hub.talks()[0]!;
    const segments = () => talk.entries.filter((entry) => entry.type === 'segment').length;
    await expect.poll(segments, { timeout: 30_000 }).toBe(1);
    await page.evaluate(() => {
      const { track } = (globalThis as unknown as Held).device;
      track.stop();
      // browsers tell of it only where it was not the page that stopped it
      track.dispatchEvent(new Event('ended'));
    });
    await page.locator('#notice-text', { hasText: 'The microphone is gone' }).waitFor();
    await type(page, 'user', 'I can still type.');
    await page.locator('.line', { hasText: 'still type' }).waitFor();
    await page.evaluate(() => navigator.mediaDevices.dispatchEvent(new Event('devicechange')));
    await page.locator('#notice-text', { hasText: 'The microphone is here again.' }).waitFor();
    await expect.poll(segments, { timeout: 30_000 }).toBe(2);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test('the browser keeps the whispers back: the page asks for a touch, and one is enough', async () => {
    await using service = await served({}, toneEars);
    const { page, wrongs } = await heldPage(service.base);
    await begin(page);
    await live(page);
    await page.evaluate(() => (globalThis as unknown as Held).device.context.suspend());
    await page.locator('#notice-text', { hasText: 'until you touch this page once' }).waitFor();
    await page.mouse.click(5, 300);
    await page.locator('#notice').waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => (globalThis as unknown as Held).device.context.state)).toBe('running');
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test('there is no microphone at all: it says so, opens no session, and goes on by typing', async () => {
    await using service = await served({ VOICE: 'none' });
    const { page, wrongs } = await openPage(browser, service.base);
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('none', 'NotFoundError'));
    });
    await page.goto(service.base);
    await page.click('#check-sound summary');
    await page.locator('#check-verdict', { hasText: 'No microphone was found' }).waitFor();
    await begin(page);
    await page.locator('#notice-text', { hasText: 'No microphone was found' }).waitFor();
    expect(service.house.hub.awake).toBe(0);
    await page.click('#notice-action');
    await type(page, 'user', "Hi, I'm Alex.");
    await page.locator('.line.user').waitFor();
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test('a second tab takes the conversation over, and the first says where it is', async () => {
    await using service = await served({ VOICE: 'none' });
    const { page, wrongs } = await openPage(browser, service.base);
    await page.goto(service.base);
    await begin(page);
    await live(page);
    await type(page, 'user', "Hi, I'm Alex.");
    await page.locator('.line.user').waitFor();
    const session = await page.evaluate(() => sessionStorage.getItem('aside.session'));
    const second = await page.context().newPage();
    await second.addInitScript((known) => sessionStorage.setItem('aside.session', known!), session);
    await second.goto(service.base);
    await second.click('#notice-action');
    await second.locator('.line.user', { hasText: 'Alex' }).waitFor();
    await page.locator('#notice-text', { hasText: 'opened somewhere else, and goes on there' }).waitFor();
    await page.locator('#state', { hasText: 'Ended' }).waitFor();
    await live(second);
    await type(second, 'other', 'Good to see you.');
    await second.locator('.line.other').waitFor();
    expect(wrongs).toEqual([]);
    await page.context().close();
  });
});
