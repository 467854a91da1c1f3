import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../core/ports.ts';

/** From here on the loop stood still, in ms. */
const standstill = 1_000;
/** How often is looked, in ms, and how many looks are remembered. */
const every = 1_000;
const looks = 10;
/** How often the delay is measured, in ms. */
const resolution = 10;

/** How late the event loop is, in ms: the median of the last ten looks and the worst of them, and every standstill since the start. */
export type Lag = { readonly p50: number; readonly p99: number; readonly longest: number; readonly stalls: number };

/** Watches whether the event loop keeps time, until stopped; tells of every standstill once. */
export function loopWatch(clock: Clock, onStall: (ms: number) => void, stop: AbortSignal) {
  const delay = monitorEventLoopDelay({ resolution });
  const seen: { p50: number; p99: number }[] = [];
  let longest = 0;
  let stalls = 0;
  delay.enable();

  // what is measured is how long a nap of `resolution` took
  const late = (ns: number) => Math.max(0, ns / 1e6 - resolution);

  function look(): void {
    if (delay.count === 0) return;
    const most = late(delay.max);
    seen.push({ p50: late(delay.percentile(50)), p99: late(delay.percentile(99)) });
    if (seen.length > looks) seen.shift();
    delay.reset();
    if (most < standstill) return;
    stalls += 1;
    longest = Math.max(longest, most);
    onStall(Math.round(most));
  }

  async function watch(): Promise<void> {
    while (!stop.aborted) {
      await clock.sleep(every, stop).catch(() => undefined);
      look();
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
