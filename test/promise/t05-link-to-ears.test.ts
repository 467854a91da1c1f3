import { describe, expect, test } from 'vitest';
import { activity } from '../../src/audio/activity.ts';
import { utterances } from '../../src/audio/utterances.ts';
import type { Word } from '../../src/core/entry.ts';
import { lasting, type Pcm, RATE } from '../../src/core/ports.ts';
import type { breaker as makesBreaker } from '../../src/engines/breaker.ts';
import type { earsLadder as makesLadder } from '../../src/engines/ears-ladder.ts';
import type { scribe as speaksScribe } from '../../src/engines/elevenlabs/scribe.ts';
import type { openAiRealtime as speaksOpenAi } from '../../src/engines/openai/realtime.ts';
import { realClock as clock } from '../../src/engines/real-clock.ts';
import type { realtimeEars as makesEars } from '../../src/engines/realtime-ears.ts';
import type { Dialect } from '../../src/engines/realtime-line.ts';
import { chaosProxy } from '../support/chaos-proxy.ts';
import { addTo, checkOrder, nothingWrong, numbered } from '../support/history.ts';
import { loudDetector } from '../support/listening.ts';
import { type Fault, planted } from '../support/planted.ts';
import { seeded, speechLike } from '../support/speech-like.ts';
import { figure, tier } from '../support/tier.ts';
import { counted, counting, wordsIn } from '../support/tone-words.ts';
import { simulatedElevenLabs } from '../support/vendors/elevenlabs-service.ts';
import type { Quirks } from '../support/vendors/elevenlabs-world.ts';
import { simulatedOpenAi } from '../support/vendors/openai-simulator.ts';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
/** So much is counted aloud, in utterances of 8 words: about 3 s each, pauses included. */
const minutes = tier({ quick: 4, long: 60 });
const turns = Math.round((minutes * 60_000) / 3_180);
const never = new AbortController().signal;
const patient = { earsConnect: 2_000, earsMute: 4_000, earsLast: 2_000 };

type Engines = {
  breaker: typeof makesBreaker;
  earsLadder: typeof makesLadder;
  scribe: typeof speaksScribe;
  openAiRealtime: typeof speaksOpenAi;
  realtimeEars: typeof makesEars;
};

async function enginesOf(house: URL): Promise<Engines> {
  const from = async (file: string) => import(new URL(`src/engines/${file}`, house).href);
  const [{ breaker }, { earsLadder }, { scribe }, { openAiRealtime }, { realtimeEars }] = await Promise.all(
    ['breaker.ts', 'ears-ladder.ts', 'elevenlabs/scribe.ts', 'openai/realtime.ts', 'realtime-ears.ts'].map(from),
  );
  return { breaker, earsLadder, scribe, openAiRealtime, realtimeEars };
}

type Weather = {
  readonly by?: 'OpenAI';
  readonly drops: number;
  readonly quirks?: Partial<Quirks>;
  readonly lifetime?: number;
  readonly count?: number;
  readonly repeated?: true;
  readonly patience?: number;
  readonly from?: number;
};

/** Whoever hears at the other end of the line, and how it is spoken to through the network. */
async function vendorOf({ scribe, openAiRealtime }: Engines, { by, quirks = {}, lifetime, repeated }: Weather) {
  const life = lifetime !== undefined && { lifetime };
  const vendor = by ? await simulatedOpenAi() : await simulatedElevenLabs({ quirks });
  if (repeated) vendor.faults.next('repeated', 'first', Number.POSITIVE_INFINITY);
  const { port, pathname } = new URL(vendor.url);
  const dialect = (over: number): Dialect => {
    const at = { key: 'a-key', url: `http://127.0.0.1:${over}${pathname}` };
    return by ? openAiRealtime({ ...at, model: 'gpt-live-transcribe', ...life }) : scribe({ ...at, model: 'scribe_v2_realtime', ...life });
  };
  return { vendor, port: Number(port), dialect };
}

/** Counts aloud over a line that is cut so many times, and holds what was heard against what was said. */
async function heard(engines: Engines, weather: Weather) {
  const { drops, by = 'ElevenLabs', count = turns, patience = 20_000, from: start = seed } = weather;
  const { breaker, earsLadder, realtimeEars } = engines;
  const random = seeded(start);
  const { vendor, port, dialect } = await vendorOf(engines, weather);
  const network = await chaosProxy(port);
  const ears = realtimeEars({ dialect: dialect(network.port), clock, budgets: patient });
  const ladder = earsLadder([{ name: by, about: '', engine: ears, breaker: breaker(clock, random) }], clock, patience);
  const cuts = new Set(Array.from({ length: drops }, () => Math.floor(random() * count)));
  while (cuts.size < Math.min(drops, count)) cuts.add(Math.floor(random() * count));
  const said: string[] = [];
  const found: Word[] = [];
  const truth: { text: string; from: number }[] = [];
  let late = 0;
  for (let each = 0; each < count; each += 1) {
    const samples = counting(each * 8, [8], 100);
    const at = each * 3_180;
    truth.push(...wordsIn(samples, at));
    const cutAt = cuts.has(each) ? Math.floor(random() * samples.length) : undefined;
    async function* sound(): AsyncGenerator<Pcm> {
      for (let from = 0; from < samples.length; from += 1_600) {
        if (cutAt !== undefined && from <= cutAt && cutAt < from + 1_600) {
          // the line must be there to be cut
          await new Promise((resolve) => setTimeout(resolve, random() * 8));
          network.cut(random() < 0.5 ? 'fin' : 'rst');
        }
        yield { at: at + lasting(from), samples: samples.slice(from, from + 1_600) };
      }
    }
    const since = performance.now();
    for await (const words of ladder.transcribe(sound(), { talk: 'a talk', phrases: [] }, never))
      if ('final' in words && words.final) {
        said.push(...words.text.split(' '));
        found.push(...words.words);
      }
    if (cutAt !== undefined) late = Math.max(late, performance.now() - since);
  }
  await ears.close();
  await network.close();
  await vendor.close();
  const wrong = checkOrder(numbered(said), numbered(counted(0, count * 8)));
  const apart = truth.map(({ text, from }, index) => (found[index]?.text === text ? Math.abs(found[index]!.from - from) : 0));
  return { wrong, late, apart: Math.max(...apart), calls: vendor.calls.length };
}

/** How many samples the longest utterance of this sound has. */
async function longestOf(samples: Int16Array): Promise<number> {
  async function* sound(): AsyncGenerator<Pcm> {
    for (let from = 0; from < samples.length; from += 1_600) yield { at: lasting(from), samples: samples.slice(from, from + 1_600) };
  }
  const all = await Array.fromAsync(utterances(activity(sound(), { detector: loudDetector() }, never)));
  return Math.max(...all.map(({ pieces }) => pieces.reduce((sum, pcm) => sum + pcm.samples.length, 0)));
}

const here = new URL('../../', import.meta.url);

describe(`T5 no spoken word is lost to the line of a recogniser (seed ${seed})`, () => {
  test('20 and 200 cuts an hour, a line that is replaced all the time, finals that come twice and in the wrong order', {
    timeout: 600_000,
  }, async () => {
    const engines = await enginesOf(here);
    const sum = nothingWrong();
    const [few, many] = [20, 200].map((perHour) => Math.max(1, Math.round((perHour * minutes) / 60))) as [number, number];
    const runs: Weather[] = [
      { drops: few },
      { drops: many },
      { drops: few, lifetime: 500 },
      { drops: few, repeated: true },
      { drops: few, quirks: { twinFirst: true } },
      { drops: few, quirks: { doubledText: true } },
      { drops: few, quirks: { phantomCommits: true, twinLost: 'plain' } },
    ];
    let [late, apart] = [0, 0];
    for (const run of runs) {
      const { wrong, ...told } = await heard(engines, run);
      addTo(sum, wrong);
      late = Math.max(late, told.late);
      apart = Math.max(apart, told.apart);
    }
    figure('T5', 'minutes counted aloud', minutes * runs.length);
    figure('T5', 'cuts of the line', few * (runs.length - 1) + many);
    for (const [name, value] of Object.entries(sum)) figure('T5', `words ${name}`, value, { most: 0 });
    figure('T5', 'a word’s time is off by, ms, worst', Math.round(apart), { most: 50 });
    figure('T5', 'an utterance that was cut is late by, ms, worst', Math.round(late), { most: 10_000, soft: true });
  });

  test('20 and 200 cuts an hour of the line to OpenAI, and a line that is replaced all the time', { timeout: 600_000 }, async () => {
    const engines = await enginesOf(here);
    const minutes = tier({ quick: 1.5, long: 60 });
    const count = Math.round((minutes * 60_000) / 3_180);
    const [few, many] = [20, 200].map((perHour) => Math.max(1, Math.round((perHour * minutes) / 60))) as [number, number];
    const sum = nothingWrong();
    let late = 0;
    for (const run of [{ drops: few }, { drops: many }, { drops: few, lifetime: 500 }]) {
      const told = await heard(engines, { ...run, by: 'OpenAI', count });
      addTo(sum, told.wrong);
      late = Math.max(late, told.late);
    }
    figure('T5', 'OpenAI: minutes counted aloud', minutes * 3);
    figure('T5', 'OpenAI: cuts of the line', 2 * few + many);
    for (const [name, value] of Object.entries(sum)) figure('T5', `OpenAI: words ${name}`, value, { most: 0 });
    figure('T5', 'OpenAI: an utterance that was cut is late by, ms, worst', Math.round(late), { most: 10_000, soft: true });
  });

  test('an utterance is no longer than what may be kept for a repetition, also where nobody ever breathes', async () => {
    const minute = 60 * RATE;
    const neverBreathes = Int16Array.from({ length: 2 * minute }, (_, at) => 8_000 * Math.sin(at / 6));
    const longest = Math.max(...(await Promise.all([neverBreathes, speechLike(120_000, 5)].map(longestOf))));
    expect(longest).toBeGreaterThan(8 * RATE);
    figure('T5', 'sound kept for a repetition, KiB, at most', Math.round((longest * Int16Array.BYTES_PER_ELEMENT) / 1_024), { most: 480 });
  });

  const notRepeated: Fault = { file: 'src/engines/replayable.ts', was: 'for (let at = 0; ; at += 1)', is: 'for (let at = kept.length; ; at += 1)' };
  const faults: [string, Fault, by?: 'OpenAI'][] = [
    ['an utterance is not repeated', notRepeated],
    ['an utterance is not repeated to OpenAI', notRepeated, 'OpenAI'],
    [
      'an utterance is given up where the line to OpenAI breaks',
      { file: 'src/engines/realtime-ears.ts', was: 'if (lapse && !ended) throw lapse;', is: '' },
      'OpenAI',
    ],
    ['nobody says where an utterance ends', { file: 'src/engines/realtime-ears.ts', was: 'line.send(dialect.commit())', is: 'void 0' }],
    [
      'a text that was said twice is believed',
      { file: 'src/engines/repeated-text.ts', was: 'return hurried || length >= sentence ?', is: 'return false ?' },
    ],
    ['times begin anew with each utterance', { file: 'src/engines/line-times.ts', was: 'piece.at + ms - piece.sent', is: 'piece.at + ms' }],
  ];
  test.each(faults)('would notice if %s', { timeout: 60_000 }, async (_what, fault, by) => {
    const engines = await enginesOf(planted(fault));
    const weather = { drops: 8, count: 24, patience: 1_000 };
    const kinds: Weather[] = by
      ? [{ ...weather, drops: 6, count: 6, by }]
      : [weather, { ...weather, quirks: { doubledText: true } }, { ...weather, drops: 0, repeated: true }];
    let wrong = 0;
    for (let from = 1; wrong === 0 && from <= 3; from += 1)
      for (const kind of kinds) {
        const run = await heard(engines, { ...kind, from }).catch(() => undefined);
        wrong += run ? run.wrong.lost + run.wrong.doubled + run.wrong.reordered + run.wrong.changed + Number(run.apart > 50) : 1;
      }
    expect(wrong).toBeGreaterThan(0);
  });
});
