import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { wavFile } from '../../src/engines/wav-file.ts';
import { openChromium, openPage } from '../support/chromium.ts';
import { inChromium } from '../support/in-chromium.ts';
import { served } from '../support/served.ts';
import { figure } from '../support/tier.ts';
import { gaps, noteSounds, take } from '../support/web-page.ts';

const tone = (ms: number, hertz = 220): string =>
  Buffer.from(
    wavFile(
      Int16Array.from({ length: ms * 16 }, (_, at) => Math.sin((at * 2 * Math.PI * hertz) / 16_000) * 8_000),
      16_000,
    ),
  ).toString('base64');
const pieces = (reply: number, lengths: readonly number[]) =>
  lengths.map((ms, index) => ({ type: 'audio' as const, reply, index, last: index === lengths.length - 1, format: 'wav' as const, data: tone(ms) }));

type Playback = { reply: number; state: string; ms: number };

inChromium('whispers in a real browser', {}, () => {
  let browser: Browser;
  let service: Awaited<ReturnType<typeof served>>;
  let page: Page;
  let sounds: Awaited<ReturnType<typeof noteSounds>>;
  beforeAll(async () => {
    [browser, service] = await Promise.all([openChromium(), served()]);
  });
  afterAll(async () => {
    await browser.close();
    await service[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    ({ page } = await openPage(browser, service.base));
    sounds = await noteSounds(page);
    await page.goto(service.base);
    await take(page, '/client/player.ts');
    await take(page, '/client/wear.ts');
    await page.evaluate(async () => {
      const { player } = (globalThis as unknown as { served: typeof import('../../src/client/player.ts') }).served;
      const context = new AudioContext();
      await context.resume();
      const told: object[] = [];
      const whispers = player(context, (playback) => void told.push({ ...playback, at: performance.now() }));
      Object.assign(globalThis, { whispers, told, context });
    });
  });
  const told = () => page.evaluate(() => (globalThis as unknown as { told: Playback[] }).told);
  const toldTimes = (count: number) => page.waitForFunction((count) => (globalThis as unknown as { told: Playback[] }).told.length >= count, count);
  const play = (audio: object[], delays: number[] = []) =>
    page.evaluate(
      async ([audio, delays]) => {
        const { whispers } = globalThis as unknown as { whispers: { hear(piece: object): void } };
        for (const [index, piece] of (audio as object[]).entries()) {
          const until = performance.now() + ((delays as number[])[index] ?? 0);
          while (performance.now() < until) await new Promise((resolve) => requestAnimationFrame(resolve));
          whispers.hear(piece);
        }
      },
      [audio, delays],
    );

  test('pieces that come faster than they play join without a gap, and what was heard is reported', async () => {
    // the first lasts so long that the others come in time also on a busy machine
    const lengths = [2_000, 350, 500, 233, 417, 300];
    await play(pieces(7, lengths), [0, 20, 150, 60, 0, 200]);
    await toldTimes(2);
    const heard = await sounds();
    expect(heard.map(({ duration }) => Math.round(duration * 1_000))).toEqual(lengths);
    expect(gaps(heard)).toEqual([0, 0, 0, 0, 0]);
    expect(await told()).toMatchObject([
      { reply: 7, state: 'started', ms: 0 },
      { reply: 7, state: 'ended', ms: 3_800 },
    ]);
  });

  test('a piece that cannot be read is passed over, and the next one is heard', async () => {
    const [first, , last] = pieces(3, [200, 200, 200]);
    await play([first!, { ...first!, index: 1, data: 'bm90IGEgV0FW' }, last!]);
    await toldTimes(2);
    expect(await told()).toMatchObject([{ state: 'started' }, { state: 'ended', ms: 400 }]);
  });

  test('hush stops it at once, what comes late stays unheard, and the next whisper is not affected', async () => {
    await play(pieces(1, [2_000, 2_000, 2_000, 2_000]));
    await toldTimes(1);
    await page.evaluate(() => (globalThis as unknown as { whispers: { hush(reply?: number): void } }).whispers.hush(1));
    const cut = (await told())[1]!;
    expect(cut).toMatchObject({ reply: 1, state: 'cut' });
    expect(cut.ms).toBeLessThan(7_000);
    const before = (await sounds()).length;
    await play(pieces(1, [500]));
    await play(pieces(2, [200]));
    await toldTimes(4);
    expect((await sounds()).length).toBe(before + 1);
    expect((await told()).slice(2)).toMatchObject([
      { reply: 2, state: 'started' },
      { reply: 2, state: 'ended', ms: 200 },
    ]);
  });

  test('the wearer begins to speak: the whisper is silent at once, without waiting for the service', async () => {
    const { id, token } = await service.session();
    const session = { base: service.base, id, token, socket: `${service.base.replace('http', 'ws')}/ws/${id}`, greeting: '' };
    const delay = await page.evaluate(async (session) => {
      const { served, context } = globalThis as unknown as { served: typeof import('../../src/client/wear.ts'); context: AudioContext };
      let loud: number | undefined;
      let silent: number | undefined;
      const stop = AudioBufferSourceNode.prototype.stop;
      AudioBufferSourceNode.prototype.stop = function (when) {
        silent ??= performance.now() + Math.max(0, ((when ?? 0) - context.currentTime) * 1_000);
        stop.call(this, when);
      };
      const control = new AbortController();
      const idle = () => {};
      const speaking = Promise.withResolvers<void>();
      const over = Promise.withResolvers<void>();
      const worn = served.wear(
        session,
        {
          context,
          // a microphone in a quiet room, until its wearer speaks
          microphone: {
            sampleRate: 48_000,
            level: () => (loud === undefined ? -70 : -24),
            mute: idle,
            close: idle,
            record: () => ({ drop: idle, end: async () => {} }),
          },
          language: 'en',
          onMessage: idle,
          onState: idle,
          onTrouble: idle,
          onHeard: idle,
          onSpeaking: (reply) => (reply === undefined ? over.resolve() : speaking.resolve()),
        },
        control.signal,
      );
      worn.said("Hi, I'm Alex.", 'user');
      worn.said('What salary do you have in mind?', 'other');
      await speaking.promise;
      loud = performance.now();
      await over.promise;
      return silent! - loud;
    }, session);
    figure('pages', 'a whisper is silent after the first sound of the user, ms', Math.round(delay), { most: 150, soft: true });
    // the service would have heard of it only when the line brought it sound: none was recorded here
    expect(delay).toBeLessThan(2_000);
  });
});
