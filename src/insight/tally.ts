import type { Metrics } from '../core/entry.ts';
import { gapBetween, middleOf } from './balance.ts';
import { exchangesOf } from './exchanges.ts';
import type { Spoken } from './lines.ts';
import { secondsOf, type Turn, turnTaking } from './turns.ts';

/** What the lines of one person add up to; `paced` words have times, and `lost` lines have none though they were spoken. */
type Share = { words: number; voiced: number; paced: number; timed: number; lost: number; questions: number };

/** The numbers that lines alone can tell. */
export type Tallied = Omit<Metrics, 'suggestions' | 'duration_seconds' | 'interruptions_made' | 'interruptions_suffered'>;

/** More words than this share without a known speaker, and nothing is said about anybody. */
const mostUnknown = 0.4;
/** Below this much speech a pace is an accident, in ms. */
const enough = 10_000;
/** A question waits for its answer for so many turns. */
const patience = 5;

const nobody = (): Share => ({ words: 0, voiced: 0, paced: 0, timed: 0, lost: 0, questions: 0 });

/** Rounded to tenths. */
export const tenth = (value: number): number => Math.round(value * 10) / 10;

const hundredth = (value: number): number => Math.round(value * 100) / 100;

/** Whether enough of the words have a speaker to say anything about one. */
export const areAttributed = (all: number, unknown: number): boolean => all > 0 && unknown / all <= mostUnknown;

/** Puts a number where it belongs among those in order. */
function insert(sorted: number[], value: number): void {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle]! <= value) from = middle + 1;
    else to = middle;
  }
  sorted.splice(from, 0, value);
}

/** Adds up lines in the order in which they sounded, each one once. */
export function tally() {
  const shares: Record<Spoken['who'], Share> = { user: nobody(), other: nobody(), unknown: nobody() };
  const fillers: Record<string, number> = {};
  const gaps: number[] = [];
  /** Turns that are over and whose questions may still be answered. */
  const recent: Turn[] = [];
  let filled = 0;
  let unanswered = 0;
  let longest = 0;
  let lines = 0;
  let untimed = 0;
  let [from, to] = [Number.MAX_VALUE, 0];

  const openIn = (turns: readonly Turn[]) => exchangesOf(turns).filter(({ answered }) => answered === false);
  const ownSeconds = (turn: Turn) => (turn.who === 'user' ? (secondsOf(turn) ?? 0) : 0);

  const turns = turnTaking((over, next) => {
    longest = Math.max(longest, ownSeconds(over));
    const gap = gapBetween(over, next);
    if (gap !== undefined) insert(gaps, gap);
    recent.push(over);
    if (recent.length <= patience) return;
    const asking = recent[0]!;
    unanswered += openIn(recent).filter(({ asked }) => asking.lines.includes(asked)).length;
    recent.shift();
  });

  return {
    get lines() {
      return lines;
    },
    /** From the first sound to the last, in seconds, where every line has times. */
    get seconds() {
      return untimed === 0 ? tenth((to - from) / 1_000) : undefined;
    },
    add(line: Spoken): void {
      const share = shares[line.who];
      lines += 1;
      share.words += line.count;
      share.questions += line.questions.length;
      if (line.voiced !== null) {
        share.voiced += line.voiced;
        share.paced += line.count;
      }
      if (line.from === null) {
        untimed += 1;
        if (!line.typed) share.lost += 1;
      } else {
        share.timed += 1;
        from = Math.min(from, line.from);
        to = Math.max(to, line.to!);
      }
      for (const filler of line.fillers) fillers[filler] = (fillers[filler] ?? 0) + 1;
      filled += line.fillers.length;
      turns.add(line);
    },
    numbers(verbatim: boolean): Tallied {
      const { user, other, unknown } = shares;
      const all = user.words + other.words + unknown.words;
      const attributed = areAttributed(all, unknown.words);
      const me = attributed && user.words > 0;
      const them = attributed && other.words > 0;
      const isTimed = ({ timed, lost }: Share) => timed > 0 && lost === 0;
      const both = me && them && isTimed(user) && isTimed(other);
      const open = turns.open;
      const most = Math.max(longest, open ? ownSeconds(open) : 0);
      const counted = me && verbatim;
      return {
        user_words: user.words,
        other_words: other.words,
        unknown_words: unknown.words,
        fillers: counted ? filled : null,
        filler_words: counted ? { ...fillers } : {},
        words_per_minute: me && user.voiced >= enough ? Math.round(user.paced / (user.voiced / 60_000)) : null,
        talk_ratio: both && user.voiced > 0 && other.voiced > 0 ? hundredth(user.voiced / (user.voiced + other.voiced)) : null,
        longest_turn_seconds: me && isTimed(user) && most > 0 ? tenth(most) : null,
        questions_asked: me ? user.questions : null,
        questions_received: them ? other.questions : null,
        questions_unanswered: them ? unanswered + openIn(open ? [...recent, open] : recent).length : null,
        median_reply_gap_seconds: both ? middleOf(gaps) : null,
        coverage: all > 0 ? hundredth((user.words + other.words) / all) : null,
      };
    },
  };
}
