import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { RATE } from '../../src/core/ports.ts';
import { findPocketsphinx } from '../../src/engines/local/pocketsphinx.ts';
import { childServer } from '../support/child-server.ts';
import { spoken } from '../support/dialogue.ts';
import { needs } from '../support/needs.ts';
import { newFolder } from '../support/new-folder.ts';
import { pullClient } from '../support/pull-client.ts';
import { interview } from '../support/served.ts';
import { speechLike } from '../support/speech-like.ts';
import { webmOf } from '../support/webm-writer.ts';

const open = async (base: string) => {
  const answer = await fetch(`${base}/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(interview) });
  return ((await answer.json()) as { session_id: string }).session_id;
};
const dial = async (base: string, id: string, after?: number) => {
  const client = pullClient(`${base.replace('http', 'ws')}/ws/${id}${after === undefined ? '' : `?after=${after}`}`);
  await client.next('hello');
  return client;
};

describe('the service as a process', () => {
  test('R1 after kill -9 everything that was seen is there, and the session goes on with the next number', async () => {
    const DATA_DIR = newFolder();
    await using before = await childServer({ DATA_DIR });
    const id = await open(before.base);
    const client = await dial(before.base, id);
    const seen = [];
    for (const text of ["Hi, I'm Alex", 'why should we hire you', 'tell me about your team']) {
      client.send({ type: 'said', text, speaker: text.startsWith('Hi') ? 'user' : 'other' });
      seen.push(await client.next('transcript'));
      seen.push(await client.next('suggestion', 'silent'));
    }
    expect(await before.end('SIGKILL')).toEqual([null, 'SIGKILL']);

    await using after = await childServer({ DATA_DIR });
    const again = await dial(after.base, id, 0);
    const resumed = [];
    for (const { type } of seen) resumed.push(await again.next(String(type)));
    expect(resumed).toEqual(seen);
    again.send({ type: 'said', text: 'and what about the salary', speaker: 'user' });
    const line = await again.next('transcript');
    expect(Number(line.seq)).toBeGreaterThan(Number(seen.at(-1)!.seq));
    expect(await again.next('suggestion', 'silent')).toMatchObject({ about: line.seq });
    const feedback = await (await fetch(`${after.base}/session/${id}/finish`, { method: 'POST' })).json();
    expect((feedback as { transcript: unknown[] }).transcript.filter((each) => (each as { speaker: string }).speaker !== 'coach')).toHaveLength(4);
  });

  test('R2 a recorder that never noticed the crash goes on without its header', async () => {
    const DATA_DIR = newFolder();
    const chunks = webmOf(speechLike(6_000), { chunkMs: 100 });
    await using before = await childServer({ DATA_DIR });
    const id = await open(before.base);
    const client = await dial(before.base, id);
    for (const chunk of chunks.slice(0, 30)) client.bytes(chunk);
    client.send({ type: 'stop' });
    await client.next('stopped');
    // what is told is on disk, and with it the header, which came before
    await expect.poll(() => client.all.map(({ type }) => type), { timeout: 30_000 }).toContain('error');
    await before.end('SIGKILL');

    await using after = await childServer({ DATA_DIR });
    const again = await dial(after.base, id, 0);
    for (const chunk of chunks.slice(30)) again.bytes(chunk);
    again.send({ type: 'stop' });
    await again.next('stopped');
    expect(again.all.filter(({ type }) => type === 'error').map(({ code }) => code)).toEqual(['no_recogniser']);
    const { events } = (await (await fetch(`${after.base}/session/${id}/events`)).json()) as { events: { type: string; format?: string }[] };
    expect(events.filter(({ type }) => type === 'segment').map(({ format }) => format)).toEqual(['webm']);
  });

  test('R3 told to stop, it tells everybody to come back and leaves with 0', async () => {
    await using server = await childServer();
    const clients = await Promise.all(Array.from({ length: 5 }, async () => dial(server.base, await open(server.base))));
    expect(await server.end('SIGTERM')).toEqual([0, null]);
    expect((await Promise.all(clients.map((client) => client.closed))).map(({ code }) => code)).toEqual([1012, 1012, 1012, 1012, 1012]);
  });

  test('R7 told to stop in the middle of a sentence, it keeps the words that were understood', async (story) => {
    if (!(await findPocketsphinx())) return story.skip(needs.pocketsphinx);
    const DATA_DIR = newFolder();
    const { samples } = await spoken([
      { voice: 'awb', text: 'Last year the computer system of our hospital was slow, and I found the reason in two days.' },
    ]);
    await using before = await childServer({ DATA_DIR, EARS: 'pocketsphinx' });
    const id = await open(before.base);
    const client = await dial(before.base, id);
    for (const chunk of webmOf(samples.subarray(0, 4 * RATE))) client.bytes(chunk);
    await client.next('partial');
    expect(await before.end('SIGTERM')).toEqual([0, null]);
    await using after = await childServer({ DATA_DIR });
    const again = await dial(after.base, id, 0);
    expect(await again.next('transcript')).toMatchObject({ speaker: 'user', text: expect.stringMatching(/\w/) });
  });

  test('R4 a second one on the same data folder says so and does not start', async () => {
    const DATA_DIR = newFolder();
    await using first = await childServer({ DATA_DIR });
    await open(first.base);
    await using second = await childServer({ DATA_DIR, BUDGETS: 'takeOver=400' });
    expect(await second.gone).toEqual([1, null]);
    expect(second.said()).toMatch(/^Another Aside still has the data folder \S+\. Waiting up to 1 s for it to leave\.\n$/);
    expect(second.complained()).toMatch(/^Another Aside is already using this data folder\.[^\n]+\n$/);
  });

  test('R4 one that only waits for another to leave ends at once when it is told to', async () => {
    const DATA_DIR = newFolder();
    await using first = await childServer({ DATA_DIR });
    const waits = Promise.withResolvers<void>();
    const stopped = { stopAfter: waits.promise, onSaid: () => waits.resolve() };
    await using second = await childServer({ DATA_DIR, BUDGETS: 'takeOver=600000' }, stopped);
    expect(await second.gone).toEqual([0, null]);
    expect(second.complained()).toBe('');
    expect(await first.end()).toEqual([0, null]);
  });

  test('R5 a taken port and wrong settings are told in words, without a stack', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    await using late = await childServer({ PORT: String(port) });
    expect(await late.gone).toEqual([1, null]);
    expect(late.complained()).toMatch(/^The port is taken[^\n]+\n$/);
    taken.close();
    await using nowhere = await childServer({ HOST: '192.0.2.77', ALLOW_ANONYMOUS: '1' });
    expect(await nowhere.gone).toEqual([1, null]);
    expect(nowhere.complained()).toMatch(/^HOST is no address of this machine\.[^\n]+\n$/);
    await using wrong = await childServer({ PORT: 'eighty', EARS: 'elephant' });
    expect(await wrong.gone).toEqual([1, null]);
    expect(wrong.complained()).toMatch(/PORT is “eighty”[\s\S]*EARS is “elephant”/);
    expect(wrong.complained()).not.toContain(' at ');
  });

  test('R6 it says in plain words which ears, voice, brain and log it uses', async () => {
    await using server = await childServer();
    expect(server.said()).toMatch(
      /Ears +the browser’s own recognition, as EARS=browser asks[\s\S]*→ EARS=auto[\s\S]*Voice +flite[\s\S]*Brain +reflexes[\s\S]*Log +\S+aside\.db/,
    );
  });
});
