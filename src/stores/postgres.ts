import type { Clock, Store } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { type Ask, askedStore, type Job, type Question } from './asked-store.ts';
import { PostgresLine } from './postgres-line.ts';
import { PostgresLog } from './postgres-log.ts';
import { prepareTables } from './postgres-schema.ts';

type Waiting = { readonly question: Question; readonly resolve: (value: unknown) => void; readonly reject: (error: unknown) => void };

/** Jobs that share a commit at most. */
const mostTogether = 500;

/** So long what was asked may take to be done when the store is closed, in ms. */
const leaving = 2_000;

export type PostgresOptions = {
  /** The data folder, where the key of all keys lies unless it is given. */
  readonly folder: string;
  readonly key?: Uint8Array;
  /** How long to wait at the start for the database, or for another Aside that has it, in ms. */
  readonly patience?: number;
  readonly clock: Clock;
  /** Questions that may wait for a database that does not answer; then others are refused. */
  readonly most?: number;
  /** A random name of this process, by which the database knows it again. */
  readonly mark: string;
};

/** Keeps conversations in a PostgreSQL database, sealed, over one connection; what is asked while it is away is answered when it is back. */
export async function postgresStore(url: string, { folder, key, patience = 0, most = 20_000, clock, mark }: PostgresOptions): Promise<Store> {
  const { line, prepared } = await PostgresLine.open({ url, name: databaseName(url), mark, patience, clock }, (client) =>
    prepareTables(client, folder, key),
  );
  const log = new PostgresLog(line, prepared.master);
  const waiting: Waiting[] = [];
  let working = false;
  let idle = Promise.resolve();

  /** One thing at a time, in the order it was asked; everything to be written that waits shares a commit. */
  async function work(): Promise<void> {
    working = true;
    while (waiting[0]) {
      const until = waiting.findIndex(({ question }) => !isJob(question));
      const together = waiting.splice(0, Math.min(mostTogether, until === -1 ? waiting.length : until));
      if (together.length > 0) await write(together);
      else await answer(waiting.shift()!);
    }
    working = false;
  }

  async function write(items: readonly Waiting[]): Promise<void> {
    const refused = await log.together(items.map(({ question }) => question as Job));
    for (const [index, { resolve, reject }] of items.entries()) {
      const problem = refused[index];
      if (problem) reject(problem);
      else resolve(undefined);
    }
  }

  const answer = ({ question, resolve, reject }: Waiting) => respond(log, question as Exclude<Question, Job>).then(resolve, reject);

  const ask: Ask = <T>(question: Question) =>
    new Promise<T>((resolve, reject) => {
      if (waiting.length >= most) return reject(new Problem('storage_slow', tooMany, { after: 5_000 }));
      waiting.push({ question, resolve: resolve as (value: unknown) => void, reject });
      if (!working) idle = work();
    });

  /** What was asked before is done first, unless the database is away: that may be for ever. */
  async function close(): Promise<void> {
    const done = new AbortController();
    await new Promise<void>((resolve) => {
      idle.then(resolve);
      clock.sleep(leaving, done.signal).then(resolve, () => undefined);
    });
    done.abort();
    await line.close();
  }

  return askedStore(prepared.epoch, ask, close);
}

const tooMany = 'The database does not answer, and too much waits for it already. Come back in a moment; nothing of this was kept.';

const isJob = (question: Question): question is Job => question.type === 'append' || question.type === 'keep';

async function respond(log: PostgresLog, question: Exclude<Question, Job>): Promise<unknown> {
  switch (question.type) {
    case 'read':
      return log.read(question.id, question.after, question.limit);
    case 'sounds':
      return log.sounds(question.id, question.after, question.limit);
    case 'list':
      return log.list();
    case 'scrub':
      return log.scrub(question.id, question.seqs);
    case 'drop':
      return log.dropSounds(question.id, question.from, question.to);
    case 'erase':
      return log.erase(question.id);
  }
}

/** Where the database is, without anybody's password. */
export function databaseName(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname || 'localhost'}${port && `:${port}`}${pathname}`;
}
