import type { Entry, Hearing, Metrics } from '../core/entry.ts';
import { every } from '../core/views.ts';
import { interruptions } from './balance.ts';
import { countOf, lineOf, linesOf, type Spoken } from './lines.ts';
import { areAttributed, tally, tenth } from './tally.ts';

/** Whether enough of the words have a speaker to say anything about one. */
export const isAttributed = (lines: readonly Spoken[]): boolean =>
  areAttributed(countOf(lines), countOf(lines.filter(({ who }) => who === 'unknown')));

/** The sum of a log, as far as it was read. */
type Sum = {
  readonly lines: ReturnType<typeof tally>;
  read: number;
  opener: string | undefined;
  readonly agents: Set<string>;
  suggestions: number;
  /** When the first line that was said was written down, the last one, and how many there were. */
  readonly said: { first: number; last: number; count: number };
  /** Where the last line began that was added, and whether the lines stand in another order than in the log. */
  latest: number | null;
  sorted: boolean;
};

/** Adds up a whole log. */
function sumOf(entries: readonly Entry[]): Sum {
  const lines = linesOf(entries);
  const said = every(entries, 'said').map(({ at }) => Date.parse(at));
  const sum: Sum = {
    lines: tally(),
    read: entries.length,
    opener: every(entries, 'opened')[0]?.by,
    agents: new Set(every(entries, 'joined').flatMap(({ role, by }) => (role === 'agent' ? [by] : []))),
    suggestions: every(entries, 'advised').length,
    said: { first: said[0] ?? Number.NaN, last: said.at(-1) ?? Number.NaN, count: said.length },
    latest: lines.at(-1)?.from ?? null,
    sorted: lines.some(({ seq }, index) => index > 0 && seq < lines[index - 1]!.seq),
  };
  for (const line of lines) sum.lines.add(line);
  return sum;
}

/** Adds one more entry; false where it changes what was added before. */
function goesOn(sum: Sum, entry: Entry): boolean {
  if (entry.type === 'corrected' || (entry.type === 'removed' && entry.of)) return false;
  if (entry.type === 'opened' || entry.type === 'joined') return false;
  if (entry.type === 'advised') sum.suggestions += 1;
  if (entry.type !== 'said') return true;
  const written = Date.parse(entry.at);
  if (sum.said.count === 0) sum.said.first = written;
  sum.said.last = written;
  sum.said.count += 1;
  const line = lineOf(entry, sum.opener, sum.agents);
  if (!line) return true;
  const timed = sum.lines.seconds !== undefined;
  // lines stand in the order in which they sounded, as long as all of them have times
  if (timed && (line.from === null ? sum.sorted : sum.latest !== null && line.from < sum.latest)) return false;
  sum.lines.add(line);
  sum.latest = line.from;
  return true;
}

/** From the first word to the last: by the sound where all of it has times, else by the dates of the lines. */
function durationOf({ lines, said }: Sum): number | null {
  if (lines.lines === 0) return null;
  const ms = said.last - said.first;
  return lines.seconds ?? (said.count > 1 && ms >= 0 ? tenth(ms / 1000) : null);
}

function numbersOf(sum: Sum, entries: readonly Entry[], { verbatim, overlap }: Hearing): Metrics {
  const numbers = sum.lines.numbers(verbatim !== false);
  const heard = overlap !== false && numbers.talk_ratio !== null ? linesOf(entries) : undefined;
  const of = (who: Spoken['who']) => heard?.filter((line) => line.who === who) ?? [];
  const cuts = (by: Spoken['who'], over: Spoken['who']) => (heard ? interruptions(of(by), of(over)).length : null);
  const { coverage, median_reply_gap_seconds, ...rest } = numbers;
  return {
    ...rest,
    interruptions_made: cuts('user', 'other'),
    interruptions_suffered: cuts('other', 'user'),
    median_reply_gap_seconds,
    suggestions: sum.suggestions,
    duration_seconds: durationOf(sum),
    coverage,
  };
}

/** What talking was like, in numbers; `null` wherever the log cannot carry one. */
export const metricsOf = (entries: readonly Entry[], hearing: Hearing = {}): Metrics => numbersOf(sumOf(entries), entries, hearing);

/** The same of logs that go on: what was counted of one is not counted again, unless something changes it. */
export function metricsSoFar(hearing: Hearing = {}): (entries: readonly Entry[]) => Metrics {
  const sums = new WeakMap<readonly Entry[], Sum>();
  return (entries) => {
    let sum = sums.get(entries) ?? sumOf(entries);
    while (sum.read < entries.length) {
      if (goesOn(sum, entries[sum.read]!)) sum.read += 1;
      else sum = sumOf(entries);
    }
    sums.set(entries, sum);
    return numbersOf(sum, entries, hearing);
  };
}

/** Fillers ÷ the user's words × 100, with one decimal; 0 when there is nothing to count. */
export const fillerPercentage = ({ fillers, user_words }: Metrics): number =>
  fillers === null || user_words === 0 ? 0 : tenth((fillers / user_words) * 100);
