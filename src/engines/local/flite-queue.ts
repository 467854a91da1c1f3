import type { Worker } from 'node:worker_threads';
import { Problem } from '../../core/problem.ts';
import type { FliteAnswer, FliteOrder } from './flite-worker.ts';

/** What one order sounds like. */
export type FliteSound = Extract<FliteAnswer, { samples: Int16Array }>;

/** Those who wait for the one speaking thread, in the order they came. */
export type FliteQueue = { say(order: FliteOrder, stop: AbortSignal): Promise<FliteSound>; rest(): Promise<void>; close(): Promise<void> };

type Job = { readonly order: FliteOrder; done(answer: FliteAnswer): void; failed(problem: Problem): void };

/** No clause takes a second; a thread that takes this long will never answer. */
const STUCK_MS = 10_000;

/** Makes a queue before a thread that is started when first needed, and again after it broke. */
export function fliteQueue(start: () => Worker): FliteQueue {
  const waiting: Job[] = [];
  let worker: Worker | undefined;
  let current: Job | undefined;
  let stuck: NodeJS.Timeout | undefined;
  let closed = false;

  const next = (): void => {
    clearTimeout(stuck);
    current = closed ? undefined : waiting.shift();
    if (!current) {
      worker?.unref();
      return;
    }
    worker ??= started();
    worker.ref();
    worker.postMessage(current.order);
    stuck = setTimeout(() => broken(worker, new Error('it did not answer in time')), STUCK_MS);
  };

  const started = (): Worker => {
    const thread = start();
    thread.on('message', (answer: FliteAnswer) => {
      if (thread !== worker) return;
      current?.done(answer);
      next();
    });
    thread.on('error', (error) => broken(thread, error));
    thread.on('exit', () => broken(thread, new Error('its thread ended')));
    return thread;
  };

  // only the one whose text was being spoken pays for a crash; the others get a new thread
  const broken = (thread: Worker | undefined, cause: unknown): void => {
    if (!thread || thread !== worker) return;
    worker = undefined;
    void thread.terminate();
    const unlucky = current;
    next();
    unlucky?.failed(
      new Problem('voice_failed', 'The embedded voice broke down while speaking. Read this one; the next will be spoken again.', { cause }),
    );
  };

  return {
    say(order, stop) {
      if (stop.aborted) return Promise.reject(stop.reason);
      if (closed) return Promise.reject(new Problem('restarting', 'The voice is closing down with the server. Come back in a moment.'));
      return new Promise((resolve, reject) => {
        const over = () => {
          stop.removeEventListener('abort', onStop);
          const place = waiting.indexOf(job);
          if (place >= 0) waiting.splice(place, 1);
        };
        const onStop = () => {
          over();
          reject(stop.reason);
        };
        const job: Job = {
          order,
          done(answer) {
            over();
            if ('samples' in answer) resolve(answer);
            else
              job.failed(new Problem('voice_failed', 'The embedded voice could not say this sentence. Read it instead.', { cause: answer.failed }));
          },
          failed(problem) {
            over();
            reject(problem);
          },
        };
        stop.addEventListener('abort', onStop, { once: true });
        waiting.push(job);
        if (!current) next();
      });
    },
    async rest() {
      if (current) return;
      const thread = worker;
      worker = undefined;
      await thread?.terminate();
    },
    async close() {
      closed = true;
      const orphans = [...(current ? [current] : []), ...waiting];
      const thread = worker;
      worker = undefined;
      clearTimeout(stuck);
      for (const job of orphans) job.failed(new Problem('restarting', 'The voice is closing down with the server. Come back in a moment.'));
      await thread?.terminate();
    },
  };
}
