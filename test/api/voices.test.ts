import { beforeAll, describe, expect, test } from 'vitest';
import { RATE } from '../../src/core/ports.ts';
import { childServer } from '../support/child-server.ts';
import { spoken, type Turn } from '../support/dialogue.ts';
import { guarded } from '../support/guarded.ts';
import { newFolder } from '../support/new-folder.ts';
import { frameOf, numberedClient } from '../support/numbered-client.ts';
import { interview, served } from '../support/served.ts';
import { webmOf } from '../support/webm-writer.ts';

const lines = [
  { voice: 'slt', text: 'Hi, I am Alex, and thank you for having me here today.' },
  { voice: 'awb', text: 'Good to see you, did you find the way to our office?' },
  { voice: 'slt', text: 'Yes, the train was on time and the walk was short.' },
  { voice: 'awb', text: 'Then let us begin, what brings you to our company?' },
] as const;

let sound: Int16Array;
let turns: Turn[];
beforeAll(async () => {
  ({ samples: sound, turns } = await spoken(lines));
}, 30_000);

/** These lines, as a recorder of their own. */
function recorded(first: number, last = first): Uint8Array[] {
  const [from, to] = [turns[first]!.from - 500, turns[last]!.to + 900];
  return webmOf(sound.subarray((from * RATE) / 1_000, (to * RATE) / 1_000), { chunkMs: 250, bitrate: 32_000 });
}

type Client = Awaited<ReturnType<typeof numberedClient>>;

/** Sends a recording in pieces behind this number, waits until it is heard, and answers with the last number. */
async function heard(client: Client, behind: number, chunks: readonly Uint8Array[]): Promise<number> {
  for (const [index, bytes] of chunks.entries()) client.piece(behind + 1 + index, (behind + index) * 250, bytes);
  client.send({ type: 'stop' });
  await client.next('stopped');
  return behind + chunks.length;
}

/** Whose words these are, by the voice that was heard last. */
async function speakerOf(client: Client, text: string): Promise<unknown> {
  client.send({ type: 'said', text });
  return (await client.next('transcript')).speaker;
}

const voicesIn = (client: Client) => client.all.filter(({ type }) => type === 'voices').map(({ numbers }) => numbers as number[]);

describe('the voice of the user', { timeout: 60_000 }, () => {
  test('is known again after kill -9, without being taught again, and is nowhere in the log', async () => {
    const DATA_DIR = newFolder();
    const socketOf = (base: string, id: string) => `${base.replace('http', 'ws')}/ws/${id}`;
    await using before = await childServer({ DATA_DIR });
    const opened = await fetch(`${before.base}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(interview),
    });
    const { session_id: id } = (await opened.json()) as { session_id: string };
    const client = await numberedClient(socketOf(before.base, id));
    const last = await heard(client, 0, recorded(0, 1));
    const numbers = voicesIn(client).at(-1)!;
    expect(await speakerOf(client, 'Good to see you.')).toBe('other');
    expect(numbers.length).toBeGreaterThan(10);
    await before.end('SIGKILL');

    await using after = await childServer({ DATA_DIR });
    const again = await numberedClient(socketOf(after.base, id));
    expect(again.hello).toMatchObject({ voices: false });
    again.send({ type: 'voices', numbers });
    const next = await heard(again, last, recorded(2));
    expect(await speakerOf(again, 'The train was on time.')).toBe('user');
    await heard(again, next, recorded(3));
    expect(await speakerOf(again, 'What brings you here?')).toBe('other');
    const log = await (await fetch(`${after.base}/session/${id}/events`)).text();
    expect(log).not.toContain('voices');
    expect(log).not.toContain(String(numbers[1]));
    expect((await numberedClient(socketOf(after.base, id))).hello).toMatchObject({ voices: true });
  });

  test('is told to whoever speaks in numbered pieces, and to nobody else', async () => {
    await using house = await guarded();
    const session = await house.open();
    const viewer = house.knock(session.id, { ticket: await house.ticket(session.id, (await house.share(session, 'viewer')).token) });
    await viewer.next('hello');
    const told: number[] = [];
    for (const shown of [{ token: session.token }, { ticket: await house.ticket(session.id, session.token) }]) {
      const client = house.knock(session.id, shown);
      await client.next('hello');
      for (const [index, bytes] of recorded(0, 1).entries()) client.bytes('ticket' in shown ? frameOf(index + 1, 0, bytes) : bytes);
      client.send({ type: 'stop' });
      await client.next('stopped');
      client.send({ type: 'said', text: 'Good to see you.' });
      await Promise.all([client.next('transcript'), viewer.next('transcript')]);
      told.push(client.all.filter(({ type }) => type === 'voices').length);
    }
    expect(told).toEqual([0, expect.any(Number)]);
    expect(told[1]).toBeGreaterThan(0);
    expect(viewer.all.filter(({ type }) => type === 'voices')).toEqual([]);
  });

  test('as somebody made it up is refused in a sentence, and changes nothing', async () => {
    await using house = await served();
    const { id } = await house.session();
    const client = await numberedClient(`${house.base.replace('http', 'ws')}/ws/${id}`);
    await heard(client, 0, recorded(0, 1));
    const good = voicesIn(client).at(-1)!;
    const other = await house.session();
    const stranger = await numberedClient(`${house.base.replace('http', 'ws')}/ws/${other.id}`);
    const wrong = [[], good.slice(1), [...good, 0], good.map(() => 1e6), good.map((number, index) => (index === 0 ? -1 : number))];
    for (const numbers of wrong) {
      stranger.send({ type: 'voices', numbers });
      expect(await stranger.next('error')).toMatchObject({ code: 'invalid' });
      // a good message forgives the bad ones before it
      stranger.send({ type: 'ping' });
      await stranger.next('pong');
    }
    expect((await numberedClient(`${house.base.replace('http', 'ws')}/ws/${other.id}`)).hello).toMatchObject({ voices: false });
  });
});
