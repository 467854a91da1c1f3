import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sqliteStore } from '../../src/stores/sqlite.ts';
import { newFolder } from './new-folder.ts';
import { wholeLog } from './whole-log.ts';

/** What races for one file came to: how many were won, how many by nobody (both gave up in the same moment) and were run again, how often two had it at once, numbers given twice, entries of nobody who had it, entries lost that were told to be kept, and how long taking over took (ms). */
export type Races = {
  won: number;
  nobodys: number;
  atOnce: number;
  forked: number;
  stale: number;
  lost: number;
  refusals: Set<string>;
  takeover: number[];
};

/** A process that wants the file for itself. */
function candidate(script: string, path: string) {
  const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'ignore'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const by = String(child.pid);
  const kept: number[] = [];
  const next = async () => {
    const line = (await lines.next()).value ?? 'gone';
    if (line.startsWith('kept ')) kept.push(Number(line.slice(5)));
    return line;
  };
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    by,
    kept,
    next,
    /** Reads on until it has kept so many more, or writes no more. */
    async keeps(more: number) {
      for (let left = more; left > 0 && (await next()).startsWith('kept '); left -= 1);
    },
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    async kill() {
      child.kill('SIGKILL');
      await gone;
      for (;;) if ((await next()) === 'gone') return;
    },
  };
}

/** Lets two processes race for one file again and again; the winner is stopped while a third tries, goes on, and is killed while it writes. */
export async function ownerRaces(rounds: number, house = new URL('../../', import.meta.url)): Promise<Races> {
  const script = fileURLToPath(new URL('test/support/owner-run.ts', house));
  const path = `${newFolder()}/aside.db`;
  const races: Races = { won: 0, nobodys: 0, atOnce: 0, forked: 0, stale: 0, lost: 0, refusals: new Set(), takeover: [] };
  const told = new Map<number, string>();
  const owners = new Set<string>();

  const answerOf = async (one: ReturnType<typeof candidate>) => {
    const answer = await one.next();
    if (answer === 'owner') owners.add(one.by);
    else races.refusals.add(answer);
    return answer === 'owner';
  };

  for (let round = 0; races.won < rounds && round < 2 * rounds; round += 1) {
    const begun = performance.now();
    const two = [candidate(script, path), candidate(script, path)];
    const won = await Promise.all(two.map(answerOf));
    races.takeover.push(performance.now() - begun);
    const winners = two.filter((_, index) => won[index]);
    if (winners.length > 1) races.atOnce += 1;
    const winner = winners[0];
    if (!winner) races.nobodys += 1;
    else {
      races.won += 1;
      await winner.keeps(2);
      winner.signal('SIGSTOP');
      const third = candidate(script, path);
      if (await answerOf(third)) races.atOnce += 1;
      await third.kill();
      winner.signal('SIGCONT');
      await winner.keeps(2);
    }
    for (const one of two) {
      await one.kill();
      for (const seq of one.kept) {
        if (told.has(seq)) races.forked += 1;
        told.set(seq, one.by);
      }
    }
  }

  const store = await sqliteStore(path);
  let expected = 0;
  for (const { seq, by } of await wholeLog(store, 'the talk')) {
    expected += 1;
    if (seq !== expected) races.forked += 1;
    if (!owners.has(by)) races.stale += 1;
    if (told.has(seq) && told.get(seq) !== by) races.lost += 1;
    told.delete(seq);
  }
  await store.close();
  races.lost += told.size;
  races.takeover.sort((a, b) => a - b);
  return races;
}
