import { once } from 'node:events';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { Entry } from '../../src/core/entry.ts';
import { sqliteStore } from '../../src/stores/sqlite.ts';
import { SqliteLog } from '../../src/stores/sqlite-log.ts';
import { childServer } from '../support/child-server.ts';
import { newFolder } from '../support/new-folder.ts';
import { asideMember, bareMember, chatter, type Member } from './bench-crowd.ts';
import { pause, quantile } from './bench-measure.ts';

const crowd = 100;
const perSecond = 200;
const rounds = 25;
const seconds = 2;
const rest = 3_000;
const rooms = 50;
const inFlight = 8;
const long = 10_000;

/** Nobody here is slowed down for being eager. */
const environment = { STORE: 'sqlite', VOICE: 'none', BUDGETS: 'textPerSecond=1000000,textBurst=1000000' };

type Post = (path: string, body: object) => Promise<{ room_id: string }>;
const postTo =
  (base: string): Post =>
  async (path, body) =>
    (
      await fetch(`${base}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    ).json() as Promise<{
      room_id: string;
    }>;

/** What the disk itself takes for a small write, as often as messages come, in ms: no commit takes less. */
async function diskTakes(): Promise<number[]> {
  const file = openSync(join(newFolder(), 'disk'), 'w');
  const delays: number[] = [];
  for (let written = 0; written < 400; written += 1) {
    writeSync(file, Buffer.alloc(4_096, written));
    const from = performance.now();
    fdatasyncSync(file);
    delays.push(performance.now() - from);
    await pause(1_000 / perSecond);
  }
  closeSync(file);
  return delays;
}

/** A crowd in one room: lets it talk for a while, and tells how long it took from a message being said to everybody else being told it, in ms. */
async function gathered(come: (heard: (content: string) => void, index: number) => Promise<Member>) {
  let begun = Number.POSITIVE_INFINITY;
  let delays: number[] = [];
  const heard = (content: string) => {
    const said = Number.parseFloat(content);
    if (said >= begun) delays.push(performance.now() - said);
  };
  const members = await Promise.all(Array.from({ length: crowd }, (_, index) => come(heard, index)));
  await chatter(members, perSecond, 2);
  return {
    async talk(): Promise<number[]> {
      delays = [];
      begun = performance.now();
      await chatter(members, perSecond, seconds);
      await pause(600);
      return delays;
    },
    leave() {
      for (const { close } of members) close();
    },
  };
}

async function fanOut(print: (line: string) => void): Promise<void> {
  const script = ['tools/start.mjs', '--run', 'test/bench/bench-bare-room.ts'];
  await using aside = await childServer(environment);
  await using bare = await childServer({}, { script });
  await using keeps = await childServer({ KEEPS: 'yes' }, { script });
  const { room_id } = await postTo(aside.base)('/room/create', { participant_id: 'm0' });
  const crowds = {
    bare: await gathered((heard) => bareMember(bare.base, heard)),
    keeps: await gathered((heard) => bareMember(keeps.base, heard)),
    aside: await gathered((heard, index) => asideMember(aside.base, room_id, `m${index}`, heard)),
  };
  const delays: Record<keyof typeof crowds, number[][]> = { bare: [], keeps: [], aside: [] };
  // by turns and briefly: what disturbs this machine for ten seconds disturbs all three
  for (let round = 0; round < rounds; round += 1) {
    for (const who of ['bare', 'keeps', 'aside'] as const) delays[who].push(await crowds[who].talk());
    // what Aside does when nobody asks anything of it is done before the next one's turn
    await pause(rest);
  }
  for (const { leave } of Object.values(crowds)) leave();
  const whole = crowd * perSecond * seconds * rounds;
  const told = (list: number[]) =>
    `p50 ${quantile(list, 0.5).toFixed(1)} ms, p99 ${quantile(list, 0.99).toFixed(1)} ms (${((100 * list.length) / (whole - whole / crowd)).toFixed(1)} % arrived)`;
  print(`one room, ${crowd} members, ${perSecond} messages/s, said → told: Aside, each on disk before it is seen: ${told(delays.aside.flat())}`);
  print(`  a bare socket.io server that keeps nothing: ${told(delays.bare.flat())}`);
  print(`  a bare socket.io server that writes each to disk before it is told, and nothing else: ${told(delays.keeps.flat())}`);
  const disk = await diskTakes();
  print(
    `  the disk alone, beside whatever else this machine does: p50 ${quantile(disk, 0.5).toFixed(1)} ms, p99 ${quantile(disk, 0.99).toFixed(1)} ms`,
  );
  // one stall of the machine would decide about all rounds, so each is held against the one beside it
  const times = (one: 'keeps' | 'aside', share: number) =>
    delays[one].map((list, round) => quantile(list, share) / quantile(delays.bare[round]!, share));
  const median = (one: 'keeps' | 'aside', share: number) => `${quantile(times(one, share), 0.5).toFixed(2)} ×`;
  const all = times('aside', 0.99).sort((one, other) => one - other);
  print(
    `  against the one that keeps nothing, median of ${rounds} rounds: p50 ${median('aside', 0.5)}, p99 ${median('aside', 0.99)} (goal ≤ 1.5; a quarter of the rounds ≤ ${quantile(all, 0.25).toFixed(2)}, three quarters ≤ ${quantile(all, 0.75).toFixed(2)})`,
  );
  print(`  the bare one that writes to disk, against the same: p50 ${median('keeps', 0.5)}, p99 ${median('keeps', 0.99)}`);
}

/** Posts as fast as acknowledgements come back, some in flight. */
async function poster(base: string, room: string, until: number): Promise<{ acks: number; delays: number[] }> {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/ws/${room}?participant_id=poster`);
  const said = new Map<string, number>();
  const delays: number[] = [];
  let count = 0;
  const say = () => {
    count += 1;
    said.set(String(count), performance.now());
    socket.send(JSON.stringify({ type: 'message', content: `message ${count}, as long as people write them, more or less`, id: String(count) }));
  };
  await once(socket, 'open');
  const done = new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      const { type, id } = JSON.parse(String(data)) as { type: string; id?: string };
      if (type !== 'ack') return;
      delays.push(performance.now() - said.get(id!)!);
      said.delete(id!);
      if (performance.now() < until) say();
      else if (said.size === 0) resolve();
    });
  });
  for (let each = 0; each < inFlight; each += 1) say();
  await done;
  socket.terminate();
  return { acks: delays.length, delays };
}

async function posting(print: (line: string) => void): Promise<void> {
  await using aside = await childServer(environment);
  const ids = await Promise.all(Array.from({ length: rooms }, () => postTo(aside.base)('/room/create', { participant_id: 'poster', agents: false })));
  const run = (ms: number) => Promise.all(ids.map(({ room_id }) => poster(aside.base, room_id, performance.now() + ms)));
  await run(2_000);
  const from = performance.now();
  const posted = await run(8_000);
  const took = performance.now() - from;
  const acks = posted.reduce((sum, { acks }) => sum + acks, 0);
  const delays = posted.flatMap(({ delays }) => delays);
  print(
    `posting with ack, ${rooms} rooms, ${inFlight} in flight each, on disk before the ack: ${Math.round((1_000 * acks) / took)} messages/s (goal ≥ 2000), p50 ${quantile(delays, 0.5).toFixed(0)} ms, p99 ${quantile(delays, 0.99).toFixed(0)} ms`,
  );
}

const longOnes = Array.from({ length: 7 }, (_, index) => `2222-22222-222${index + 2}`);

/** Writes long conversations as people do: line by line, though here many at the same time. */
async function writeLong(path: string): Promise<void> {
  const store = await sqliteStore(path);
  const at = new Date().toISOString();
  for (const id of longOnes) {
    const written: Promise<void>[] = [];
    for (let seq = 1; seq <= long; seq += 1) {
      const entry: Entry =
        seq === 1
          ? { seq, at, by: 'ann', type: 'opened', kind: 'room', title: 'A room', settings: { agents: false } }
          : { seq, at, by: `m${seq % 7}`, type: 'said', via: 'text', text: `message ${seq}, as long as people write them, more or less` };
      written.push(store.append(id, [entry]));
    }
    await Promise.all(written);
  }
  await store.close();
}

/** What the service does when nobody asks anything of it. */
function letRest(path: string): void {
  const log = new SqliteLog({ path });
  for (const id of longOnes) log.read(id, 0, long);
  while (log.isLoose) log.tidy();
  log.close();
}

async function openAll(folder: string): Promise<string> {
  await using aside = await childServer({ ...environment, DATA_DIR: folder });
  const greeted: number[] = [];
  const whole: number[] = [];
  for (const id of longOnes) {
    const from = performance.now();
    const socket = new WebSocket(`${aside.base.replace('http', 'ws')}/ws/${id}?participant_id=ann&after=0`);
    await new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        const { type, seq } = JSON.parse(String(data)) as { type: string; seq?: number };
        if (type === 'room_state') greeted.push(performance.now() - from);
        if (type === 'message' && seq === long) resolve();
      });
    });
    whole.push(performance.now() - from);
    socket.terminate();
  }
  const told = (list: number[]) => `median ${quantile(list, 0.5).toFixed(0)} ms, worst ${Math.max(...list).toFixed(0)} ms`;
  return `${told(greeted)} (goal ≤ 150); until all of them are told: ${told(whole)}`;
}

async function opening(print: (line: string) => void): Promise<void> {
  const folder = newFolder();
  const path = join(folder, 'aside.db');
  await writeLong(path);
  const loose = await openAll(folder);
  letRest(path);
  print(`opening a conversation of ${long} entries that sleeps on disk: ${await openAll(folder)}`);
  print(`  opened before the service had a moment of rest since it was written: ${loose}`);
}

/** Rooms: how soon a crowd is told, how much can be posted, and how soon a long one is open. */
export async function bench(print: (line: string) => void): Promise<void> {
  await fanOut(print);
  await posting(print);
  await opening(print);
}
