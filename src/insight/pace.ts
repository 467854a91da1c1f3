import type { Spoken } from './lines.ts';

/** Below this much speech a pace is an accident. */
const enough = 10_000;

/** Words per minute of voiced time, over the lines that have times; `null` below ten seconds of speech. */
export function paceOf(lines: readonly Spoken[]): number | null {
  const timed = lines.filter((line) => line.voiced !== null);
  const voiced = timed.reduce((sum, line) => sum + line.voiced!, 0);
  const words = timed.reduce((sum, line) => sum + line.count, 0);
  return voiced < enough ? null : Math.round(words / (voiced / 60_000));
}
