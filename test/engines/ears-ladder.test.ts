import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ear } from '../../src/audio/ear.ts';
import type { Pcm, Transcriber, Words } from '../../src/core/ports.ts';
import { breaker } from '../../src/engines/breaker.ts';
import { earsLadder } from '../../src/engines/ears-ladder.ts';
import { scribe } from '../../src/engines/elevenlabs/scribe.ts';
import { realClock as clock } from '../../src/engines/real-clock.ts';
import { realtimeEars } from '../../src/engines/realtime-ears.ts';
import { bareDecoder, bytesOf, loudDetector, openTalk } from '../support/listening.ts';
import { counted, counting, toneTranscriber } from '../support/tone-words.ts';
import { type SimulatedElevenLabs, simulatedElevenLabs } from '../support/vendors/elevenlabs-service.ts';
import { realClock } from '../support/vendors/real-clock.ts';

const never = new AbortController().signal;
const patient = { earsConnect: 300, earsMute: 600, earsLast: 300 };
/** Where nobody hangs nobody is late, however busy the machine is. */
const unhurried = { earsConnect: 20_000, earsMute: 20_000, earsLast: 20_000 };

describe('ears over one another', () => {
  let vendor: SimulatedElevenLabs;
  let cloud: Transcriber & { close(): Promise<void> };
  const cloudWith = (budgets: typeof patient) =>
    realtimeEars({ dialect: scribe({ key: 'a key', url: vendor.url, model: 'scribe_v2_realtime' }), clock: realClock, budgets });
  beforeEach(async () => {
    vendor = await simulatedElevenLabs();
    cloud = cloudWith(patient);
  });
  afterEach(async () => {
    await cloud.close();
    await vendor.close();
  });

  const both = (local: Transcriber = toneTranscriber) =>
    earsLadder(
      [
        { name: 'ElevenLabs', about: '', engine: cloud, breaker: breaker(clock, () => 0.5) },
        { name: 'this machine', about: 'This machine hears instead, less well,', engine: local, breaker: breaker(clock, () => 0.5) },
      ],
      clock,
      2_000,
    );

  /** Counts aloud into a talk whose ears these are. */
  async function talked(transcriber: ReturnType<typeof both>, utterances: readonly number[], first = 0) {
    const story = openTalk();
    await ear(story.talk, bytesOf(counting(first, utterances)), { ...plainEar, transcriber }, never);
    return {
      ...story,
      words: story.of('said').flatMap(({ text }) => text.split(' ')),
      said: [...story.of('failed'), ...story.of('recovered')].toSorted((a, b) => a.seq - b.seq).map(({ type, message }) => `${type}: ${message}`),
    };
  }
  const speakers = { enrol: () => false, judge: () => ({ who: 'unknown' as const, probability: null }) };
  const plainEar = {
    decoder: bareDecoder,
    detector: loudDetector,
    hints: () => ({ phrases: [], talk: 'a talk' }),
    speakers,
    enrolled: () => false,
    patient: true,
  };

  test('while the best works nobody else is asked, and nothing is said about it', async () => {
    cloud = cloudWith(unhurried);
    const { words, said } = await talked(both({ transcribe: () => expect.fail('the second was asked') }), [4, 3, 2]);
    expect(words).toEqual(counted(0, 9));
    expect(said).toEqual([]);
  });

  test('where the best refuses, the next hears every word, and both falling and coming back are told once', async () => {
    vendor.faults.next('bad-key', 'connect', Number.POSITIVE_INFINITY);
    const fallen = await talked(both(), [4, 3, 2]);
    expect(fallen.words).toEqual(counted(0, 9));
    expect(fallen.said).toEqual([
      'failed: ElevenLabs does not accept the key in ELEVENLABS_API_KEY. This machine hears instead, less well, until it is back.',
    ]);
    // a wrong key does not become right by asking again; two utterances may have asked at once
    expect(vendor.calls.length).toBeLessThanOrEqual(2);
  });

  test('broken in every utterance it is asked again each time, and no word is lost or doubled', async () => {
    for (const name of ['broken', 'cut', 'hang', 'malformed', 'session-limit'] as const) vendor.faults.next(name, 'stream', 1);
    const { words } = await talked(both(), [3, 3, 3, 3, 3, 3, 3]);
    expect(words).toEqual(counted(0, 21));
  });

  test('it comes back when it works again', async () => {
    const ladder = both();
    vendor.faults.next('busy', 'connect', 1);
    const story = await talked(ladder, [2]);
    expect(story.said).toEqual(['failed: ElevenLabs has too much to do for this key. This machine hears instead, less well, until it is back.']);
  });

  test('where nobody else is there, an utterance waits for the one who is', async () => {
    const alone = earsLadder([{ name: 'ElevenLabs', about: '', engine: cloud, breaker: breaker(clock, () => 0.5) }], clock, 5_000);
    vendor.faults.next('broken', 'connect', 2);
    const { words, said } = await talked(alone, [4, 3]);
    expect(words).toEqual(counted(0, 7));
    expect(said).toEqual([]);
  });
});

describe('ears that hear nothing', () => {
  type Heard = { partial?: string; text: string; confidence?: number };
  /** Ears that hear this in every utterance, and how often they were asked. */
  function hearing({ partial, text, confidence = 0.9 }: Heard) {
    const ears = {
      asked: 0,
      async *transcribe(sound: AsyncIterable<Pcm>): AsyncGenerator<Words> {
        ears.asked += 1;
        for await (const _ of sound);
        if (partial) yield { text: partial, words: [], confidence: null, final: false };
        if (text) yield { text, words: [], confidence, final: true };
      },
    };
    return ears;
  }
  /** What a ladder of these two makes of one sound, and what it says of who serves. */
  async function heardBy(first: ReturnType<typeof hearing>, second: ReturnType<typeof hearing>, samples: Int16Array) {
    const rung = (name: string, engine: Transcriber) => ({ name, about: `${name} hears instead`, engine, breaker: breaker(clock, () => 0.5) });
    async function* sound() {
      yield { at: 0, samples };
    }
    const words: string[] = [];
    const served: string[] = [];
    for await (const heard of earsLadder([rung('First', first), rung('Second', second)], clock, 1_000).transcribe(sound(), { phrases: [] }, never))
      if ('serving' in heard) served.push(heard.fallen?.message ?? heard.serving);
      else if (heard.final) words.push(heard.text);
    return { words, served };
  }

  test('where there was clear sound the next are asked: what they hear was missed by the first, which is told', async () => {
    const second = hearing({ text: 'w0 w1 w2' });
    expect(await heardBy(hearing({ text: '' }), second, counting(0, [3]))).toEqual({
      words: ['w0 w1 w2'],
      served: ['First heard nothing where somebody spoke. Second hears instead until it is back.'],
    });
    expect(second.asked).toBe(1);
  });

  test('two who hear nothing are right', async () => {
    expect(await heardBy(hearing({ text: '' }), hearing({ text: '' }), counting(0, [3]))).toEqual({ words: [], served: ['First'] });
  });

  test('nobody else is asked about a cough', async () => {
    const second = hearing({ text: 'w0' });
    expect(await heardBy(hearing({ text: '' }), second, counting(0, [1]))).toEqual({ words: [], served: ['First'] });
    expect(second.asked).toBe(0);
  });

  test.each([
    ['a guess', { text: 'w0 w1 w2', confidence: 0.3 }],
    ['more than can be said in that time', { text: 'we would of course be very glad indeed to see you on monday' }],
    ['what recognisers write of themselves', { text: 'Subtitles by nobody' }],
  ])('%s is no second opinion', async (_, heard) => {
    expect(await heardBy(hearing({ text: '' }), hearing(heard), counting(0, [3]))).toEqual({ words: [], served: ['First'] });
  });
});
