import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tell } from '../../src/api/coach.ts';
import { sqliteStore } from '../../src/stores/sqlite.ts';
import { toneServer } from './child-server.ts';
import { freePort } from './free-port.ts';
import { addTo, checkHistory } from './history.ts';
import { newFolder } from './new-folder.ts';
import { recordingClient } from './recording-client.ts';
import { seeded } from './speech-like.ts';
import { talkOn } from './talk-on.ts';
import { addTalk, nothingSaid, stopped, type TalkTruth } from './talk-truth.ts';
import { wholeLog } from './whole-log.ts';
import { isWhole } from './whole-store.ts';

/** What a run of crashes came to. `damaged`: so often SQLite found the log not whole afterwards. */
export type CrashTruth = TalkTruth & { readonly damaged: number; readonly back: readonly number[]; readonly complaints: string };

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
  let damaged = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    await sleep(20 + random() * 330);
    await server.end(signal);
    complaints += server.complained();
    if (!isWhole(own.DATA_DIR)) damaged += 1;
    const greeted = talkers.map(({ until }) => until(({ type }) => type === 'hello'));
    server = await toneServer(own, cwd);
    const up = performance.now();
    await Promise.all(greeted);
    back.push(performance.now() - up);
  }
  talking.abort();
  const said = await Promise.all(talks);
  for (const talker of talkers) await stopped(talker);

  const sum = nothingSaid();
  for (const [index, talker] of talkers.entries()) await addTalk(sum, server.base, talker, said[index]!);
  await server.end();
  if (!isWhole(own.DATA_DIR)) damaged += 1;
  // every row is sealed: whoever can read all of them has what was written
  const store = await sqliteStore(join(own.DATA_DIR, 'aside.db'));
  for (const { session, seen } of talkers) addTo(sum, checkHistory(seen, await wholeLog(store, session.id), tell));
  await store.close();
  return { ...sum, damaged, back: back.sort((a, b) => a - b), complaints: complaints + server.complained() };
}
