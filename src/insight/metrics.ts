import type { Entry, Metrics } from '../core/entry.ts';
import { every, said } from '../core/views.ts';
import { interruptions, replyGap, talkRatio } from './balance.ts';
import { type Exchange, exchangesOf } from './exchanges.ts';
import { countOf, linesOf, type Spoken } from './lines.ts';
import { paceOf } from './pace.ts';
import { secondsOf, type Turn, turnsOf } from './turns.ts';

/**
 * What the ear can carry. `verbatim: false`: it tidies "um" away, so fillers are unknown.
 * `overlap: false`: it hears one voice at a time, so interruptions are unknown.
 */
export type Hearing = { readonly verbatim?: boolean; readonly overlap?: boolean };

/** More words than this share without a known speaker, and nothing is said about anybody. */
const mostUnknown = 0.4;

const tenth = (value: number): number => Math.round(value * 10) / 10;

/** From the first word to the last: by the sound where all of it has times, else by the dates of the lines. */
function durationOf(lines: readonly Spoken[], entries: readonly Entry[]): number | null {
  if (lines.length === 0) return null;
  if (lines.every((line) => line.from !== null))
    return tenth(
      (lines.reduce((end, line) => Math.max(end, line.to!), 0) - lines.reduce((start, line) => Math.min(start, line.from!), Number.MAX_VALUE)) / 1000,
    );
  const dates = said(entries).map((entry) => Date.parse(entry.at));
  const ms = (dates.at(-1) ?? Number.NaN) - (dates[0] ?? Number.NaN);
  return dates.length > 1 && ms >= 0 ? tenth(ms / 1000) : null;
}

/** Whether enough of the words have a speaker to say anything about one. */
export function isAttributed(lines: readonly Spoken[]): boolean {
  const all = countOf(lines);
  return all > 0 && countOf(lines.filter((line) => line.who === 'unknown')) / all <= mostUnknown;
}

function tally(fillers: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const filler of fillers) counts[filler] = (counts[filler] ?? 0) + 1;
  return counts;
}

/** The numbers of a conversation that is already taken apart. */
export function measure(
  lines: readonly Spoken[],
  turns: readonly Turn[],
  exchanges: readonly Exchange[],
  entries: readonly Entry[],
  hearing: Hearing,
): Metrics {
  const of = (who: Spoken['who']) => lines.filter((line) => line.who === who);
  const user = of('user');
  const other = of('other');
  const words = { user: countOf(user), other: countOf(other), unknown: countOf(of('unknown')) };
  const all = words.user + words.other + words.unknown;
  const attributed = isAttributed(lines);
  const me = attributed && words.user > 0;
  const them = attributed && words.other > 0;
  const timed = (some: readonly Spoken[]) => some.every((line) => line.from !== null || line.typed) && some.some((line) => line.from !== null);
  const both = me && them && timed(user) && timed(other);
  const fillers = me && hearing.verbatim !== false ? user.flatMap((line) => line.fillers) : null;
  const asked = (some: readonly Spoken[]) => some.reduce((sum, line) => sum + line.questions.length, 0);
  const longest = turns.filter((turn) => turn.who === 'user').reduce((most, turn) => Math.max(most, secondsOf(turn) ?? 0), 0);
  return {
    user_words: words.user,
    other_words: words.other,
    unknown_words: words.unknown,
    fillers: fillers?.length ?? null,
    filler_words: tally(fillers ?? []),
    words_per_minute: me ? paceOf(user) : null,
    talk_ratio: both ? talkRatio(user, other) : null,
    longest_turn_seconds: me && timed(user) && longest > 0 ? tenth(longest) : null,
    questions_asked: me ? asked(user) : null,
    questions_received: them ? asked(other) : null,
    questions_unanswered: them ? exchanges.filter((exchange) => exchange.answered === false).length : null,
    interruptions_made: both && hearing.overlap !== false ? interruptions(user, other).length : null,
    interruptions_suffered: both && hearing.overlap !== false ? interruptions(other, user).length : null,
    median_reply_gap_seconds: both ? replyGap(turns) : null,
    suggestions: every(entries, 'advised').length,
    duration_seconds: durationOf(lines, entries),
    coverage: all > 0 ? Math.round(((words.user + words.other) / all) * 100) / 100 : null,
  };
}

/** What talking was like, in numbers; `null` wherever the log cannot carry one. */
export function metricsOf(entries: readonly Entry[], hearing: Hearing = {}): Metrics {
  const lines = linesOf(entries);
  const turns = turnsOf(lines);
  return measure(lines, turns, exchangesOf(turns), entries, hearing);
}

/** Fillers ÷ the user's words × 100, with one decimal; 0 when there is nothing to count. */
export const fillerPercentage = ({ fillers, user_words }: Metrics): number =>
  fillers === null || user_words === 0 ? 0 : tenth((fillers / user_words) * 100);
