import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { tell } from '../../src/api/coach.ts';
import type { ServerMessage } from '../../src/client/messages.ts';
import { compose } from '../../src/compose.ts';
import { scriptedVoice } from '../../src/engines/scripted/voice.ts';
import { toneServer } from '../support/child-server.ts';
import { addTo, checkHistory, logOf, nothingWrong, owedOf, unshown } from '../support/history.ts';
import { planted } from '../support/planted.ts';
import { pullClient } from '../support/pull-client.ts';
import { type RawSocket, rawSocket } from '../support/raw-socket.ts';
import { interview, served } from '../support/served.ts';
import { figure } from '../support/tier.ts';

const readers = 50;
// whoever reads nothing answers no ping either: here only what is unread decides
const environment = { HUMS: '8', BUDGETS: 'socketsPerSession=60,textPerSecond=10000,pingEvery=60000' };
const mebibyte = 1_048_576;

type Session = { session_id: string; token: string };

/** A session with one who speaks and some who are told everything and read nothing. */
async function crowdAt(base: string, count: number) {
  const post = async <T>(path: string, body: object): Promise<T> =>
    (await fetch(`${base}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).json() as T;
  const { session_id: id } = await post<Session>('/session', interview);
  const { token } = await post<{ token: string }>(`/session/${id}/tokens`, { role: 'viewer' });
  const come = async (after: number) => {
    const reader = await rawSocket(base, `/ws/${id}?after=${after}`, { Authorization: `Bearer ${token}` });
    await reader.until((text) => text.includes('"hello"'));
    return reader;
  };
  const speaker = pullClient(`${base.replace('http', 'ws')}/ws/${id}`);
  await speaker.next('hello');
  const slow: RawSocket[] = [];
  for (let index = 0; index < count; index += 1) slow.push(await come(0));
  for (const { socket } of slow) socket.pause();
  return { id, speaker, slow, come };
}

const messagesOf = ({ texts }: RawSocket): ServerMessage[] => texts.map((text) => JSON.parse(text) as ServerMessage);
const lastSeq = (messages: readonly ServerMessage[]): number =>
  messages.reduce((last, message) => (message.type !== 'hello' && 'seq' in message ? Math.max(last, message.seq ?? 0) : last), 0);

/** Suggestions of which a part was heard and nobody said that the rest will not come; at the end of a connection the rest may be cut off. */
function halves(messages: readonly ServerMessage[]): number {
  const open = new Map<number, number>();
  let broken = 0;
  for (const message of messages) {
    if (message.type === 'hush') open.delete(message.reply);
    if (message.type !== 'audio') continue;
    if (message.index !== (open.get(message.reply) ?? 0)) broken += 1;
    open.set(message.reply, message.index + 1);
    if (message.last) open.delete(message.reply);
  }
  return broken + Math.max(0, open.size - 1);
}

async function measured(base: string, name: string): Promise<number> {
  const found = (await (await fetch(`${base}/metrics`)).text()).split('\n').find((line) => line.startsWith(name));
  return Number(found?.split(' ').at(-1));
}

/** Talks until nobody who reads nothing is left, or so many MiB were said; how it went. */
async function talkThemOut(server: Awaited<ReturnType<typeof toneServer>>, count: number, most: number) {
  const { id, speaker, slow, come } = await crowdAt(server.base, count);
  const before = server.memory();
  let memory = 0;
  let over: number | undefined;
  let gone = 0;
  let lines = 0;
  const bytes = 4_000;
  while (gone < count && lines * bytes < most * mebibyte) {
    for (let each = 0; each < 20; each += 1) {
      lines += 1;
      speaker.send({ type: 'said', text: `${lines} why should we hire you for this role ${'x'.repeat(bytes)}`.slice(0, bytes), speaker: 'other' });
    }
    speaker.send({ type: 'hint', id: `hint ${lines}` });
    while ((await speaker.next('done')).id !== `hint ${lines}`);
    await sleep(20);
    memory = Math.max(memory, server.memory());
    gone = await measured(server.base, 'aside_sockets_closed_total{code="4008"}');
    if ((await measured(server.base, 'aside_waiting_unread_bytes')) > 0.9 * count * mebibyte) over ??= performance.now();
  }
  return { id, speaker, slow, come, gone, lines, perReader: (memory - before) / count, closedAfter: performance.now() - (over ?? performance.now()) };
}

/** How many pieces of a suggestion somebody hears who had much to read when it was spoken. */
async function staleHeard(composes = compose): Promise<number> {
  await using house = await served({ VOICE: 'none' }, { voice: scriptedVoice({ pieces: 40 }) }, composes);
  const { id } = await house.session();
  const talk = (await house.house.hub.find(id))!;
  const late = await rawSocket(house.base, `/ws/${id}`);
  await late.until((text) => text.includes('"hello"'));
  late.socket.pause();
  while ((await measured(house.base, 'aside_waiting_unread_bytes')) < 300_000)
    await talk.append({ by: 'user', type: 'said', via: 'voice', text: 'x'.repeat(20_000), speaker: { who: 'other', probability: 1 } });
  const { seq } = await talk.append({ by: 'user', type: 'asked', what: 'hint' });
  for await (const news of talk.follow(seq, new AbortController().signal)) if (news.type === 'sound' && news.last) break;
  late.socket.resume();
  await late.until((text) => text.includes('"hush"') || text.includes('"last":true'));
  expect(late.socket.destroyed).toBe(false);
  late.socket.destroy();
  return messagesOf(late).filter(({ type }) => type === 'audio').length;
}

describe('T9 slow readers', () => {
  test(`${readers} sockets that never read are sent away, and lose nothing`, { timeout: 90_000 }, async () => {
    await using server = await toneServer(environment);
    const { id, speaker, slow, come, gone, lines, perReader, closedAfter } = await talkThemOut(server, readers, 20);
    speaker.send({ type: 'stop' });
    await speaker.next('stopped');
    const log = await logOf(server.base, id);
    const sum = nothingWrong();
    const seen: ServerMessage[][] = [];
    let half = 0;
    for (const reader of slow) {
      reader.socket.resume();
      await reader.ended;
      const first = messagesOf(reader);
      const again = await come(lastSeq(first));
      const end = log.findLast((entry) => tell(entry))!.seq;
      // the greeting names the last one before anything is told
      await again.until((text) => !text.includes('"hello"') && text.includes(`"seq":${end}`));
      again.socket.destroy();
      await again.ended;
      const second = messagesOf(again);
      seen.push([...first, ...second]);
      half += halves(first) + halves(second);
    }
    speaker.terminate();
    // the coach may still have been thinking when the log was first read
    const whole = await logOf(server.base, id);
    for (const messages of seen) {
      addTo(sum, checkHistory(messages, whole, tell));
      sum.lost += unshown(messages, owedOf(log, tell));
    }
    figure('T9', 'sockets that never read', readers);
    figure('T9', 'lines of 4,000 letters told', lines);
    figure('T9', 'closed with 4008', gone, { least: readers });
    figure('T9', 'memory a reader, MiB', perReader, { most: 2, soft: true });
    expect(perReader).toBeLessThan(5);
    figure('T9', 'closed after they were over 1 MiB, ms', Math.round(closedAfter), { most: 5_000, soft: true });
    figure('T9', 'text lost, doubled, out of order or changed after they came back', sum.lost + sum.doubled + sum.reordered + sum.changed, {
      most: 0,
    });
    figure('T9', 'halves of suggestions that nobody took back', half, { most: 0 });
    expect(await server.end()).toEqual([0, null]);
    expect(server.complained()).toBe('');
  });

  test('whoever still reads the past hears no suggestion without its beginning', async () => {
    await using house = await served({}, { voice: scriptedVoice({ pieces: 700, pieceMs: 20 }) });
    const { id } = await house.session();
    const talk = (await house.house.hub.find(id))!;
    for (let line = 0; line < 600; line += 1)
      await talk.append({ by: 'user', type: 'said', via: 'voice', text: 'x'.repeat(20_000), speaker: { who: 'other', probability: 1 } });
    const late = await rawSocket(house.base, `/ws/${id}?after=0`);
    await late.until((text) => text.includes('"hello"'));
    late.socket.pause();
    const { token } = (await (await house.post(`/session/${id}/tokens`, { role: 'viewer' })).json()) as { token: string };
    const other = house.dial(`/ws/${id}`, { authorization: `Bearer ${token}` });
    await other.next('hello');
    await talk.append({ by: 'user', type: 'asked', what: 'hint' });
    while (!(await other.next('audio')).last);
    late.socket.resume();
    await late.until((text) => text.includes('"hush"'));
    late.socket.destroy();
    await late.ended;
    expect(halves(messagesOf(late))).toBe(0);
  });

  test('whoever is behind hears no stale suggestion, and is not sent away for it', async () => {
    figure('T9', 'pieces of stale suggestions heard', await staleHeard(), { most: 0 });
  });

  test('planted: a stale suggestion is played to whoever reads on', async () => {
    const fault = { file: 'src/api/telling.ts', was: ' && line.backlog <= budgets.soundBacklog', is: '' };
    const copy = (await import(/* @vite-ignore */ new URL('src/compose.ts', planted(fault)).href)) as { compose: typeof compose };
    expect(await staleHeard(copy.compose)).toBeGreaterThan(0);
  });

  test('planted: nobody looks at what is unread', { timeout: 60_000 }, async () => {
    const fault = { file: 'src/api/line.ts', was: 'socket.bufferedAmount > budgets.backlog', is: 'socket.bufferedAmount < 0' };
    await using server = await toneServer(environment, fileURLToPath(planted(fault)));
    const { gone, slow, speaker } = await talkThemOut(server, 4, 6);
    expect(await measured(server.base, 'aside_waiting_unread_bytes')).toBeGreaterThan(4 * mebibyte);
    for (const { socket } of slow) socket.destroy();
    speaker.terminate();
    expect(gone).toBe(0);
  });
});
