import { describe, expect, test } from 'vitest';
import { type EarParts, ear } from '../../src/audio/ear.ts';
import type { Entry, Speaker } from '../../src/core/entry.ts';
import type { Words } from '../../src/core/ports.ts';
import { Problem } from '../../src/core/problem.ts';
import { sileroDetectors } from '../../src/engines/local/silero.ts';
import { spoken } from '../support/dialogue.ts';
import { bareDecoder, bytesOf, listTranscriber, loudDetector, openTalk, plain } from '../support/listening.ts';
import { noise, nothing, tone } from '../support/sounds.ts';
import { settled } from '../support/virtual-clock.ts';
import { joined } from '../support/wav.ts';

const never = new AbortController().signal;
const base: EarParts = { decoder: bareDecoder, detector: loudDetector, hints: () => ({ phrases: [] }) };

/** So many tones of a second, a second apart: for these tests each is a sentence. */
const sentences = (count: number) => joined(Array.from({ length: count }, () => joined([nothing(1000), tone(1000)])).concat(nothing(1000)));

/** Bytes that come only as far as they are let: `until(ms)` lets the ear hear up to there and waits for it to have done so. */
function microphone(sound: Int16Array): { bytes: AsyncIterable<Uint8Array>; until(ms: number): Promise<void>; end(): Promise<void> } {
  let allowed = 0;
  let wake: (() => void) | undefined;
  let starving: (() => void) | undefined;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    let at = 0;
    for await (const piece of bytesOf(sound)) {
      while (at >= allowed) {
        starving?.();
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      yield piece;
      at += 20;
    }
    starving?.();
  }
  const until = async (ms: number) => {
    allowed = ms;
    const hungry = new Promise<void>((resolve) => {
      starving = resolve;
    });
    wake?.();
    await hungry;
    await settled();
  };
  return { bytes: bytes(), until, end: () => until(Number.POSITIVE_INFINITY) };
}

const saidBefore: Entry = { seq: 1, at: '2026-01-01T00:00:00.000Z', by: 'ear', type: 'said', via: 'voice', text: 'Hi, I am Alex.' };

describe('an ear', () => {
  test('a spoken dialogue becomes onsets, pauses and words in their places', async () => {
    const { samples, turns } = await spoken([
      { voice: 'awb', text: 'Hi, I am Alex, and I would like to talk about the new plan.', pauseMs: 1000 },
      { voice: 'slt', text: 'What does it cost us in the first year?', pauseMs: 1200 },
    ]);
    const { talk, signals, of } = openTalk();
    const { transcriber, given } = listTranscriber((index) => plain(turns[index]!.text));
    await ear(talk, bytesOf(samples), { ...base, detector: sileroDetectors(), transcriber }, never);
    await settled();
    expect(of('said').map((entry) => [entry.by, entry.via, entry.text, entry.confidence])).toEqual(
      turns.map(({ text }) => ['ear', 'voice', text, 0.9]),
    );
    for (const [index, { from, to }] of turns.entries()) {
      expect(Math.abs(of('said')[index]!.from! - from)).toBeLessThan(150);
      expect(Math.abs(of('said')[index]!.to! - to)).toBeLessThan(250);
      expect(given[index]!.from).toBeLessThan(from);
    }
    expect(signals.map((signal) => signal.type).filter((type) => type !== 'quiet')).toEqual([
      'stir',
      'onset',
      'lull',
      'pause',
      'stir',
      'onset',
      'lull',
      'pause',
    ]);
    expect(of('failed')).toEqual([]);
  });

  test('ten minutes of silence and noise: nothing is said and the transcriber is never asked (T18)', async () => {
    const { talk, signals, of } = openTalk();
    const { transcriber, given } = listTranscriber(() => plain('thank you for watching'));
    async function* minutes() {
      const parts = [nothing(30_000), noise(30_000, 0.002)].map((sound) => new Uint8Array(sound.buffer));
      for (let index = 0; index < 20; index++) yield parts[index % 2]!;
    }
    await ear(talk, minutes(), { ...base, detector: sileroDetectors(), transcriber }, never);
    await settled();
    expect(given).toEqual([]);
    expect(of('said')).toEqual([]);
    expect(signals.at(-1)).toMatchObject({ type: 'quiet', ms: 600_000 });
  });

  test('partial words come while somebody speaks, before the final ones', async () => {
    const { talk, news, signals } = openTalk();
    const transcriber = {
      async *transcribe(sound: AsyncIterable<unknown>): AsyncGenerator<Words> {
        let heard = 0;
        for await (const _ of sound) if (++heard === 20) yield { text: 'good', words: [], confidence: null, final: false };
        yield plain('good morning');
      },
    };
    const mic = microphone(sentences(1));
    const done = ear(talk, mic.bytes, { ...base, transcriber }, never);
    await mic.until(1900);
    expect(signals).toMatchObject([{ type: 'stir' }, { type: 'quiet' }, { type: 'onset' }, { type: 'partial', text: 'good' }]);
    await mic.end();
    await done;
    await settled();
    expect(news).toEqual(['stir', 'quiet', 'onset', 'partial', 'lull', 'pause', 'said']);
  });

  test('what was said keeps its order, even if the second utterance is recognised first', async () => {
    const { talk, of } = openTalk();
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { transcriber } = listTranscriber(async function* (index) {
      if (index === 0) await gate;
      if (index === 1) release();
      yield plain(`sentence ${index}`);
    });
    await ear(talk, bytesOf(sentences(2)), { ...base, transcriber }, never);
    expect(of('said').map((entry) => entry.text)).toEqual(['sentence 0', 'sentence 1']);
  });

  test('a transcriber that is too slow loses whole utterances, the oldest first, each with one clear sentence', async () => {
    const { talk, of } = openTalk();
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { transcriber, given } = listTranscriber(async function* (_, sound) {
      await gate;
      yield plain(`at ${Math.round(sound[0]!.at / 2000)}`);
    });
    const mic = microphone(sentences(9));
    const done = ear(talk, mic.bytes, { ...base, transcriber }, never);
    await mic.end();
    expect(of('failed').map((entry) => [entry.part, entry.code])).toEqual(Array(3).fill(['ears', 'ears_failed']));
    expect(of('failed')[0]!.message).toMatch(/1 second of speech \(at 0:05\) will be missing/);
    release();
    await done;
    expect(of('said').map((entry) => entry.text)).toEqual(['at 0', 'at 1', 'at 5', 'at 6', 'at 7', 'at 8']);
    expect(given.length).toBe(6);
    expect(of('recovered').length).toBe(1);
  });

  test('words that come later and later are told once, with how late they are, and so is having caught up', async () => {
    const { talk, of } = openTalk();
    const late = [9_000, 12_000, 15_000, 20_000, 2_000];
    let now = 0;
    const { transcriber } = listTranscriber((index) => {
      now = index * 2_000 + 1_000 + late[index]!;
      return plain(`sentence ${index}`);
    });
    await ear(talk, bytesOf(sentences(late.length)), { ...base, transcriber, age: () => now, waits: true }, never);
    expect([of('said').length, of('failed').map(({ code }) => code), of('recovered').length]).toEqual([late.length, ['ears_behind'], 1]);
    expect(of('failed')[0]!.message).toMatch(/is \d\d seconds behind/);
  });

  test('a line that was down makes words late, and nobody calls the recogniser slow for it, not even where a later sentence is ready first', async () => {
    const { talk, of } = openTalk();
    const late = [500, 25_000, 31_000, 12_000, 9_000, 500];
    let now = 0;
    const came = [0, 24_000, 30_000, 11_000, 8_000, 0];
    const { transcriber } = listTranscriber((index) => {
      now = index * 2_000 + 1_000 + late[index]!;
      return plain(`sentence ${index}`);
    });
    const cameLate = () => came.shift()!;
    await ear(talk, bytesOf(sentences(late.length)), { ...base, transcriber, age: () => now, cameLate, waits: true }, never);
    expect([of('said').length, of('failed')]).toEqual([late.length, []]);
  });

  test('silence after words that are still on their way says so', async () => {
    const { talk, signals } = openTalk();
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { transcriber } = listTranscriber(async function* () {
      await gate;
      yield plain('good morning');
    });
    const mic = microphone(joined([sentences(1), nothing(6_000)]));
    const done = ear(talk, mic.bytes, { ...base, transcriber }, never);
    await mic.until(5_000);
    release();
    await mic.end();
    await done;
    const quiet = signals.filter((signal) => signal.type === 'quiet').filter(({ ms }) => ms >= 2_000);
    expect(quiet[0]).toMatchObject({ behind: true });
    expect(quiet.at(-1)).not.toHaveProperty('behind');
  });

  test('a recording loses nothing: it waits', async () => {
    const { talk, of } = openTalk();
    const { transcriber } = listTranscriber(async function* (index) {
      for (let turns = 0; turns < 20; turns++) await settled();
      yield plain(`sentence ${index}`);
    });
    await ear(talk, bytesOf(sentences(12)), { ...base, transcriber, patient: true }, never);
    expect(of('said').length).toBe(12);
    expect(of('failed')).toEqual([]);
  });

  test.each([
    ['while more will come', () => true],
    ['when Finish is pressed already', () => false],
  ])('what comes in numbers can wait, %s: a burst of it loses nothing and holds up its sender', async (_, comesAgain) => {
    const { talk, of } = openTalk();
    const { transcriber } = listTranscriber(async function* (index) {
      for (let turns = 0; turns < 20; turns++) await settled();
      yield plain(`sentence ${index}`);
    });
    await ear(talk, bytesOf(sentences(12)), { ...base, transcriber, waits: true, comesAgain }, never);
    expect(of('said').length).toBe(12);
    expect(of('failed')).toEqual([]);
  });

  test('what is older than a few seconds is written down as late, and nobody is told that somebody speaks', async () => {
    const { talk, of, signals } = openTalk();
    const { transcriber } = listTranscriber((index) => plain(`sentence ${index}`));
    await ear(talk, bytesOf(sentences(2)), { ...base, transcriber, late: () => (of('said').length === 0 ? 60_000 : 0) }, never);
    expect(of('said').map(({ text, late }) => [text, late])).toEqual([
      ['sentence 0', 60_000],
      ['sentence 1', undefined],
    ]);
    expect(signals.map(({ type }) => type).filter((type) => type === 'onset')).toHaveLength(1);
  });

  test('a transcriber that throws is told with each loss and its time, listening goes on, and its return is told', async () => {
    const { talk, of, signals } = openTalk();
    const { transcriber } = listTranscriber((index) => {
      if (index < 3) throw new Error('no');
      return plain(`sentence ${index}`);
    });
    await ear(talk, bytesOf(sentences(5)), { ...base, transcriber }, never);
    await settled();
    expect(talk.entries.map((entry) => entry.type)).toEqual(['failed', 'failed', 'failed', 'recovered', 'said', 'said']);
    expect(of('failed')[0]).toMatchObject({ part: 'ears', code: 'ears_failed', message: expect.stringContaining('Aside keeps listening') });
    const losses = of('failed').map(({ message }) => /1 second of speech \(at (\d:\d\d)\) could not be turned into words/.exec(message)?.[1]);
    expect(losses).toEqual(['0:01', '0:03', '0:05']);
    expect(signals.filter((signal) => signal.type === 'pause').length).toBe(5);
  });

  test('an engine that says what is wrong is quoted', async () => {
    const { talk, of } = openTalk();
    const { transcriber } = listTranscriber(() => {
      throw new Problem('no_recogniser', 'There is no recogniser here.');
    });
    await ear(talk, bytesOf(sentences(1)), { ...base, transcriber }, never);
    expect(of('failed')).toMatchObject([
      { code: 'no_recogniser', message: expect.stringMatching(/^There is no recogniser here\. 1 second of speech/) },
    ]);
  });

  test('words in silence are not believed', async () => {
    const { talk, of } = openTalk();
    const word = (text: string, from: number) => ({ text, from, to: from + 200, confidence: 1 });
    const { transcriber } = listTranscriber(() => ({
      text: 'Yes, indeed. Thank you.',
      words: [word('yes', 1100), word('indeed', 1500), word('thank', 2400), word('you', 2700)],
      confidence: 0.5,
      final: true,
    }));
    await ear(talk, bytesOf(sentences(1)), { ...base, transcriber }, never);
    expect(of('said').map((entry) => [entry.text, entry.words?.length])).toEqual([['yes indeed', 2]]);
  });

  test('an utterance without words says nothing', async () => {
    const { talk } = openTalk();
    await ear(
      talk,
      bytesOf(sentences(2)),
      { ...base, transcriber: listTranscriber((index) => (index ? plain('  ') : undefined)).transcriber },
      never,
    );
    expect(talk.entries).toEqual([]);
  });

  test('off the record nothing is recognised, and an utterance that was begun is dropped whole', async () => {
    const { talk, of, signals } = openTalk();
    let sound = 0;
    const transcriber = {
      async *transcribe(pieces: AsyncIterable<unknown>): AsyncGenerator<Words> {
        for await (const _ of pieces) {
          sound += 1;
          yield { text: 'partial', words: [], confidence: null, final: false };
        }
        yield plain('final');
      },
    };
    const mic = microphone(sentences(4));
    const done = ear(talk, mic.bytes, { ...base, transcriber }, never);
    await mic.until(1500);
    await talk.append({ by: 'user', type: 'paused' });
    const before = [sound, signals.filter((signal) => signal.type === 'partial').length];
    expect(before[0]).toBeGreaterThan(5);
    await mic.until(5500);
    expect([sound, signals.filter((signal) => signal.type === 'partial').length]).toEqual(before);
    await talk.append({ by: 'user', type: 'resumed' });
    await mic.end();
    await done;
    expect(of('said').map((entry) => Math.round(entry.from! / 1000))).toEqual([7]);
  });

  test('stopped in the middle it ends at once, even with a transcriber that does not listen, and tells what is missing', async () => {
    const { talk } = openTalk();
    const control = new AbortController();
    const mic = microphone(sentences(3));
    const transcriber = {
      transcribe: (): AsyncIterable<Words> => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }),
    };
    const done = ear(talk, mic.bytes, { ...base, transcriber }, control.signal);
    await mic.until(5500);
    control.abort();
    await done;
    // two were being recognised without a word so far, one was waiting
    const missing = { type: 'failed', message: expect.stringContaining('missing from the transcript') };
    expect(talk.entries).toMatchObject([missing, missing, missing]);
  });

  test('stopped in the middle of what will be sent again, it calls nothing missing', async () => {
    const { talk } = openTalk();
    const control = new AbortController();
    const mic = microphone(sentences(3));
    const transcriber = {
      transcribe: (): AsyncIterable<Words> => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }),
    };
    const done = ear(talk, mic.bytes, { ...base, transcriber, comesAgain: () => true }, control.signal);
    await mic.until(5500);
    control.abort();
    await done;
    expect(talk.entries).toEqual([]);
  });

  test('told to stop before the last word is sure, what was understood so far is written down', async () => {
    const { talk, of } = openTalk();
    const control = new AbortController();
    const mic = microphone(sentences(1));
    const transcriber = {
      async *transcribe(pieces: AsyncIterable<unknown>): AsyncGenerator<Words> {
        for await (const _ of pieces) yield { text: 'so far', words: [], confidence: null, final: false };
        await new Promise(() => undefined);
      },
    };
    const done = ear(talk, mic.bytes, { ...base, transcriber }, control.signal);
    await mic.until(1500);
    control.abort();
    await done;
    expect(of('said').map(({ text }) => text)).toEqual(['so far']);
  });

  test('a session that is finished meanwhile ends the ear without a fuss, a full disk does not', async () => {
    const finished = openTalk();
    await finished.talk.append({ by: 'user', type: 'ended', why: 'finished' });
    const { transcriber } = listTranscriber((index) => plain(`sentence ${index}`));
    await ear(finished.talk, bytesOf(sentences(2)), { ...base, transcriber }, never);
    expect(finished.of('said')).toEqual([]);
    const full = openTalk().talk;
    const append = () => Promise.reject(new Problem('storage_full', 'The disk is full.'));
    await expect(ear({ ...full, append }, bytesOf(sentences(2)), { ...base, transcriber }, never)).rejects.toThrow('The disk is full.');
  });

  test('a microphone that sends only noise is told once, and so is that it speaks at last', async () => {
    const { talk, of } = openTalk();
    const quiet = { ...base, detector: () => ({ speech: (samples: Int16Array) => (samples.some((one) => one > 15_000) ? 1 : 0), close() {} }) };
    await ear(talk, bytesOf(joined([noise(60_000, 0.05), tone(1000, 220, 0.9), nothing(1000)])), quiet, never);
    expect(talk.entries.map((entry) => entry.type)).toEqual(['failed', 'recovered']);
    expect(of('failed')[0]).toMatchObject({ part: 'microphone', message: expect.stringContaining('Check which microphone') });
    const calm = openTalk().talk;
    await ear(calm, bytesOf(noise(60_000, 0.002)), quiet, never);
    expect(calm.entries).toEqual([]);
  });

  test('bytes that cannot be read end the microphone, not what was said before', async () => {
    const { talk } = openTalk();
    const { transcriber } = listTranscriber((index) => plain(`sentence ${index}`));
    async function* broken() {
      yield* bytesOf(sentences(1));
      throw new TypeError('bad byte');
    }
    await ear(talk, broken(), { ...base, transcriber }, never);
    expect(talk.entries).toMatchObject([
      { type: 'said', text: 'sentence 0' },
      { type: 'failed', part: 'microphone', code: 'microphone_unreadable', message: expect.stringContaining('Start the recording again') },
    ]);
  });

  test('the detector is let go when the microphone ends', async () => {
    let closed = 0;
    const detector = () => ({ ...loudDetector(), close: () => void closed++ });
    await ear(openTalk().talk, bytesOf(sentences(1)), { ...base, detector }, never);
    expect(closed).toBe(1);
  });
});

describe('whose voice an ear hears', () => {
  const guess = (): { enrolled: number[]; enrol(samples: Int16Array): void; judge(): Speaker } => ({
    enrolled: [],
    enrol(samples) {
      this.enrolled.push(samples.length);
    },
    judge: () => ({ who: 'other', probability: 0.8 }),
  });
  const words = () => listTranscriber((index) => (index === 0 ? undefined : plain(`sentence ${index}`))).transcriber;

  test('the first utterance with words enrols the user, later ones are judged', async () => {
    const { talk, of } = openTalk();
    const speakers = guess();
    await ear(talk, bytesOf(sentences(3)), { ...base, transcriber: words(), speakers }, never);
    expect(of('said').map((entry) => entry.speaker)).toEqual([
      { who: 'user', probability: null },
      { who: 'other', probability: 0.8 },
    ]);
    expect(speakers.enrolled.length).toBe(1);
    expect(Math.abs(speakers.enrolled[0]! - 16_000)).toBeLessThan(1100);
  });

  test('after a restart nobody is guessed at, unless the voice was brought along', async () => {
    const forgotten = openTalk([saidBefore]);
    const speakers = guess();
    await ear(forgotten.talk, bytesOf(sentences(2)), { ...base, transcriber: words(), speakers }, never);
    expect(forgotten.of('said').at(-1)!.speaker).toEqual({ who: 'unknown', probability: null });
    expect(speakers.enrolled).toEqual([]);
    const known = openTalk([saidBefore]);
    await ear(known.talk, bytesOf(sentences(2)), { ...base, transcriber: words(), speakers, enrolled: () => true }, never);
    expect(known.of('said').at(-1)!.speaker).toEqual({ who: 'other', probability: 0.8 });
  });

  test('after a restart the user is asked once to say the opening line again, and is known from then on', async () => {
    const opened: Entry = { seq: 1, at: '2026-01-01T00:00:00.000Z', by: 'user', type: 'opened', kind: 'coach', title: '', user: 'Alex Moor' };
    const { talk, of } = openTalk([opened, { ...saidBefore, seq: 2 }]);
    const speakers = guess();
    const lines = ['what did I miss', 'nothing much', "hi i'm alex", 'there you are'];
    await ear(talk, bytesOf(sentences(4)), { ...base, transcriber: listTranscriber((index) => plain(lines[index]!)).transcriber, speakers }, never);
    const heard = of('said').filter(({ via, at }) => via === 'voice' && at !== saidBefore.at);
    expect(heard.slice(-4).map(({ speaker }) => speaker?.who)).toEqual(['unknown', 'unknown', 'user', 'other']);
    expect(of('failed').map(({ code, message }) => [code, message])).toEqual([
      ['voice_unknown', expect.stringContaining('Say “Hi, I’m Alex Moor” once more')],
    ]);
    expect(of('recovered')).toHaveLength(1);
  });

  test('a first word too short to know anybody by leaves the opening line open, for two seconds', async () => {
    const speakers = { ...guess(), enrol: () => false };
    const { talk, of } = openTalk();
    const sound = joined([sentences(3), nothing(3000), tone(1000), nothing(1000)]);
    await ear(talk, bytesOf(sound), { ...base, transcriber: words(), speakers }, never);
    expect(of('said').map((entry) => entry.speaker?.who)).toEqual(['user', 'user', 'unknown']);
  });

  test('who still speaks is told with the words so far, once that is clear, and nothing is learnt of it', async () => {
    const { talk, signals } = openTalk();
    const looked: number[] = [];
    const glimpse = (samples: Int16Array): Speaker => {
      looked.push(Math.round(samples.length / 1_600) / 10);
      return looked.length === 1 ? { who: 'unknown', probability: 0.5 } : { who: 'other', probability: 0.9 };
    };
    const transcriber = {
      async *transcribe(pieces: AsyncIterable<unknown>): AsyncGenerator<Words> {
        for await (const _ of pieces) yield { text: 'so far', words: [], confidence: null, final: false };
        yield plain('final');
      },
    };
    const sound = joined([nothing(1000), tone(5000), nothing(1500)]);
    const speakers = { ...guess(), glimpse };
    await ear(talk, bytesOf(sound), { ...base, transcriber, speakers, enrolled: () => true }, never);
    await settled();
    const who = signals.flatMap((signal) => (signal.type === 'partial' ? [signal.speaker?.who] : []));
    expect(looked).toEqual([expect.closeTo(1.5, 0), expect.closeTo(3, 0)]);
    expect(who[0]).toBeUndefined();
    expect(who.at(-1)).toBe('other');
  });

  test('without a transcriber every utterance is judged all the same, for words that come from elsewhere', async () => {
    const { talk, news } = openTalk();
    const judged: [number, string][] = [];
    const onJudged = (span: { from: number }, speaker: Speaker) => judged.push([Math.round(span.from / 1000), speaker.who]);
    await ear(talk, bytesOf(sentences(3)), { ...base, speakers: guess(), onJudged }, never);
    await settled();
    expect(judged).toEqual([
      [1, 'user'],
      [3, 'other'],
      [5, 'other'],
    ]);
    expect(news.filter((type) => type !== 'quiet')).toEqual(Array(3).fill(['stir', 'onset', 'lull', 'pause']).flat());
  });
});
