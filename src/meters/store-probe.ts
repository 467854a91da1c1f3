import type { Meter } from '../core/meter.ts';
import type { Clock, Store } from '../core/ports.ts';
import { asProblem, Problem } from '../core/problem.ts';

/** What is found out holds for so long, and the store may take so long to answer, in ms: together less than a second, so that trouble is told within one. */
const fresh = 200;
const patience = 750;

/** A conversation that is written and erased again: only what was really written tells whether more can be. */
const id = 'readiness';

const mute = () =>
  new Problem('storage_failed', 'The storage does not answer, so nothing new can be kept. Look at the disk of the data folder, or at the database.');

/** Knows whether the store can keep something now: it tries, at most five times a second and only when asked. Answers with what is wrong. */
export function storeProbe(store: Store, clock: Clock, meter: Meter): () => Promise<Problem | undefined> {
  let asked = Number.NEGATIVE_INFINITY;
  let answer: Promise<Problem | undefined> = Promise.resolve(undefined);

  async function write(): Promise<undefined> {
    try {
      await store.append(id, [{ seq: 1, at: new Date(clock.now()).toISOString(), by: 'house', type: 'opened', kind: 'talk', title: '' }]);
    } finally {
      await store.erase(id).catch(() => undefined);
    }
  }

  async function probe(): Promise<Problem | undefined> {
    const over = new AbortController();
    const late = clock.sleep(patience, over.signal).then(
      () => mute(),
      () => undefined,
    );
    const written = write().catch((error) => asProblem(error, 'storage_failed', mute().message));
    const problem = await Promise.race([written, late]);
    over.abort();
    meter.note({ type: 'probed', works: problem === undefined });
    return problem;
  }

  return () => {
    const now = clock.now();
    // a clock that was put back must not make an old answer last
    if (now >= asked + fresh || now < asked) {
      asked = now;
      answer = probe();
    }
    return answer;
  };
}
