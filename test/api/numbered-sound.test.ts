import { describe, expect, test } from 'vitest';
import type { Brought } from '../../src/compose.ts';
import { loudDetector } from '../support/listening.ts';
import { frameOf, numberedClient } from '../support/numbered-client.ts';
import { served } from '../support/served.ts';
import { counted, counting, toneTranscriber } from '../support/tone-words.ts';
import { webmOf } from '../support/webm-writer.ts';

const ears: Brought = { transcriber: { ...toneTranscriber, close: async () => undefined }, detector: loudDetector };
const utterances = [3, 4, 2];
const total = 9;
const chunks = webmOf(counting(0, utterances), { chunkMs: 100, bitrate: 32_000 });

/** A running service with one session, and the ways to it. */
async function stage() {
  const service = await served({ VOICE: 'none' }, ears);
  const { id } = await service.session();
  const address = `${service.base.replace('http', 'ws')}/ws/${id}`;
  const log = async () => ((await (await fetch(`${service.base}/session/${id}/events`)).json()) as { events: Record<string, unknown>[] }).events;
  return {
    id,
    service,
    address,
    connect: (after = 0) => numberedClient(address, after),
    words: async () => (await log()).filter(({ type }) => type === 'said').flatMap(({ text }) => String(text).split(' ')),
    log,
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

type Client = Awaited<ReturnType<typeof numberedClient>>;
const send = (client: Client, from: number, to = chunks.length) => {
  for (let no = from; no <= to; no += 1) client.piece(no, (no - 1) * 100, chunks[no - 1]!);
};

describe('numbered sound over a socket', () => {
  test('U1 it is acknowledged when its words are in the log, and wholly at the end', async () => {
    await using here = await stage();
    const client = await here.connect();
    expect(client.hello).toMatchObject({ chunk: 0, clock: expect.any(Number) });
    send(client, 1);
    client.send({ type: 'stop' });
    await client.next('stopped');
    expect(await here.words()).toEqual(counted(0, total));
    const order = client.all.flatMap((message) => (message.type === 'transcript' || message.type === 'ack' ? [message] : []));
    for (const [index, message] of order.entries())
      if (message.type === 'ack')
        expect(order.slice(index).filter(({ type, seq }) => type === 'transcript' && Number(seq) < Number(message.seq))).toEqual([]);
    expect(order.at(-1)).toMatchObject({ type: 'ack', chunk: chunks.length });
  });

  test('U2 what comes twice, too early or in disorder is put right, and what is missing is asked for', async () => {
    await using here = await stage();
    const client = await here.connect();
    send(client, 1, 10);
    send(client, 4, 10);
    for (const no of [13, 12, 14, 11]) send(client, no, no);
    expect(await client.next('resend')).toMatchObject({ from: 11 });
    send(client, 15);
    client.send({ type: 'stop' });
    await client.next('stopped');
    expect(await here.words()).toEqual(counted(0, total));
  });

  test('U3 over a broken line it goes on where it was, in the middle of a word and without a header', async () => {
    await using here = await stage();
    const first = await here.connect();
    send(first, 1, 9);
    first.send({ type: 'ping' });
    await first.next('pong');
    first.terminate();
    const second = await here.connect();
    expect(second.chunk).toBe(9);
    send(second, 10);
    second.send({ type: 'stop' });
    await second.next('stopped');
    expect(await here.words()).toEqual(counted(0, total));
    expect((await here.log()).filter(({ type }) => type === 'segment')).toHaveLength(1);
  });

  test('U4 what the client lost is a gap that everybody sees, and the words after it come at their time', async () => {
    await using here = await stage();
    const client = await here.connect();
    send(client, 1, 18);
    client.send({ type: 'lost', before: 29, at: 2_800 });
    send(client, 29);
    client.send({ type: 'stop' });
    await client.next('stopped');
    const log = await here.log();
    expect(log.filter(({ type }) => type === 'failed')).toEqual([
      expect.objectContaining({ code: 'sound_lost', message: expect.stringMatching(/never arrived/) }),
    ]);
    const words = await here.words();
    expect(words.slice(0, 3)).toEqual(counted(0, 3));
    expect(words.slice(-2)).toEqual(counted(7, 2));
    const last = log.findLast(({ type }) => type === 'said') as { from: number };
    // the session's clock cannot be ahead of real time, and all of this was sent at once
    expect(last.from).toBeGreaterThan(0);
  });

  test('U5 a command with an id is done once, however often it comes, and says so', async () => {
    await using here = await stage();
    const client = await here.connect();
    for (let time = 0; time < 3; time += 1) client.send({ type: 'said', text: 'only once', speaker: 'user', id: 'a1' });
    const done = [await client.next('done'), await client.next('done'), await client.next('done')];
    expect(new Set(done.map(({ seq }) => seq)).size).toBe(1);
    client.terminate();
    const again = await here.connect();
    again.send({ type: 'said', text: 'only once', speaker: 'user', id: 'a1' });
    expect(await again.next('done')).toEqual(done[0]);
    expect(await here.words()).toEqual(['only', 'once']);
    again.send({ type: 'feedback', reply: 999, useful: true, id: 'a2' });
    expect(await again.next('error')).toMatchObject({ id: 'a2', code: 'invalid' });
  });

  test('U6 a frame without a number costs one sentence, and a client that says nothing of numbers is heard as ever', async () => {
    await using here = await stage();
    const client = await here.connect();
    client.bytes(Uint8Array.of(1, 2, 3));
    client.bytes(frameOf(0, 0, Uint8Array.of(1)));
    expect(await client.next('error')).toMatchObject({ code: 'unreadable' });
    expect(await client.next('error')).toMatchObject({ code: 'unreadable' });
    const plain = await here.service.connect(here.id, 0);
    for (const chunk of chunks) plain.bytes(chunk);
    plain.send({ type: 'stop' });
    await plain.next('stopped');
    expect(await here.words()).toEqual(counted(0, total));
    expect(await client.closed).toMatchObject({ code: 4009 });
  });

  test('U7 finishing hears what is still there', async () => {
    await using here = await stage();
    const client = await here.connect();
    send(client, 1);
    client.send({ type: 'ping' });
    await client.next('pong');
    const answer = (await (await here.service.post(`/session/${here.id}/finish`)).json()) as { transcript: { text: string }[] };
    expect(answer.transcript.flatMap(({ text }) => text.split(' ')).filter((word) => word.startsWith('w'))).toEqual(counted(0, total));
  });

  test('U8 what was recorded in a time that was forgotten is never heard, whether it was on its way to the ear or comes later', async () => {
    await using here = await stage();
    const client = await here.connect();
    const half = Math.floor(chunks.length / 2);
    send(client, 1, half);
    client.send({ type: 'forget', seconds: 600, id: 'forget' });
    await client.next('done');
    // what the line held back until now
    for (let no = half + 1; no <= chunks.length; no += 1) client.piece(no, 0, chunks[no - 1]!);
    const more = webmOf(counting(20, [3]), { chunkMs: 100, bitrate: 32_000 });
    for (const [index, bytes] of more.entries()) client.piece(chunks.length + 1 + index, 60_000 + index * 100, bytes);
    client.send({ type: 'stop' });
    await client.next('stopped');
    expect(await here.words()).toEqual(counted(20, 3));
    expect((await here.log()).find(({ type }) => type === 'removed')).toMatchObject({
      of: expect.any(Array),
      span: { from: 0, to: expect.any(Number) },
    });
    expect((await here.log()).filter(({ type }) => type === 'failed')).toEqual([]);
    client.terminate();
    expect((await here.connect()).chunk).toBe(chunks.length + more.length);
  });

  test('U9 where the sound is kept it is acknowledged before its words, and withdrawing the consent takes that back', async () => {
    await using here = await stage();
    const client = await here.connect();
    client.send({ type: 'consent', audio: true, id: 'yes' });
    await client.next('done');
    send(client, 1, 3);
    for (let chunk = 0; chunk < 3; ) {
      const ack = await client.next('ack');
      expect(ack.seq).toBeUndefined();
      chunk = Number(ack.chunk);
    }
    expect(await here.words()).toEqual([]);
    client.send({ type: 'consent', audio: false, id: 'no' });
    await client.next('done');
    send(client, 4);
    client.send({ type: 'stop' });
    await client.next('stopped');
    expect(await here.words()).toEqual(counted(0, total));
    expect(client.all.findLast(({ type }) => type === 'ack')).toMatchObject({ chunk: chunks.length, seq: expect.any(Number) });
    expect(await (await fetch(`${here.service.base}/session/${here.id}/recordings`)).json()).toMatchObject({ recordings: [] });
  });

  test('U10 sound without numbers is kept as well, in the order in which it came, and a second recorder is a second file', async () => {
    await using here = await stage();
    for (const round of [1, 2]) {
      const plain = await here.service.connect(here.id, 0);
      plain.send({ type: 'consent', audio: true, id: `yes ${round}` });
      await plain.next('done');
      for (const chunk of chunks) plain.bytes(chunk);
      plain.send({ type: 'stop' });
      await plain.next('stopped');
    }
    for (const number of [1, 2]) {
      const answer = await fetch(`${here.service.base}/session/${here.id}/recording/${number}`);
      expect(Buffer.from(await answer.arrayBuffer()).equals(Buffer.concat(chunks))).toBe(true);
    }
    expect((await fetch(`${here.service.base}/session/${here.id}/recording/3`)).status).toBe(404);
  });

  test('U11 what is kept is not acknowledged over a hole: sound that came before the consent is the client’s until it is heard', async () => {
    await using here = await stage();
    const client = await here.connect();
    send(client, 1, 9);
    client.send({ type: 'consent', audio: true, id: 'yes' });
    await client.next('done');
    send(client, 10, 11);
    client.send({ type: 'ping' });
    await client.next('pong');
    expect(client.all.filter(({ type }) => type === 'ack')).toEqual([]);
    send(client, 12);
    client.send({ type: 'stop' });
    await client.next('stopped');
    expect(await here.words()).toEqual(counted(0, total));
  });
});
