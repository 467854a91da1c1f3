import { Worker } from 'node:worker_threads';
import type { Entry } from '../core/entry.ts';
import type { KeptSound, Opened, Store } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import type { LogOptions } from './sqlite-log.ts';
import type { Answer, Question } from './sqlite-writer.ts';
import { storageProblem } from './storage-problem.ts';

type Asked = { resolve: (value: unknown) => void; reject: (error: unknown) => void };

/** Rows read at a time, so that a long conversation never stands in memory twice. */
const page = 500;
const pageOfSound = 64;

/** Keeps conversations in one SQLite file, sealed, written by one thread, safe on disk before `append` returns. */
export async function sqliteStore(path: string, options: Omit<LogOptions, 'path'> = {}): Promise<Store> {
  const workerData: LogOptions = { path, ...options };
  const worker = new Worker(new URL('./sqlite-writer.ts', import.meta.url), { workerData, stdin: false });
  const asked = new Map<number, Asked>();
  let gone: Problem | undefined;
  let count = 0;

  worker.on('message', ({ call, value, problem }: Answer) => {
    const waiting = asked.get(call);
    asked.delete(call);
    if (problem) waiting?.reject(new Problem(problem.code, problem.message, { cause: problem.cause }));
    else waiting?.resolve(value);
  });
  const lose = (error: unknown) => {
    gone = storageProblem(error);
    for (const waiting of asked.values()) waiting.reject(gone);
    asked.clear();
  };
  worker.on('error', lose);
  worker.on('exit', () => lose('the writer has stopped'));

  const ask = <T>(question: Question): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (gone) return reject(gone);
      count += 1;
      asked.set(count, { resolve: resolve as (value: unknown) => void, reject });
      worker.postMessage({ call: count, question });
    });

  const dropSounds = async (id: string, { from, to } = { from: 0, to: Number.MAX_SAFE_INTEGER }): Promise<void> => {
    while (!(await ask<boolean>({ type: 'drop', id, from, to })));
  };

  const epoch = await ask<string>({ type: 'open' }).catch(async (error) => {
    await worker.terminate();
    throw error;
  });
  return {
    epoch,
    append: (id, entries) => ask({ type: 'append', id, entries }),
    async *read(id, after = 0) {
      for (let from = after, limit = page; ; ) {
        const bodies = await ask<string[]>({ type: 'read', id, after: from, limit }).catch((error) => {
          if (limit === 1) throw error;
          return undefined;
        });
        // what stands before the damage is as it was written: it is found one by one
        if (!bodies) {
          limit = 1;
          continue;
        }
        for (const body of bodies) yield JSON.parse(body) as Entry;
        if (bodies.length < limit) return;
        from += limit;
      }
    },
    async *list() {
      yield* await ask<Opened[]>({ type: 'list' });
    },
    scrub: (id, seqs) => ask({ type: 'scrub', id, seqs }),
    keepSound: (id, chunk, bytes) => ask({ type: 'keep', id, chunk, bytes }),
    async *sounds(id, after = -1) {
      for (let from = after; ; ) {
        const pieces = await ask<KeptSound[]>({ type: 'sounds', id, after: from, limit: pageOfSound });
        yield* pieces;
        if (pieces.length < pageOfSound) return;
        from = pieces.at(-1)!.chunk;
      }
    },
    dropSounds: (id, chunks) => dropSounds(id, chunks),
    async erase(id) {
      // hours of sound go piece by piece, so that others can write in between; what is damaged goes in one piece
      await dropSounds(id).catch(() => undefined);
      await ask({ type: 'erase', id });
    },
    async close() {
      await ask({ type: 'close' }).catch(() => undefined);
      await worker.terminate();
    },
  };
}
