import type { Worker } from 'node:worker_threads';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compose } from '../../src/compose.ts';
import { readSettings } from '../../src/config.ts';
import { fliteVoice } from '../../src/engines/local/flite-voice.ts';
import { newFolder } from '../support/new-folder.ts';
import { type Fault, planted } from '../support/planted.ts';
import { pullClient } from '../support/pull-client.ts';
import { interview } from '../support/served.ts';
import { figure } from '../support/tier.ts';

const book = 'First thank him for his time, then ask what he thinks of it, and wait. '.repeat(12);

/** The threads that have spoken since somebody looked, and how many clauses they have made together. */
const threads = new Set<Worker>();
let made = 0;
function watch(worker: Worker): void {
  worker.on('message', (answer: object) => {
    if (!('samples' in answer)) return;
    threads.add(worker);
    made += 1;
  });
}
/** A thread that has ended has no number any more; whoever is left over is ended here. */
async function threadsLeft(): Promise<number> {
  const left = [...threads].filter(({ threadId }) => threadId >= 0);
  threads.clear();
  await Promise.all(left.map((thread) => thread.terminate()));
  return left.length;
}

/** What the embedded voice still does when it was told to stop: at its first sound, in the queue before its thread, and for good. */
async function afterStop(voices: typeof fliteVoice) {
  const voice = voices();
  const said = (text: string) => Array.fromAsync(voice.speak(text, new AbortController().signal));
  await said('Smile.');

  const reader = new AbortController();
  let pieces = 0;
  let then = 0;
  for await (const _ of voice.speak(book, reader.signal)) {
    if (reader.signal.aborted) pieces += 1;
    else then = made;
    reader.abort();
  }
  const waitedFor = made - then;

  await said('Smile.');
  const [inHand, inLine] = [new AbortController(), new AbortController()];
  const stopped = [voice.speak(book, inHand.signal), voice.speak('Nobody wants to hear this.', inLine.signal)].map((sound) =>
    sound[Symbol.asyncIterator]().next(),
  );
  then = made;
  inLine.abort();
  inHand.abort();
  await Promise.all(stopped);
  await said('Smile.');
  const forNobody = made - then - ['what was in hand', 'Smile.'].length;

  const cut = said(book).catch(() => undefined);
  await voice.close();
  await cut;
  return { pieces, waitedFor, forNobody, threads: await threadsLeft() };
}

/** How many threads still speak when a house was told to stop in the middle of a whisper. */
async function afterHouse(composes: typeof compose): Promise<number> {
  const house = await composes(readSettings({ STORE: 'memory', EARS: 'browser', VOICE: 'awb', DATA_DIR: newFolder() }));
  const server = await house.server(pino({ level: 'silent' }));
  const base = await server.listen({ port: 0, host: '127.0.0.1' });
  const headers = { 'content-type': 'application/json', connection: 'close' };
  const opened = await fetch(`${base}/session`, { method: 'POST', headers, body: JSON.stringify(interview) });
  const { session_id } = (await opened.json()) as { session_id: string };
  const client = pullClient(`${base.replace('http', 'ws')}/ws/${session_id}`);
  await client.next('hello');
  client.send({ type: 'said', text: 'What salary do you expect in your first year?', speaker: 'other' });
  await client.next('audio');
  await server.close();
  await house.close();
  await client.closed;
  return await threadsLeft();
}

describe('T16 the embedded voice, told to stop', () => {
  beforeAll(() => void process.on('worker', watch));
  afterAll(() => void process.off('worker', watch));

  test('gives nothing more, is not waited for, makes nothing for nobody, and leaves no thread', async () => {
    const left = await afterStop(fliteVoice);
    expect(left).toEqual({ pieces: 0, waitedFor: 0, forNobody: 0, threads: 0 });
    figure('T16', 'pieces of the embedded voice after stop', left.pieces, { most: 0 });
    figure('T16', 'clauses it makes for nobody', left.forNobody, { most: 0 });
  });

  test('with the whole house in the middle of a whisper leaves no thread', async () => {
    const left = await afterHouse(compose);
    figure('T16', 'threads that speak when the house is gone', left, { most: 0 });
  });

  test.each<[string, keyof Awaited<ReturnType<typeof afterStop>>, Fault]>([
    ['goes on speaking', 'pieces', { file: 'src/engines/local/flite-voice.ts', was: 'if (stop.aborted) return;', is: '' }],
    [
      'is waited for',
      'waitedFor',
      { file: 'src/engines/local/flite-voice.ts', was: 'AbortSignal.any([stop, control.signal])', is: 'new AbortController().signal' },
    ],
    ['speaks for nobody', 'forNobody', { file: 'src/engines/local/flite-queue.ts', was: 'if (place >= 0) waiting.splice(place, 1);', is: '' }],
    [
      'is left behind by its thread',
      'threads',
      { file: 'src/engines/local/flite-queue.ts', was: /await thread\?\.terminate\(\);(?![\s\S]*await thread\?\.terminate\(\);)/, is: '' },
    ],
  ])('planted: one that %s is caught', async (_, sign, fault) => {
    const copy = (await import(/* @vite-ignore */ new URL('src/engines/local/flite-voice.ts', planted(fault)).href)) as {
      fliteVoice: typeof fliteVoice;
    };
    expect((await afterStop(copy.fliteVoice))[sign]).toBeGreaterThan(0);
  });

  test('planted: a house that forgets its voice is caught', async () => {
    const fault = { file: 'src/compose/voices.ts', was: 'await Promise.all([flite.close(), ...elsewhere', is: 'await Promise.all([...elsewhere' };
    const copy = (await import(/* @vite-ignore */ new URL('src/compose.ts', planted(fault)).href)) as { compose: typeof compose };
    expect(await afterHouse(copy.compose)).toBeGreaterThan(0);
  });
});
