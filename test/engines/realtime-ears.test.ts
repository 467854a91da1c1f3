import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { budgets } from '../../src/core/budgets.ts';
import { type Pcm, RATE, type Transcriber, type Words } from '../../src/core/ports.ts';
import { scribe } from '../../src/engines/elevenlabs/scribe.ts';
import { openAiRealtime } from '../../src/engines/openai/realtime.ts';
import { realtimeEars } from '../../src/engines/realtime-ears.ts';
import { VendorProblem } from '../../src/engines/vendor-problem.ts';
import { frames, hear, transcriberContract } from '../contracts/transcriber.ts';
import { counted, counting } from '../support/tone-words.ts';
import { type SimulatedElevenLabs, simulatedElevenLabs } from '../support/vendors/elevenlabs-service.ts';
import { simulatedOpenAi } from '../support/vendors/openai-simulator.ts';
import { realClock as clock } from '../support/vendors/real-clock.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const spoken = (first: number, count: number, at = 0) => ({ at, samples: counting(first, [count], 300), text: counted(first, count).join(' ') });
const patient = { earsConnect: 400, earsMute: 600, earsLast: 400 };

/** Where nobody hangs nobody is late, however busy the machine is. */
const unhurried = { earsConnect: 20_000, earsMute: 20_000, earsLast: 20_000 };

const earsOf = (vendor: SimulatedElevenLabs, lifetime?: number, budgets = patient) =>
  realtimeEars({
    dialect: scribe({ key: 'a key', url: vendor.url, model: 'scribe_v2_realtime', ...(lifetime !== undefined && { lifetime }) }),
    clock,
    budgets,
  });

transcriberContract(
  'ElevenLabs’ live recogniser',
  async () => {
    const vendor = await simulatedElevenLabs();
    const transcriber = realtimeEars({ dialect: scribe({ key: 'a key', url: vendor.url, model: 'scribe_v2_realtime' }), clock, budgets });
    return {
      transcriber,
      utterances: [spoken(3, 6, 5_000), spoken(20, 4, 60_000)],
      close: async () => {
        await transcriber.close();
        await vendor.close();
      },
    };
  },
  { partials: true, confidence: true, worst: 0 },
);

transcriberContract(
  'OpenAI’s live recogniser',
  async () => {
    const vendor = await simulatedOpenAi();
    const transcriber = realtimeEars({ dialect: openAiRealtime({ key: 'a-key', url: vendor.url, model: 'gpt-live-transcribe' }), clock, budgets });
    return {
      transcriber,
      utterances: [spoken(3, 6, 5_000), spoken(20, 4, 60_000)],
      close: async () => {
        await transcriber.close();
        await vendor.close();
      },
    };
  },
  { partials: true, confidence: false, worst: 0, times: false },
);

describe('a live recogniser elsewhere', () => {
  let vendor: SimulatedElevenLabs;
  let ears: Transcriber & { close(): Promise<void> };
  const hints = { talk: 'a talk', phrases: [] };
  const never = new AbortController().signal;
  const said = async (utterance: { at: number; samples: Int16Array }, by = ears) => {
    const all: Words[] = [];
    for await (const words of by.transcribe(frames(utterance), hints, never)) if (words.final) all.push(words);
    return all.map(({ text }) => text);
  };
  beforeAll(async () => {
    vendor = await simulatedElevenLabs();
    ears = earsOf(vendor);
  });
  afterAll(async () => {
    await ears.close();
    await vendor.close();
  });

  test('hears one utterance after the other on one line, and closes it when nobody speaks any more', async () => {
    const before = vendor.calls.length;
    for (const at of [0, 1, 2]) {
      const utterance = spoken(at * 5, 5, at * 10_000);
      expect(await said(utterance)).toEqual([utterance.text]);
    }
    expect(vendor.calls.length).toBe(before + 1);
    ears.rest?.('a talk');
    await expect.poll(() => vendor.openSockets).toBe(0);
  });

  test('asks for what was said as it was said, and names what it may misunderstand', async () => {
    await hear(ears, frames(spoken(1, 3)), ['Anna Kowalski from ACME, about Kubernetes v2']);
    const asked = vendor.calls.at(-1)!.query;
    expect(asked.get('no_verbatim')).toBe('false');
    expect(asked.get('commit_strategy')).toBe('manual');
    expect(asked.getAll('keyterms')).toEqual(expect.arrayContaining(['Kowalski', 'ACME', 'Kubernetes']));
  });

  test.each(['cut', 'session-limit', 'broken', 'malformed'] as const)('%s in mid-utterance loses no word and doubles none', async (name) => {
    vendor.faults.next(name, 'stream');
    const utterance = spoken(11, 7, 4_000);
    ears.rest?.('a talk');
    expect(await said(utterance)).toEqual([utterance.text]);
    vendor.faults.heal();
  });

  test('a twin that comes first, one that does not come, and a doubled text change nothing', async () => {
    const utterance = spoken(30, 4, 1_000);
    for (const quirks of [{ twinFirst: true }, { twinLost: 'plain' }, { twinLost: 'timed' }, { doubledText: true }] as const) {
      Object.assign(vendor.quirks, quirks);
      expect(await said(utterance)).toEqual([utterance.text]);
      Object.assign(vendor.quirks, { twinFirst: false, twinLost: undefined, doubledText: false });
    }
  });

  test('finals that come twice are no words of the next utterance', async () => {
    vendor.faults.next('repeated', 'first');
    ears.rest?.('a talk');
    for (const at of [0, 1, 2]) {
      const utterance = spoken(40 + at * 3, 3, at * 5_000);
      expect(await said(utterance)).toEqual([utterance.text]);
    }
  });

  test('a final without words after words that were heard is not believed: another line hears the utterance again', async () => {
    const own = earsOf(vendor, undefined, unhurried);
    /** Waits with the end of the utterance until words of it were told. */
    const heardSlowly = async (utterance: { at: number; samples: Int16Array }) => {
      const guessed = Promise.withResolvers<void>();
      async function* sound() {
        yield* frames(utterance);
        await guessed.promise;
      }
      const all: string[] = [];
      for await (const words of own.transcribe(sound(), hints, never)) {
        guessed.resolve();
        if (words.final) all.push(words.text);
      }
      return all;
    };
    const utterance = spoken(30, 14);
    vendor.faults.next('empty', 'first');
    const before = vendor.calls.length;
    expect(await heardSlowly(utterance)).toEqual([utterance.text]);
    expect(vendor.calls.length).toBe(before + 2);
    await own.close();
  });

  test('a line that heard nothing is not asked again', async () => {
    const own = earsOf(vendor, undefined, unhurried);
    const before = vendor.calls.length;
    expect(await said({ at: 0, samples: new Int16Array(RATE) }, own)).toEqual([]);
    const utterance = spoken(5, 3);
    expect(await said(utterance, own)).toEqual([utterance.text]);
    expect(vendor.calls.length).toBe(before + 2);
    await own.close();
  });

  test('a client that stalls is no deaf vendor; one who says nothing while somebody speaks on is', async () => {
    const still = await simulatedElevenLabs({ quirks: { partialMs: 60_000 } });
    const time = virtualClock();
    const dialect = scribe({ key: 'a key', url: still.url, model: 'scribe_v2_realtime' });
    const deaf = realtimeEars({ dialect, clock: time, budgets: { ...patient, earsMute: 5_000 } });
    /** Speaks, and lets so much time go by after each tenth of a second. */
    async function* speaking(ms: number, passing: number): AsyncGenerator<Pcm> {
      const samples = counting(0, [30]);
      for (let at = 0; at < ms; at += 100) {
        yield { at, samples: samples.slice(at * 16, (at + 100) * 16) };
        await time.advance(passing);
      }
    }
    const heardIn = async (sound: AsyncIterable<Pcm>) => {
      const all: Words[] = [];
      for await (const words of deaf.transcribe(sound, hints, never)) if (words.final) all.push(words);
      return all.map(({ text }) => text);
    };
    expect(await heardIn(speaking(1_000, 8_000))).toEqual([counted(0, 2).join(' ')]);
    await expect(heardIn(speaking(7_000, 100))).rejects.toThrow('hears nothing though somebody speaks');
    await deaf.close();
    await still.close();
  });

  test.each([
    ['bad-key', true],
    ['quota', true],
    ['busy', false],
    ['refused', false],
    ['hang', false],
  ] as const)('%s is told in a sentence, and whether asking again helps', async (name, fatal) => {
    ears.rest?.('a talk');
    vendor.faults.next(name, 'connect', 2);
    const failed = said(spoken(1, 3)).then(
      () => undefined,
      (problem) => problem,
    );
    const problem = await failed;
    expect(problem).toBeInstanceOf(VendorProblem);
    expect(problem.fatal).toBe(fatal);
    expect(problem.message).toMatch(/^[A-Z].*\.$/);
    vendor.faults.heal();
  });

  test('a vendor that takes sound only at some speed is sent it so, once it has said so', async () => {
    const slow = await simulatedElevenLabs({ quirks: { fastest: 20 } });
    const patient = realtimeEars({ dialect: scribe({ key: 'a key', url: slow.url, model: 'scribe_v2_realtime', pace: 10 }), clock, budgets });
    const utterance = spoken(0, 40);
    expect((await hear(patient, frames(utterance))).at(-1)?.text).toBe(utterance.text);
    expect(slow.calls).toHaveLength(2);
    expect((await hear(patient, frames(utterance))).at(-1)?.text).toBe(utterance.text);
    expect(slow.calls).toHaveLength(2);
    await patient.close();
    await slow.close();
  });

  test('a line is replaced before its vendor ends it', async () => {
    const short = earsOf(vendor, 0);
    const before = vendor.calls.length;
    for (const at of [0, 1]) expect((await hear(short, frames(spoken(at, 2)))).at(-1)?.text).toBe(counted(at, 2).join(' '));
    await expect.poll(() => vendor.calls.length).toBeGreaterThan(before + 1);
    await short.close();
  });

  test('stopped in mid-utterance nothing of it stays open', async () => {
    await ears.close();
    await expect.poll(() => vendor.openSockets).toBe(0);
    const control = new AbortController();
    async function* unfinished() {
      yield* frames({ at: 0, samples: counting(0, [4]).slice(0, RATE) });
      control.abort();
      await new Promise(() => undefined);
    }
    for await (const _ of ears.transcribe(unfinished(), hints, control.signal));
    await expect.poll(() => vendor.openSockets).toBe(0);
  });
});
