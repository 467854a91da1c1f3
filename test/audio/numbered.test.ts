import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listening } from '../../src/audio/listening.ts';
import { marks } from '../../src/audio/marks.ts';
import { settling } from '../../src/audio/settling.ts';
import { conversation } from '../../src/core/conversation.ts';
import type { Entry, EntryOf } from '../../src/core/entry.ts';
import { type Chunk, type Decoder, RATE } from '../../src/core/ports.ts';
import { heardSoFar } from '../../src/core/views.ts';
import { ffmpegDecoder } from '../../src/engines/ffmpeg/decoder.ts';
import { hasFfmpeg } from '../support/ffmpeg-reference.ts';
import { mp4Of } from '../support/fragmented-mp4.ts';
import { loudDetector, openTalk } from '../support/listening.ts';
import { needs, titled } from '../support/needs.ts';
import { oggOf } from '../support/ogg-writer.ts';
import { counted, counting, toneTranscriber } from '../support/tone-words.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';
import { webmOf } from '../support/webm-writer.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const opened: Entry = { seq: 1, at: new Date(start).toISOString(), by: 'user', type: 'opened', kind: 'coach', title: '', user: 'Alex' };
const utterances = [3, 5, 2, 6, 4];
const total = utterances.reduce((sum, words) => sum + words, 0);
const sound = counting(0, utterances);

const said = (entries: readonly Entry[]) =>
  entries.filter((entry): entry is EntryOf<'said'> => entry.type === 'said').flatMap(({ text }) => text.split(' '));

/** Hears numbered pieces until the process is killed after `fed` of them, and says what its log kept. */
async function hearing(past: readonly Entry[], pieces: readonly Chunk[], fed: number, external?: () => Decoder): Promise<Entry[]> {
  const { talk } = openTalk(past);
  const clock = virtualClock(start + 60_000);
  const ears = listening({ clock, transcriber: toneTranscriber, detector: loudDetector, ...(external && { external }) });
  const whole = fed >= pieces.length;
  let over = () => {};
  const never = new Promise<void>((resolve) => {
    over = resolve;
  });
  async function* source() {
    yield* pieces.slice(0, fed);
    if (!whole) await never;
  }
  const onHeard = (chunk: number, to: number) => void talk.append({ by: 'ear', type: 'heard', chunk, to });
  const stop = new AbortController();
  const done = ears.listenAgain(talk, source(), { onHeard, isComplete: () => whole }, stop.signal);
  if (whole) await done;
  for (let turn = 0; turn < 50; turn += 1) await settled();
  // a process of its own takes its time: all that it can say has been said when nothing is added for a while
  for (let before = -1; external && !whole && before !== talk.entries.length; await sleep(400)) before = talk.entries.length;
  // what the log holds at this moment is all that a killed process leaves
  const left = [...talk.entries];
  stop.abort();
  over();
  await done;
  return left;
}

const chunked = (chunks: readonly Uint8Array[], every: number): Chunk[] =>
  chunks.map((bytes, index) => ({ no: index + 1, bytes, at: index * every }));

async function killedAt(pieces: readonly Chunk[], kills: readonly number[], external?: () => Decoder): Promise<Entry[]> {
  let log: Entry[] = [opened];
  for (const kill of [...kills, Number.POSITIVE_INFINITY]) {
    const { chunk } = heardSoFar(log);
    log = await hearing(log, pieces.slice(chunk), kill, external);
  }
  return log;
}

describe('numbered sound', () => {
  test('N1 every word is heard once, and in the end every piece is heard', async () => {
    const pieces = chunked(webmOf(sound, { chunkMs: 100, bitrate: 32_000 }), 100);
    const log = await killedAt(pieces, []);
    expect(said(log)).toEqual(counted(0, total));
    expect(heardSoFar(log).chunk).toBe(pieces.length);
  });

  test('N2 a piece is heard only when its words are in the log', async () => {
    const pieces = chunked(webmOf(sound, { chunkMs: 100, bitrate: 32_000 }), 100);
    for (const fed of [5, 9, 12, 20, 31, 44]) {
      const log = await hearing([opened], pieces, fed);
      const { chunk } = heardSoFar(log);
      const wordsBefore = said(await hearing([opened], pieces.slice(0, chunk), chunk)).length;
      expect(wordsBefore).toBeLessThanOrEqual(said(log).length);
      expect(chunk).toBeLessThan(fed);
    }
  });

  test('N4 while the log cannot keep the words, their sound is not heard', async () => {
    const pieces = chunked(webmOf(sound, { chunkMs: 100, bitrate: 32_000 }), 100);
    let full = true;
    const saving: (() => void)[] = [];
    const talk = conversation(
      'n',
      [opened],
      (entries) =>
        new Promise((resolve) => {
          if (full && entries.some(({ type }) => type === 'said')) saving.push(resolve);
          else resolve();
        }),
      () => start,
    );
    const ears = listening({ clock: virtualClock(start + 60_000), transcriber: toneTranscriber, detector: loudDetector });
    const heard: number[] = [];
    async function* source() {
      yield* pieces;
    }
    const done = ears.listenAgain(talk, source(), { onHeard: (chunk) => heard.push(chunk), isComplete: () => true }, new AbortController().signal);
    while (saving.length === 0) await settled();
    for (let turn = 0; turn < 50; turn += 1) await settled();
    expect(Math.max(0, ...heard)).toBeLessThan(8);
    full = false;
    for (const resolve of saving) resolve();
    await done;
    expect(heard.at(-1)).toBe(pieces.length);
  });

  test('N5 silence is settled only when no onset can be found in it any more, and never before an utterance that is still open', () => {
    const told: number[] = [];
    const progress = settling((at) => told.push(at));
    progress.quiet(900);
    progress.quiet(3_000);
    const first = progress.begin(3_500);
    const second = progress.begin(5_000);
    progress.quiet(9_000);
    second(6_000);
    expect(told).toEqual([2_000, 3_500]);
    first(4_800);
    expect(told).toEqual([2_000, 3_500, 8_000]);
  });

  test('N7 what a decoder has swallowed but not brought out yet is not heard, however much silence came before it', async () => {
    const heard: number[] = [];
    const mark = marks((no) => heard.push(no));
    const pieces = mark.noted(
      (async function* () {
        for (let no = 1; no <= 4; no += 1) yield { no, bytes: new Uint8Array(1) };
      })(),
    );
    for (let no = 1; no <= 4; no += 1) {
      await pieces.next();
      mark.enter(no * 250);
    }
    mark.settle(240);
    expect(heard).toEqual([]);
    mark.settle(600);
    expect(heard).toEqual([1]);
  });

  test.each([
    ['WebM', webmOf(sound, { chunkMs: 100, bitrate: 32_000 }), 100],
    ['WebM in seconds', webmOf(sound, { chunkMs: 1_000, bitrate: 32_000 }), 1_000],
    ['Ogg', oggOf(sound, { chunkMs: 250, bitrate: 32_000 }), 250],
  ])('N3 killed at any moments, the words are those of an undisturbed hearing: %s', async (_name, chunks, every) => {
    const pieces = chunked(chunks, every);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: pieces.length - 1 }), { maxLength: 4 }), async (kills) => {
        const log = await killedAt(pieces, kills);
        expect(said(log)).toEqual(counted(0, total));
        const times = log.filter((entry) => entry.type === 'said').map(({ from }) => from!);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
      { numRuns: 40 },
    );
  });

  test.skipIf(!hasFfmpeg)(
    titled(hasFfmpeg, needs.ffmpeg, 'N6 the same through a decoder that works behind our back: fragmented MP4'),
    { timeout: 120_000 },
    async () => {
      const bytes = mp4Of(sound);
      const size = Math.ceil(bytes.length / (sound.length / RATE / 0.1));
      const cut = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
      const pieces = chunked(cut, 100);
      const external = () => ffmpegDecoder({ path: 'ffmpeg' });
      for (const kills of [[], [12], [25, 18], [33, 2, 29]]) {
        const log = await killedAt(pieces, kills, external);
        expect(said(log)).toEqual(counted(0, total));
      }
    },
  );
});
