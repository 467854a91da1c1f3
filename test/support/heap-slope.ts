import { readdirSync } from 'node:fs';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of JavaScript objects that are still reachable; what waits to be finished may finish first. */
export async function heapInUse(): Promise<number> {
  // of the first 250 requests that somebody makes with fetch, the engine keeps a note each
  performance.clearResourceTimings();
  for (let round = 0; round < 2; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
  // what the engine compiles for itself grows for a while and is nobody's leak
  const spaces = getHeapSpaceStatistics().filter(({ space_name }) => !/code|trusted/.test(space_name));
  return spaces.reduce((sum, { space_used_size }) => sum + space_used_size, 0);
}

/** By how much y grows with each x, by least squares. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([each]) => each)), mean(points.map(([, each]) => each))];
  return points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

/** The same by the median of all pairs, and of the first and the second half the smaller: what is kept of each is seen in both, what was set up once in one of them, and no single point decides. */
export function steadySlope(points: readonly (readonly [x: number, y: number])[]): number {
  const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;
  const median = (some: typeof points) => middle(some.flatMap(([x, y], index) => some.slice(index + 1).map(([a, b]) => (b - y) / (a - x))));
  const half = Math.ceil(points.length / 2);
  return Math.min(median(points.slice(0, half)), median(points.slice(-half)));
}

/** What the process holds besides memory: files, and whatever keeps it alive, by kind. */
export function held(): Record<string, number> {
  const kinds: Record<string, number> = { files: readdirSync('/proc/self/fd').length };
  for (const kind of process.getActiveResourcesInfo()) kinds[kind] = (kinds[kind] ?? 0) + 1;
  kinds.listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  return kinds;
}

/** What the process holds more of than then; what is being closed gets ten seconds for it, or so many ms. */
export async function heldBeyond(base: Record<string, number>, patience = 10_000): Promise<Record<string, number>> {
  const beyond = () => Object.fromEntries(Object.entries(held()).filter(([kind, count]) => count > (base[kind] ?? 0)));
  for (let tries = 0; tries < patience / 25 && Object.keys(beyond()).length > 0; tries++) await new Promise((resolve) => setTimeout(resolve, 25));
  return beyond();
}
