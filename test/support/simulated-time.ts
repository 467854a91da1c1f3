import type { Clock } from '../../src/core/ports.ts';
import { settled } from './virtual-clock.ts';

/** Time that passes only when it is told to; whatever is due happens in turn, and is over before the next begins. */
export type SimulatedTime = {
  readonly now: number;
  /** Somebody who lives in it: what they wait for ends with them. */
  life(wallClock?: () => number): Life;
  run(ms: number): Promise<void>;
};

/** Somebody who waits for things, and may be killed: then nothing that they waited for ever happens. */
export type Life = Clock & {
  readonly dead: boolean;
  readonly waiting: number;
  after(ms: number, act: () => void): { cancel(): void };
  kill(): void;
};

type Due = { readonly at: number; readonly act: () => void };

/** Makes a time that begins now, at zero. */
export function simulatedTime(): SimulatedTime {
  const due: Due[] = [];
  let now = 0;

  const plan = (item: Due) => {
    let place = due.length;
    while (place > 0 && due[place - 1]!.at > item.at) place -= 1;
    due.splice(place, 0, item);
  };
  const forget = (item: Due) => {
    const place = due.indexOf(item);
    if (place >= 0) due.splice(place, 1);
  };

  function life(wallClock = () => now): Life {
    const own = new Set<Due>();
    let dead = false;
    const after = (ms: number, act: () => void) => {
      const item: Due = {
        at: now + Math.max(0, ms),
        act: () => {
          own.delete(item);
          act();
        },
      };
      if (!dead) {
        own.add(item);
        plan(item);
      }
      return {
        cancel() {
          own.delete(item);
          forget(item);
        },
      };
    };
    return {
      get dead() {
        return dead;
      },
      get waiting() {
        return own.size;
      },
      now: wallClock,
      after,
      sleep(ms, stop) {
        if (stop.aborted) return Promise.reject(stop.reason);
        return new Promise((resolve, reject) => {
          const onStop = () => {
            planned.cancel();
            reject(stop.reason);
          };
          const planned = after(ms, () => {
            stop.removeEventListener('abort', onStop);
            resolve();
          });
          stop.addEventListener('abort', onStop, { once: true });
        });
      },
      kill() {
        dead = true;
        for (const item of own) forget(item);
        own.clear();
      },
    };
  }

  return {
    get now() {
      return now;
    },
    life,
    async run(ms) {
      const goal = now + ms;
      await settled();
      while (due.length > 0 && due[0]!.at <= goal) {
        now = Math.max(now, due[0]!.at);
        due.shift()!.act();
        await settled();
      }
      now = goal;
    },
  };
}
