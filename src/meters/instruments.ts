import type { Clock } from '../core/ports.ts';
import { loopWatch } from './loop-watch.ts';
import { meters } from './meters.ts';

export type InstrumentParts = {
  readonly clock: Clock;
  /** The time as it really passes, in ms since 1970, whatever the clock on the wall does. */
  readonly now: () => number;
  readonly machine: { readonly uptime: () => number; readonly memoryUsage: () => { readonly rss: number; readonly heapUsed: number } };
  readonly awake: () => number;
};

/** The meters of a house and the watch over its event loop, until stopped; the gate, which comes later, is watched once it is there. */
export function instruments({ clock, now, machine, awake }: InstrumentParts, stop: AbortSignal) {
  const gate = { unread: () => 0, stalled: (_ms: number): void => undefined };
  const { lag } = loopWatch({ clock, now, onStall: (ms) => gate.stalled(ms) }, stop);
  const meter = meters({ now, gauges: { uptime: machine.uptime, memory: machine.memoryUsage, lag, awake, unread: () => gate.unread() } });
  return { meter, lag, watch: (there: typeof gate) => void Object.assign(gate, there) };
}
