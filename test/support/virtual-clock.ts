import type { Clock } from '../../src/core/ports.ts';

/** A clock that stands still until told to go on; everybody who sleeps on it wakes in the order of their times. */
export type VirtualClock = Clock & { advance(ms: number): Promise<void>; readonly sleepers: number };

type Sleeper = { readonly due: number; readonly wake: () => void };

/** Lets everything that is ready run: one full turn of the event loop. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Makes a virtual clock that shows `start` ms. */
export function virtualClock(start = 0): VirtualClock {
  let now = start;
  const sleepers = new Set<Sleeper>();

  const nextDue = (before: number): Sleeper | undefined => {
    let next: Sleeper | undefined;
    for (const sleeper of sleepers) if (sleeper.due <= before && (next === undefined || sleeper.due < next.due)) next = sleeper;
    return next;
  };

  return {
    now: () => now,
    get sleepers() {
      return sleepers.size;
    },
    sleep(ms, stop) {
      if (stop.aborted) return Promise.reject(stop.reason);
      return new Promise((resolve, reject) => {
        const over = () => {
          sleepers.delete(sleeper);
          stop.removeEventListener('abort', onStop);
        };
        const onStop = () => {
          over();
          reject(stop.reason);
        };
        const sleeper: Sleeper = {
          due: now + Math.max(0, ms),
          wake: () => {
            over();
            resolve();
          },
        };
        sleepers.add(sleeper);
        stop.addEventListener('abort', onStop, { once: true });
      });
    },
    async advance(ms) {
      const goal = now + ms;
      await settled();
      for (let sleeper = nextDue(goal); sleeper; sleeper = nextDue(goal)) {
        now = Math.max(now, sleeper.due);
        sleeper.wake();
        await settled();
      }
      now = goal;
      await settled();
    },
  };
}
