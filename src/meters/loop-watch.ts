import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../core/ports.ts';

/** From here on the loop stood still, in ms. */
const standstill = 1_000;
/** The watch naps so long, in ms; a nap that takes longer is how it knows. */
const nap = 100;
/** After so many naps the delays of the time are summed up, and so many sums are remembered. */
const napsPerSum = 10;
const sums = 10;
/** How often the delay is measured, in ms. */
const resolution = 10;

/** How late the event loop is, in ms: the median of the last ten seconds and the worst of them, and every standstill since the start. */
export type Lag = { readonly p50: number; readonly p99: number; readonly longest: number; readonly stalls: number };

export type LoopParts = {
  readonly clock: Clock;
  /** The time as it really passes, in ms, whatever the clock on the wall does. */
  readonly now: () => number;
  /** Told of every standstill once, when it is over. */
  readonly onStall: (ms: number) => void;
};

/** Watches whether the event loop keeps time, until stopped. */
export function loopWatch({ clock, now, onStall }: LoopParts, stop: AbortSignal) {
  const delay = monitorEventLoopDelay({ resolution });
  const seen: { p50: number; p99: number }[] = [];
  let longest = 0;
  let stalls = 0;

  // what is measured is how long a rest of `resolution` took
  const late = (ns: number) => Math.max(0, ns / 1e6 - resolution);

  function sumUp(): void {
    if (delay.count > 0) seen.push({ p50: late(delay.percentile(50)), p99: late(delay.percentile(99)) });
    if (seen.length > sums) seen.shift();
    delay.reset();
  }

  async function watch(): Promise<void> {
    delay.enable();
    for (let count = 1; !stop.aborted; count++) {
      const since = now();
      await clock.sleep(nap, stop).catch(() => undefined);
      const stood = now() - since - nap;
      if (stood >= standstill) {
        stalls += 1;
        longest = Math.max(longest, stood);
        onStall(Math.round(stood));
      }
      if (count % napsPerSum === 0) sumUp();
    }
    delay.disable();
  }
  void watch();

  return {
    lag(): Lag {
      const sorted = seen.map(({ p50 }) => p50).sort((one, other) => one - other);
      return { p50: sorted[Math.floor(sorted.length / 2)] ?? 0, p99: Math.max(0, ...seen.map(({ p99 }) => p99)), longest, stalls };
    },
  };
}

export type LoopWatch = ReturnType<typeof loopWatch>;
