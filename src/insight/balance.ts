import type { Spoken } from './lines.ts';
import { isBackchannel, type Turn } from './turns.ts';

/** Two people overlap by accident for this long without anybody interrupting. */
const overlap = 250;

const voicedBy = (lines: readonly Spoken[]): number => lines.reduce((sum, line) => sum + (line.voiced ?? 0), 0);

/** The user's speaking time ÷ the speaking time of both; `null` unless both were heard, and every spoken line has times. */
export function talkRatio(user: readonly Spoken[], other: readonly Spoken[]): number | null {
  const mine = voicedBy(user);
  const theirs = voicedBy(other);
  return mine === 0 || theirs === 0 ? null : Math.round((mine / (mine + theirs)) * 100) / 100;
}

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

/** The middle one of the pauses, in seconds, between the other side's end and the user's beginning; an overlap is a pause of 0. */
export function replyGap(turns: readonly Turn[]): number | null {
  const gaps = turns
    .flatMap((turn, index) => {
      const before = turns[index - 1];
      const follows = turn.who === 'user' && before?.who === 'other' && turn.from !== null && before.to !== null;
      return follows ? [Math.max(0, turn.from! - before.to!)] : [];
    })
    .sort((a, b) => a - b);
  if (gaps.length === 0) return null;
  const middle = (gaps[Math.floor((gaps.length - 1) / 2)]! + gaps[Math.floor(gaps.length / 2)]!) / 2;
  return Math.round(middle / 10) / 100;
}
