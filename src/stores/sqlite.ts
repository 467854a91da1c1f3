import { Worker } from 'node:worker_threads';
import type { Entry } from '../core/entry.ts';
import type { Opened, Store } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import type { Answer, Question } from './sqlite-writer.ts';

type Asked = { resolve: (value: unknown) => void; reject: (error: unknown) => void };

/** Rows read at a time, so that a long conversation never stands in memory twice. */
const page = 500;

/** What SQLite's trouble means for people: the first that fits. */
const troubles: readonly (readonly [RegExp, 'storage_full' | 'storage_failed', string])[] = [
  [/full|no space/i, 'storage_full', 'The disk is full, so nothing new can be kept. What was kept is safe; free some space and go on.'],
  [/locked|busy/i, 'storage_failed', 'Another Aside is already using this data folder. Stop it, or give this one a folder of its own with DATA_DIR.'],
  [
    /unable to open|readonly|permission/i,
    'storage_failed',
    'The data folder cannot be written by this user. Change its rights, or give another folder with DATA_DIR.',
  ],
  [
    /malformed|not a database|corrupt/i,
    'storage_failed',
    'aside.db in the data folder is damaged, or no log of Aside. Move it away, or give another folder with DATA_DIR.',
  ],
  [/./, 'storage_failed', 'The log could not be read or written. Look at the disk of the data folder, then try again.'],
];

function storageProblem(cause: string): Problem {
  const [, code, sentence] = troubles.find(([words]) => words.test(cause)) ?? troubles.at(-1)!;
  return new Problem(code, sentence, { cause });
}

/** Keeps conversations in one SQLite file, written by one thread, safe on disk before `append` returns. `pages` caps the file's size. */
export async function sqliteStore(path: string, pages?: number): Promise<Store> {
  const worker = new Worker(new URL('./sqlite-writer.ts', import.meta.url), { workerData: { path, pages }, stdin: false });
  const asked = new Map<number, Asked>();
  let gone: Problem | undefined;
  let count = 0;

  worker.on('message', (answer: Answer) => {
    const waiting = asked.get(answer.call);
    asked.delete(answer.call);
    if (answer.error === undefined) waiting?.resolve(answer.value);
    else waiting?.reject(storageProblem(answer.error));
  });
  const lose = (message: string) => {
    gone = storageProblem(message);
    for (const waiting of asked.values()) waiting.reject(gone);
    asked.clear();
  };
  worker.on('error', (error: Error) => lose(error.message));
  worker.on('exit', () => lose('the writer has stopped'));

  const ask = <T>(question: Question): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (gone) return reject(gone);
      count += 1;
      asked.set(count, { resolve: resolve as (value: unknown) => void, reject });
      worker.postMessage({ call: count, question });
    });

  await ask({ type: 'ready' });
  return {
    append: (id, entries) =>
      ask({
        type: 'append',
        id,
        rows: entries.map((entry) => ({ seq: entry.seq, at: entry.at, type: entry.type, body: JSON.stringify(entry) })),
        ...kindOf(entries),
      }),
    async *read(id, after = 0) {
      for (let from = after; ; ) {
        const bodies = await ask<string[]>({ type: 'read', id, after: from, limit: page });
        for (const body of bodies) yield JSON.parse(body) as Entry;
        if (bodies.length < page) return;
        from += page;
      }
    },
    async *list() {
      yield* await ask<Opened[]>({ type: 'list' });
    },
    erase: (id) => ask({ type: 'erase', id }),
    async close() {
      await ask({ type: 'close' }).catch(() => undefined);
      await worker.terminate();
    },
  };
}

const kindOf = (entries: readonly Entry[]) => (entries[0]?.type === 'opened' ? { opened: { kind: entries[0].kind, at: entries[0].at } } : {});
