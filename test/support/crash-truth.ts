import { setTimeout as sleep } from 'node:timers/promises';
import { tell } from '../../src/api/coach.ts';
import { toneServer } from './child-server.ts';
import { freePort } from './free-port.ts';
import { addTo, checkHistory, checkOrder, logOf, nothingWrong, numbered, spokenWords, type Verdict } from './history.ts';
import { newFolder } from './new-folder.ts';
import { recordingClient } from './recording-client.ts';
import { seeded } from './speech-like.ts';
import { talkOn } from './talk-on.ts';
import { counted } from './tone-words.ts';

/** What a run of crashes came to. `unheard`: pieces of sound that were sent and never acknowledged. */
export type CrashTruth = Verdict & {
  readonly unheard: number;
  readonly words: number;
  readonly back: readonly number[];
  readonly complaints: string;
};

type Crashes = { kills: number; seed: number; signal?: 'SIGKILL' | 'SIGTERM'; clients?: number; cwd?: string };

/** Kills the service again and again while people talk, and holds what they were shown against what is kept. `cwd`: the house whose service it is. */
export async function crashTruth({ kills, seed, signal = 'SIGKILL', clients = 3, cwd = '.' }: Crashes): Promise<CrashTruth> {
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
    await server.end(signal);
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

  const sum = { ...nothingWrong(), unheard: 0, words: 0 };
  for (const [index, { session, seen, close }] of talkers.entries()) {
    close();
    const log = await logOf(server.base, session.id);
    const { typed, sent } = said[index]!;
    const written = log.flatMap((entry) => (entry.type === 'said' && entry.from === undefined ? [entry.text] : []));
    const spoken = spokenWords(log);
    // the talking stopped in mid-word: how many words it came to is known by the last one
    for (const verdict of [checkHistory(seen, log, tell), checkOrder(written, typed), checkOrder(spoken, numbered(counted(0, spoken.length)))])
      addTo(sum, verdict);
    sum.unheard += sent - (log.findLast((entry) => entry.type === 'heard')?.chunk ?? 0);
    sum.words += spoken.length;
  }
  await server.end();
  return { ...sum, back: back.sort((a, b) => a - b), complaints: complaints + server.complained() };
}
