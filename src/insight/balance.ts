import type { Spoken } from './lines.ts';
import { isBackchannel, type Turn } from './turns.ts';

/** Two people overlap by accident for this long without anybody interrupting. */
const overlap = 250;

/** The lines of `by` that begin while a line of `over` still lasts for more than 250 ms; "mhm" interrupts nobody. */
export function interruptions(by: readonly Spoken[], over: readonly Spoken[]): Spoken[] {
  const inTime = (lines: readonly Spoken[]) =>
    lines.filter((line) => line.from !== null && !isBackchannel(line.text)).sort((a, b) => a.from! - b.from!);
  const floor = inTime(over);
  let next = 0;
  let until = 0;
  return inTime(by).filter((line) => {
    while (next < floor.length && floor[next]!.from! < line.from!) {
      until = Math.max(until, floor[next]!.to!);
      next += 1;
    }
    return until - line.from! > overlap;
  });
}

/** The pause, in ms, between the other side's end and the user's beginning; an overlap is a pause of 0. */
export const gapBetween = (before: Turn, next: Pick<Spoken, 'who' | 'from'>): number | undefined =>
  next.who === 'user' && before.who === 'other' && next.from !== null && before.to !== null ? Math.max(0, next.from - before.to) : undefined;

/** The middle one of these pauses, which are in order, in seconds. */
export function middleOf(gaps: readonly number[]): number | null {
  if (gaps.length === 0) return null;
  const middle = (gaps[Math.floor((gaps.length - 1) / 2)]! + gaps[Math.floor(gaps.length / 2)]!) / 2;
  return Math.round(middle / 10) / 100;
}
