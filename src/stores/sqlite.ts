import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Store } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { askedStore } from './asked-store.ts';
import { jottedAsk } from './jotted-ask.ts';
import { Jotter } from './jotter.ts';
import type { LogOptions } from './sqlite-log.ts';
import type { Answer, Asked, Opened } from './sqlite-writer.ts';
import { storageProblem } from './storage-problem.ts';

type Waiting = { resolve: (value: unknown) => void; reject: (error: unknown) => void };

/** Keeps conversations in one SQLite file, sealed, written by one thread, safe on disk before `append` returns; `waits` is called where another has it and is waited for. */
export async function sqliteStore(path: string, options: Omit<LogOptions, 'path'> = {}, waits: () => void = () => undefined): Promise<Store> {
  const workerData: LogOptions = { path, ...options };
  const worker = new Worker(new URL('./sqlite-writer.ts', import.meta.url), { workerData, stdin: false });
  const asked = new Map<number, Waiting>();
  let gone: Problem | undefined;
  let whenLost = () => {};
  let count = 0;

  worker.on('message', (answer: Answer | 'waits') => {
    if (answer === 'waits') return waits();
    const { call, value, problem } = answer;
    const waiting = asked.get(call);
    asked.delete(call);
    if (problem) waiting?.reject(new Problem(problem.code, problem.message, { cause: problem.cause }));
    else waiting?.resolve(value);
  });
  const lose = (error: unknown) => {
    gone = storageProblem(error);
    whenLost();
    for (const waiting of asked.values()) waiting.reject(gone);
    asked.clear();
  };
  worker.on('error', lose);
  worker.on('exit', () => lose('the writer has stopped'));

  const ask = <T>(question: Asked): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (gone) return reject(gone);
      count += 1;
      asked.set(count, { resolve: resolve as (value: unknown) => void, reject });
      worker.postMessage({ call: count, question });
    });

  try {
    const { epoch, taken } = await ask<Opened>({ type: 'open', jottings: join(dirname(path), 'aside.jot') });
    const jotted = taken && jottedAsk(ask, await Jotter.open(taken), taken.left);
    whenLost = () => jotted?.lose();
    return askedStore(epoch, jotted?.ask ?? ask, async () => {
      await jotted?.close().catch(() => undefined);
      await ask({ type: 'close' }).catch(() => undefined);
      await worker.terminate();
    });
  } catch (error) {
    await worker.terminate();
    throw storageProblem(error);
  }
}
