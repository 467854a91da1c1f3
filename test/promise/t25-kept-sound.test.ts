import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { toneServer } from '../support/child-server.ts';
import { hasFfmpeg, soundByFfmpeg } from '../support/ffmpeg-reference.ts';
import { heardBytes } from '../support/hear-bytes.ts';
import { needs, titled } from '../support/needs.ts';
import { newFolder } from '../support/new-folder.ts';
import { numberedClient } from '../support/numbered-client.ts';
import { glued } from '../support/opus-packets.ts';
import { planted } from '../support/planted.ts';
import { interview } from '../support/served.ts';
import { figure } from '../support/tier.ts';
import { counted, counting, wordsIn } from '../support/tone-words.ts';
import { webmOf } from '../support/webm-writer.ts';

const utterances = [3, 4, 2];
const pieces = webmOf(counting(0, utterances), { chunkMs: 100, bitrate: 32_000 });
const last = pieces.length;
/** Only a fifth of a second behind the last word: no ear is sure by then that it is over. */
const spokenOut = last - 8;

type Child = Awaited<ReturnType<typeof toneServer>>;
const socketOf = (child: Child, id: string) => `${child.base.replace('http', 'ws')}/ws/${id}`;
const json = async (answer: Promise<Response>) => (await (await answer).json()) as Record<string, never>;
const open = async (child: Child) => {
  const body = JSON.stringify({ ...interview, consent: { audio: true } });
  const { session_id } = await json(fetch(`${child.base}/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }));
  return String(session_id);
};
const spoken = (transcript: { text: string }[]) => transcript.flatMap(({ text }) => text.split(' ')).filter((word) => /^w\d+$/.test(word));

/** Speaks up to a piece until all of it is acknowledged, and kills the service. */
async function killedAfter(upTo: number, folder: string, cwd?: string): Promise<string> {
  await using child = await toneServer({ DATA_DIR: folder }, cwd);
  const id = await open(child);
  const client = await numberedClient(socketOf(child, id));
  for (let no = 1; no <= upTo; no += 1) client.piece(no, (no - 1) * 100, pieces[no - 1]!);
  for (let ack = 0; ack < upTo; ) ack = Number((await client.next('ack')).chunk);
  await child.end('SIGKILL');
  return id;
}

/** The recording and what our own ears make of it. */
async function recordingOf(child: Child, id: string, number = 1) {
  const answer = await fetch(`${child.base}/session/${id}/recording/${number}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return { type: answer.headers.get('content-type'), bytes, heard: await heardBytes([bytes]) };
}

/** The words that became of what was acknowledged before a kill -9, though nobody came back. */
async function wordsAfterKill(cwd?: string): Promise<string[]> {
  const folder = newFolder();
  const id = await killedAfter(spokenOut, folder, cwd);
  await using child = await toneServer({ DATA_DIR: folder }, cwd);
  const { transcript } = await json(fetch(`${child.base}/session/${id}/finish`, { method: 'POST' }));
  return spoken(transcript!);
}

describe('T25 the kept sound', () => {
  test('after kill -9 every acknowledged piece becomes words, though nobody comes back, and the recording is whole', async () => {
    const folder = newFolder();
    const id = await killedAfter(spokenOut, folder);
    await using child = await toneServer({ DATA_DIR: folder });
    const { transcript } = await json(fetch(`${child.base}/session/${id}/finish`, { method: 'POST' }));
    const words = counted(0, 9);
    figure('T25', 'acknowledged words lost by kill -9', words.length - spoken(transcript!).length, { most: 0 });
    expect(spoken(transcript!)).toEqual(words);
    const { type, bytes, heard } = await recordingOf(child, id);
    expect(type).toBe('audio/webm');
    const whole = glued(pieces.slice(0, spokenOut));
    figure('T25', 'kept bytes lost by kill -9', whole.length - bytes.length, { most: 0 });
    expect(Buffer.from(bytes).equals(whole)).toBe(true);
    expect(heard.problems).toEqual([]);
    expect(wordsIn(heard.samples, 0).map(({ text }) => text)).toEqual(words);
  });

  test('whoever comes back goes on behind the last kept piece, in the middle of a word', async () => {
    const folder = newFolder();
    const id = await killedAfter(9, folder);
    await using child = await toneServer({ DATA_DIR: folder });
    const client = await numberedClient(socketOf(child, id));
    expect(client.chunk).toBe(9);
    for (let no = 10; no <= last; no += 1) client.piece(no, (no - 1) * 100, pieces[no - 1]!);
    client.send({ type: 'stop' });
    await client.next('stopped');
    const { transcript } = await json(fetch(`${child.base}/session/${id}/finish`, { method: 'POST' }));
    expect(spoken(transcript!)).toEqual(counted(0, 9));
    const { recordings } = await json(fetch(`${child.base}/session/${id}/recordings`));
    expect(recordings).toMatchObject([{ number: 1, format: 'webm', from: 0, bytes: glued(pieces).length }]);
  });

  test('where a minute was forgotten the recording goes on in a file of its own, which plays from its first whole piece', async () => {
    await using child = await toneServer({ DATA_DIR: newFolder() });
    const id = await open(child);
    const client = await numberedClient(socketOf(child, id));
    for (let no = 1; no <= last; no += 1) client.piece(no, (no - 1) * 100, pieces[no - 1]!);
    client.send({ type: 'stop' });
    await client.next('stopped');
    const line = client.all.filter(({ type }) => type === 'transcript')[1]!;
    client.send({ type: 'forget', seqs: [line.seq], id: 'forget' });
    await client.next('done');
    const { recordings } = await json(fetch(`${child.base}/session/${id}/recordings`));
    expect(recordings).toMatchObject([{ number: 1 }, { number: 2, format: 'webm' }]);
    const [before, after] = [await recordingOf(child, id, 1), await recordingOf(child, id, 2)];
    expect([before.heard.problems, after.heard.problems]).toEqual([[], []]);
    expect(wordsIn(before.heard.samples, 0).map(({ text }) => text)).toEqual(counted(0, 3));
    expect(wordsIn(after.heard.samples, 0).map(({ text }) => text)).toEqual(counted(7, 2));
  });

  test('planted: sound that is acknowledged when it is kept but never heard again is caught', async () => {
    const deaf = { file: 'src/api/uplink.ts', was: 'of parts.kept(expected() - 1)', is: 'of [] as KeptChunk[]' };
    expect((await wordsAfterKill(fileURLToPath(planted(deaf)))).length).toBeLessThan(9);
  });

  test.runIf(hasFfmpeg)(titled(hasFfmpeg, needs.ffmpeg, 'ffmpeg plays both files as well'), async () => {
    await using child = await toneServer({ DATA_DIR: newFolder() });
    const id = await open(child);
    const client = await numberedClient(socketOf(child, id));
    for (let no = 1; no <= last; no += 1) client.piece(no, (no - 1) * 100, pieces[no - 1]!);
    client.send({ type: 'stop' });
    await client.next('stopped');
    const line = client.all.filter(({ type }) => type === 'transcript')[1]!;
    client.send({ type: 'forget', seqs: [line.seq], id: 'forget' });
    await client.next('done');
    for (const [number, expected] of [
      [1, counted(0, 3)],
      [2, counted(7, 2)],
    ] as const) {
      const path = join(newFolder(), 'recording.webm');
      writeFileSync(path, (await recordingOf(child, id, number)).bytes);
      expect(wordsIn(soundByFfmpeg(path), 0).map(({ text }) => text)).toEqual(expected);
    }
  });
});
