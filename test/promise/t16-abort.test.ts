import { once } from 'node:events';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Brought, compose } from '../../src/compose.ts';
import { readSettings } from '../../src/config.ts';
import type { Sound, Transcriber, Voice, Words } from '../../src/core/ports.ts';
import { scriptedVoice } from '../../src/engines/scripted/voice.ts';
import { held, heldBeyond } from '../support/heap-slope.ts';
import { loudDetector } from '../support/listening.ts';
import { newFolder } from '../support/new-folder.ts';
import { type Fault, planted } from '../support/planted.ts';
import { type PullClient, pullClient } from '../support/pull-client.ts';
import { interview } from '../support/served.ts';
import { figure } from '../support/tier.ts';
import { counting } from '../support/tone-words.ts';
import { unhandledWhile } from '../support/unhandled.ts';
import { webmOf } from '../support/webm-writer.ts';

const engines = ['transcriber', 'voice'] as const;
const phases = ['connect', 'first', 'middle'] as const;
const tempers = ['polite', 'rude'] as const;
const endings = ['the client leaves', 'it is finished', 'the process is told to stop'] as const;

type Phase = (typeof phases)[number];
type Ending = (typeof endings)[number];

/** How long the house waits for words on purpose, in ms; a voice has its own second and a half. */
const waits = { lastWords: 100, drainWords: 100, heardOut: 100 };
const voiceWaits = 1_500;

/** An engine that hangs at some point of its work; told to stop, a polite one ends and a rude one does not even notice. */
function hanging(phase: Phase, rude: boolean) {
  const stops: AbortSignal[] = [];
  let begun: () => void;
  const hangs = new Promise<void>((resolve) => {
    begun = resolve;
  });
  async function hang(stop: AbortSignal): Promise<void> {
    begun();
    if (rude) await new Promise(() => undefined);
    if (!stop.aborted) await once(stop, 'abort');
  }
  const hum = scriptedVoice({ pieces: 1, pieceMs: 40 });
  const transcriber: Transcriber = {
    async *transcribe(sound, _hints, stop): AsyncGenerator<Words> {
      stops.push(stop);
      if (phase === 'connect') return await hang(stop);
      for await (const _ of sound) {
        if (phase === 'first') return await hang(stop);
        yield { text: 'w0', words: [], confidence: 0.9, final: false };
        return await hang(stop);
      }
    },
  };
  const voice: Voice = {
    async *speak(text, stop): AsyncGenerator<Sound> {
      stops.push(stop);
      if (phase === 'connect') return await hang(stop);
      yield* hum.speak(text, stop);
      if (phase === 'middle') yield* hum.speak(text, stop);
      await hang(stop);
    },
  };
  return { hangs, stops, transcriber: { ...transcriber, close: async () => undefined }, voice };
}

const sound = webmOf(counting(0, [3]), { chunkMs: 100, bitrate: 32_000 });

async function until(engine: (typeof engines)[number], hangs: Promise<void>, client: PullClient): Promise<void> {
  if (engine === 'transcriber') for (const chunk of sound) client.bytes(chunk);
  else {
    client.send({ type: 'said', text: "Hi, I'm Alex.", speaker: 'user' });
    client.send({ type: 'said', text: 'What salary do you expect in your first year?', speaker: 'other' });
  }
  await hangs;
}

async function house(brought: Brought, composes = compose, STORE = 'memory') {
  const composed = await composes(readSettings({ STORE, EARS: 'browser', VOICE: 'none', DATA_DIR: newFolder() }), {
    detector: loudDetector,
    budgets: waits,
    ...brought,
  });
  const server = await composed.server(pino({ level: 'silent' }));
  const base = await server.listen({ port: 0, host: '127.0.0.1' });
  const post = async (path: string, body: object = {}) =>
    fetch(`${base}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', connection: 'close' }, body: JSON.stringify(body) });
  const { session_id } = (await (await post('/session', interview)).json()) as { session_id: string };
  const client = pullClient(`${base.replace('http', 'ws')}/ws/${session_id}`);
  await client.next('hello');
  return {
    client,
    finish: () => post(`/session/${session_id}/finish`),
    async close() {
      await server.close();
      await composed.close();
    },
  };
}

const gone = (stop: AbortSignal) => (stop.aborted ? undefined : once(stop, 'abort'));

describe('T16 whatever hangs is let go', () => {
  const rejected: unknown[] = [];
  const note = (reason: unknown) => rejected.push(reason);
  let base: Record<string, number>;
  let cells = 0;
  let slowest = 0;
  beforeAll(async () => {
    // whatever is made once for the whole process
    await (await house({})).close();
    base = held();
    process.on('unhandledRejection', note);
  });
  afterAll(async () => {
    process.off('unhandledRejection', note);
    figure('T16', 'engines that hang, and what ends it', cells, { least: engines.length * phases.length * tempers.length * endings.length });
    figure('T16', 'let go after, ms at most', slowest, { most: 500, soft: true });
    figure('T16', 'rejections that nobody handled', rejected.length, { most: 0 });
    expect(await heldBeyond(base)).toEqual({});
  });

  const matrix = engines.flatMap((engine) =>
    phases.flatMap((phase) => tempers.flatMap((temper) => endings.map((ending) => ({ engine, phase, temper, ending })))),
  );
  test.concurrent.for(matrix)('a $temper $engine hangs at $phase, and $ending', async ({ engine, phase, temper, ending }) => {
    const { hangs, stops, transcriber, voice } = hanging(phase, temper === 'rude');
    const here = await house(engine === 'transcriber' ? { transcriber } : { voice });
    await until(engine, hangs, here.client);
    const since = performance.now();
    const ends: Record<Ending, () => Promise<unknown>> = {
      'the client leaves': async () => here.client.close(),
      'it is finished': async () => expect((await here.finish()).status).toBe(200),
      'the process is told to stop': here.close,
    };
    await ends[ending]();
    await Promise.all(stops.map(gone));
    const waited = engine === 'voice' ? (ending === 'the client leaves' ? voiceWaits : 0) : waits.heardOut;
    slowest = Math.max(slowest, performance.now() - since - waited);
    cells += 1;
    if (ending !== 'the process is told to stop') await here.close();
    here.client.terminate();
    await here.client.closed;
  });
});

describe('T16 and can fail', () => {
  test.each<[string, boolean, ...Fault[]]>([
    ['as the house is, none', false],
    [
      'of a house that does not tell a recogniser to stop, one',
      true,
      {
        file: 'src/engines/polite-transcriber.ts',
        was: 'transcriber.transcribe(watched(), hints, over)',
        is: 'transcriber.transcribe(watched(), hints, overdue.signal)',
      },
    ],
  ])('planted: %s is still at work when the process is gone', async (_, expected, ...faults) => {
    const own = faults.length > 0 ? ((await import(new URL('src/compose.ts', planted(...faults)).href)) as { compose: typeof compose }) : { compose };
    const { hangs, stops, transcriber } = hanging('first', false);
    const here = await house({ transcriber }, own.compose);
    await until('transcriber', hangs, here.client);
    await here.close();
    expect(stops.some(({ aborted }) => !aborted)).toBe(expected);
    here.client.terminate();
    await here.client.closed;
  });

  test.each<[string, boolean, ...Fault[]]>([
    ['as the house is, nothing', false],
    [
      'of a house in which nobody waits for a deadline that is called off, a rejection',
      true,
      {
        file: 'src/engines/manners.ts',
        was: "() => settle({ type: 'late' }),\n          () => undefined,\n",
        is: "() => settle({ type: 'late' }),\n",
      },
    ],
  ])('planted: %s is handled by nobody', async (_, expected, ...faults) => {
    const own = faults.length > 0 ? ((await import(new URL('src/compose.ts', planted(...faults)).href)) as { compose: typeof compose }) : { compose };
    const unhandled = await unhandledWhile(async () => {
      const { hangs, voice } = hanging('middle', false);
      const here = await house({ voice }, own.compose);
      await until('voice', hangs, here.client);
      await here.close();
      here.client.terminate();
      await here.client.closed;
    });
    expect(unhandled.length > 0).toBe(expected);
  });

  test.each<[string, string[], ...Fault[]]>([
    ['as the house is, nothing stays', []],
    [
      'of a house that never lets go of its storage, nor of the watch over its loop, files, a line to a thread and a timer stay',
      ['MessagePort', 'Timeout', 'files'],
      { file: 'src/compose.ts', was: 'await log.store.close();', is: '' },
      {
        file: 'src/compose.ts',
        was: 'awake: () => house.awake }, closing.signal);',
        is: 'awake: () => house.awake }, new AbortController().signal);',
      },
      { file: 'src/engines/real-clock.ts', was: 'timer.unref();', is: '' },
    ],
  ])('planted: %s open when the process is gone', async (_, expected, ...faults) => {
    const own = faults.length > 0 ? ((await import(new URL('src/compose.ts', planted(...faults)).href)) as { compose: typeof compose }) : { compose };
    const before = held();
    const here = await house({}, own.compose, 'sqlite');
    await here.close();
    here.client.terminate();
    await here.client.closed;
    // what goes takes its time on a crowded machine; what stays stays
    await expect.poll(async () => Object.keys(await heldBeyond(before, 0)).sort(), { timeout: 10_000, interval: 25 }).toEqual(expected);
  });
});
