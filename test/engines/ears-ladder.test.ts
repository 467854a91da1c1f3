import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ear } from '../../src/audio/ear.ts';
import type { Transcriber } from '../../src/core/ports.ts';
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

describe('ears over one another', () => {
  let vendor: SimulatedElevenLabs;
  let cloud: Transcriber & { close(): Promise<void> };
  beforeEach(async () => {
    vendor = await simulatedElevenLabs();
    cloud = realtimeEars({ dialect: scribe({ key: 'a key', url: vendor.url, model: 'scribe_v2_realtime' }), clock: realClock, budgets: patient });
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
