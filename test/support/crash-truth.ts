import { setTimeout as sleep } from 'node:timers/promises';
import { tell } from '../../src/api/coach.ts';
import type { Entry } from '../../src/core/entry.ts';
import { toneServer } from './child-server.ts';
import { freePort } from './free-port.ts';
import { checkHistory, checkOrder, numbered, spokenWords, type Verdict } from './history.ts';
import { newFolder } from './new-folder.ts';
import { type Client, recordingClient } from './recording-client.ts';
import { seeded } from './speech-like.ts';
import { counted, counting } from './tone-words.ts';
import { webmOf } from './webm-writer.ts';

/** What a run of crashes came to. `unheard`: pieces of sound that were sent and never acknowledged. */
export type CrashTruth = Verdict & {
  readonly unheard: number;
  readonly words: number;
  readonly back: readonly number[];
  readonly complaints: string;
};

/** Every event of a session, page by page. */
export async function logOf(base: string, id: string): Promise<Entry[]> {
  const log: Entry[] = [];
  for (let next: number | null = 0; next !== null; ) {
    const page = (await (await fetch(`${base}/session/${id}/events?after=${next}`)).json()) as { events: Entry[]; next: number | null };
    log.push(...page.events);
    next = page.next;
  }
  return log;
}

// long enough that no word comes twice within a crash
const utterances = Array.from({ length: 16 }, (_, index) => 2 + ((index * 5) % 6));
const perRound = utterances.reduce((sum, words) => sum + words, 0);

/** Counts aloud into a session and types into it until told to stop; gives what was typed and how many pieces were sent. */
async function talkOn({ link }: Client, who: number, rounds: number, stop: AbortSignal): Promise<{ typed: string[]; sent: number }> {
  const typed: string[] = [];
  let sent = 0;
  for (let round = 0; round < rounds; round += 1)
    for (const piece of webmOf(counting(round * perRound, utterances, 700), { chunkMs: 100, bitrate: 24_000 })) {
      if (stop.aborted) return { typed, sent };
      link.sound(new Blob([piece.slice()]), performance.timeOrigin + performance.now());
      sent += 1;
      if (sent % 25 === 0) {
        typed.push(`typed ${who} ${sent}`);
        link.say({ type: 'said', text: typed.at(-1)!, speaker: 'other' });
      }
      await sleep(8);
    }
  return { typed, sent };
}

/** Kills the service again and again while people talk, and holds what they were shown against what is kept. `cwd`: the house whose service it is. */
export async function crashTruth({
  kills,
  clients = 3,
  seed,
  cwd = '.',
}: {
  kills: number;
  clients?: number;
  seed: number;
  cwd?: string;
}): Promise<CrashTruth> {
  const random = seeded(seed);
  const own = { PORT: String(await freePort()), DATA_DIR: newFolder() };
  let server = await toneServer(own, cwd);
  const talkers = await Promise.all(Array.from({ length: clients }, () => recordingClient(server.base)));
  const talking = new AbortController();
  const talks = talkers.map((talker, who) => talkOn(talker, who, Math.ceil(kills / 4) + 3, talking.signal));

  const back: number[] = [];
  let complaints = '';
  for (let kill = 0; kill < kills; kill += 1) {
    await sleep(20 + random() * 330);
    await server.end('SIGKILL');
    complaints += server.complained();
    const greeted = talkers.map(({ until }) => until(({ type }) => type === 'hello'));
    server = await toneServer(own, cwd);
    const up = performance.now();
    await Promise.all(greeted);
    back.push(performance.now() - up);
  }
  talking.abort();
  const said = await Promise.all(talks);
  for (const { link, until } of talkers) {
    const stopped = until(({ type }) => type === 'stopped');
    link.say({ type: 'stop' });
    await stopped;
  }

  const sum = { lost: 0, doubled: 0, reordered: 0, changed: 0, unheard: 0, words: 0 };
  for (const [index, { session, seen, close }] of talkers.entries()) {
    close();
    const log = await logOf(server.base, session.id);
    const { typed, sent } = said[index]!;
    const written = log.flatMap((entry) => (entry.type === 'said' && entry.from === undefined ? [entry.text] : []));
    const spoken = spokenWords(log);
    // the talking stopped in mid-word: how many words it came to is known by the last one
    for (const verdict of [checkHistory(seen, log, tell), checkOrder(written, typed), checkOrder(spoken, numbered(counted(0, spoken.length)))])
      for (const key of ['lost', 'doubled', 'reordered', 'changed'] as const) sum[key] += verdict[key];
    sum.unheard += sent - (log.findLast((entry) => entry.type === 'heard')?.chunk ?? 0);
    sum.words += spoken.length;
  }
  await server.end();
  return { ...sum, back: back.sort((a, b) => a - b), complaints: complaints + server.complained() };
}
