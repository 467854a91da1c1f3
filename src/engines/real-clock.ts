import type { Clock } from '../core/ports.ts';

/** The time of this machine; waiting keeps no process alive. */
export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, stop) =>
    new Promise((resolve, reject) => {
      const onStop = () => {
        clearTimeout(timer);
        reject(stop.reason);
      };
      const timer = setTimeout(() => {
        stop.removeEventListener('abort', onStop);
        resolve();
      }, ms);
      timer.unref();
      if (stop.aborted) onStop();
      else stop.addEventListener('abort', onStop, { once: true });
    }),
};
