import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'vitest';
import type { Brought, compose } from '../../src/compose.ts';
import type { Entry } from '../../src/core/entry.ts';
import { withoutMargin } from '../../src/stores/sqlite-margin.ts';
import { loudDetector } from './listening.ts';
import { newFolder } from './new-folder.ts';
import { numberedClient } from './numbered-client.ts';
import { jottedIn, remainsOf, sealedOf } from './remains.ts';
import { interview, served } from './served.ts';
import { counting, toneTranscriber } from './tone-words.ts';
import { webmOf } from './webm-writer.ts';

type Compose = typeof compose;

export const ears: Brought = { transcriber: { ...toneTranscriber, close: async () => undefined }, detector: loudDetector };
const pieces = webmOf(counting(0, [3, 4, 2]), { chunkMs: 100, bitrate: 32_000 });
const third = Math.floor(pieces.length / 3);

/** Words that stand nowhere but in what is to be forgotten. */
export const sentinel = 'Zanzibarquartz';

/** A service that keeps on disk, and the ways to look at what it keeps. */
export async function keepingHouse(composes?: Compose) {
  const folder = newFolder();
  const service = await served({ STORE: 'sqlite', DATA_DIR: folder, VOICE: 'none', LOG_LEVEL: 'debug' }, ears, composes);
  /** The files as they are now; nobody has these open. */
  const copied = (): string => {
    const copy = newFolder();
    cpSync(folder, copy, { recursive: true });
    return join(copy, 'aside.db');
  };
  return {
    ...service,
    folder,
    address: (id: string) => `${service.base.replace('http', 'ws')}/ws/${id}`,
    sealed: (id: string) => sealedOf(copied(), id),
    /** What lies in the files of a session's sound, sealed as it is. */
    soundOnDisk(id: string): Uint8Array[] {
      const db = new DatabaseSync(copied(), { readOnly: true });
      const rows = db.prepare('select body from sounds where id = ?').all(id);
      db.close();
      return rows.map(({ body }) => withoutMargin(body as Uint8Array));
    },
    async entries(id: string): Promise<Entry[]> {
      const answer = await fetch(`${service.base}/session/${id}/events`);
      return ((await answer.json()) as { events: Entry[] }).events;
    },
    async recordings(id: string) {
      return (await (await fetch(`${service.base}/session/${id}/recordings`)).json()) as {
        recordings: { number: number; format: string; from: number; bytes: number; path: string }[];
      };
    },
    erase: (id: string) => fetch(`${service.base}/session/${id}`, { method: 'DELETE' }),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

type Client = Awaited<ReturnType<typeof numberedClient>>;

export const send = (client: Client, from: number, to: number) => {
  for (let no = from; no <= to; no += 1) client.piece(no, (no - 1) * 100, pieces[no - 1]!);
};
const done = async (client: Client, message: object, id: string) => {
  client.send({ ...message, id });
  await client.next('done');
};
/** Resolves when everything that was sent before is taken. */
const taken = async (client: Client) => {
  client.send({ type: 'ping' });
  await client.next('pong');
};

/** Pieces of sound on disk before anybody agreed, after, off the record, and when the consent was taken back; and files that still have any of it then. */
export async function consentStory(composes?: Compose) {
  await using house = await keepingHouse(composes);
  const { id } = await house.session();
  const client = await numberedClient(house.address(id));
  send(client, 1, third);
  await taken(client);
  const before = house.soundOnDisk(id).length;
  await done(client, { type: 'consent', audio: true }, 'yes');
  send(client, third + 1, 2 * third);
  await taken(client);
  const kept = house.soundOnDisk(id);
  await done(client, { type: 'pause' }, 'off');
  send(client, 2 * third + 1, 2 * third + 5);
  await taken(client);
  const paused = house.soundOnDisk(id).length - kept.length;
  await done(client, { type: 'resume' }, 'on');
  await done(client, { type: 'consent', audio: false }, 'no');
  send(client, 2 * third + 6, pieces.length);
  client.send({ type: 'stop' });
  await client.next('stopped');
  const after = house.soundOnDisk(id).length;
  const plain = remainsOf(pieces, house.folder);
  return { before, agreed: kept.length, expected: third, paused, after, remains: remainsOf(kept, house.folder), plain };
}

/** What is left after the words with the sentinel were forgotten: entries and files that have any of them. */
export async function forgetStory(composes?: Compose) {
  await using house = await keepingHouse(composes);
  const { id } = await house.session({ ...interview, consent: { audio: true, parties: 'both' } });
  const client = await numberedClient(house.address(id));
  const verdict = () => client.next('suggestion', 'silent');
  const say = async (text: string, speaker: string) => {
    client.send({ type: 'said', text, speaker });
    await client.next('transcript');
    return verdict();
  };
  await say("Hi, I'm Alex.", 'user');
  await say('Nice to meet you.', 'other');
  await say(`Why did you leave ${sentinel} after such a short time?`, 'other');
  client.send({ type: 'hint' });
  await client.next('suggestion', 'silent');
  const log = await house.entries(id);
  const seq = log.find((entry) => JSON.stringify(entry).includes(sentinel))!.seq;
  const jotted = jottedIn(house.folder).map(({ bytes }) => bytes);
  await expect.poll(() => house.sealed(id).length, { timeout: 10_000, interval: 25 }).toBeGreaterThan(log.length);
  const sealed = house.sealed(id).slice(1);
  const advised = log.some((entry) => entry.type === 'advised' && (entry.about === seq || entry.evidence.includes(seq)));
  await done(client, { type: 'forget', seqs: [seq] }, 'forget');
  const told = client.all.findLast(({ type }) => type === 'removed')?.of as number[];
  const left = await house.entries(id);
  const again = await numberedClient(house.address(id));
  again.send({ type: 'ping' });
  await again.next('pong');
  const shown = again.all.filter((message) => JSON.stringify(message).includes(sentinel));
  // the coach must not come back to it either
  again.send({ type: 'hint' });
  await again.next('suggestion', 'silent');
  const gone = new Set(told);
  const quoting = (await house.entries(id)).filter((entry) =>
    entry.type === 'advised' ? gone.has(entry.about) || entry.evidence.some((each) => gone.has(each)) : 'about' in entry && gone.has(entry.about),
  );
  const words = (await house.entries(id)).filter((entry) => JSON.stringify(entry).includes(sentinel));
  return {
    advised,
    told,
    dense: left.every((entry, index) => entry.seq === index + 1),
    words: words.length + shown.length,
    quoting: quoting.length,
    remains: remainsOf([...told.map((each) => sealed[each - 1]!), ...jotted], house.folder),
  };
}

/** What is left of a session that was erased while its microphone ran: files and log lines with any of it. */
export async function eraseStory(composes?: Compose) {
  await using house = await keepingHouse(composes);
  const { id, token } = await house.session({ ...interview, context: sentinel, consent: { audio: true } });
  const client = await numberedClient(house.address(id));
  send(client, 1, 2 * third);
  client.send({ type: 'said', text: `nobody knows ${sentinel}`, id: 'said' });
  await client.next('done');
  client.send({ type: 'forget', seconds: 60, id: 'forget' });
  await client.next('done');
  send(client, 2 * third + 1, pieces.length);
  await taken(client);
  const sealed = [...house.sealed(id), ...jottedIn(house.folder).map(({ bytes }) => bytes)];
  const sounds = house.soundOnDisk(id).length;
  const began = performance.now();
  const { status } = await house.erase(id);
  const ms = performance.now() - began;
  const { code } = await client.closed;
  const secrets = [...sealed, ...pieces, Buffer.from(sentinel), Buffer.from(token)];
  const logged = house.log.filter((line) => line.includes(sentinel) || line.includes(token)).length;
  return { status, code, ms, sounds, remains: remainsOf(secrets, house.folder), logged };
}

/** A session with sound and feedback, as it was and as it is after it went out of one house and into another. */
export async function copyStory(composes?: Compose) {
  const speak = async (house: Awaited<ReturnType<typeof keepingHouse>>) => {
    const { id } = await house.session({ ...interview, consent: { audio: true, parties: 'both of us', version: 2 } });
    const client = await numberedClient(house.address(id));
    send(client, 1, pieces.length);
    client.send({ type: 'said', text: 'What = "would" you <b>do</b>?', speaker: 'other', id: 'said' });
    await client.next('suggestion', 'silent');
    client.send({ type: 'stop' });
    await client.next('stopped');
    await house.post(`/session/${id}/finish`);
    return id;
  };
  const told = async (house: Awaited<ReturnType<typeof keepingHouse>>, id: string) => {
    const feedback = (await (await house.post(`/session/${id}/finish`)).json()) as Record<string, unknown>;
    const sound = await Array.fromAsync((await house.recordings(id)).recordings, async ({ path }) =>
      Buffer.from(await (await fetch(house.base + path)).arrayBuffer()),
    );
    return { feedback: { ...feedback, session_id: '' }, entries: await house.entries(id), sound };
  };
  await using here = await keepingHouse(composes);
  await using there = await keepingHouse(composes);
  const id = await speak(here);
  const document = await (await fetch(`${here.base}/session/${id}/export`)).text();
  const answer = await there.post('/session/import', document);
  const { session_id, token } = (await answer.json()) as { session_id: string; token: string };
  return { id, document, status: answer.status, session_id, token, before: await told(here, id), after: await told(there, session_id) };
}
