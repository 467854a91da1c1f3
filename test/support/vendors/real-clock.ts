import type { Clock } from '../../../src/core/ports.ts';

/** The clock on the wall. */
export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, stop) =>
    new Promise((resolve, reject) => {
      if (stop.aborted) return reject(stop.reason);
      const timer = setTimeout(() => {
        stop.removeEventListener('abort', over);
        resolve();
      }, ms);
      const over = () => {
        clearTimeout(timer);
        reject(stop.reason);
      };
      stop.addEventListener('abort', over, { once: true });
    }),
};
