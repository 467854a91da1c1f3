import type { Entry, EntryOf, Fact, Span, Speaker } from '../core/entry.ts';
import { offTheRecord } from '../core/forgetting.ts';
import type { AttributedWord } from '../core/ports.ts';
import { said } from '../core/views.ts';
import { isStockPhrase, isWordless } from './stock-phrases.ts';
import { type Voices, voicesIn } from './voices.ts';
import { wordsOf } from './words.ts';

/** A line of a voice that says when it was spoken. */
export type TimedLine = EntryOf<'said'> & { readonly from: number; readonly to: number };

type Again = { readonly line: TimedLine; readonly words: AttributedWord[] };

/** A word belongs to the nearest line if it is no farther from it than this, in ms: nearer than that nobody can say that a line was missed. */
const near = 1_000;
/** A second hearing that has fewer of the words than this lost some; one that is less sure guesses. */
const enough = 0.6;
const sure = 0.5;
/** More words in a second nobody speaks. */
const fastest = 8;
/** A pause in which a new line begins, in ms. */
const pause = 1_000;
/** Live ears that are so sure of who spoke are believed. */
const certain = 0.8;

/** The lines that were heard and can be found again in the sound. */
export const timedLines = (entries: readonly Entry[]): TimedLine[] =>
  said(entries)
    .filter((line): line is TimedLine => line.via === 'voice' && line.from !== undefined && line.to !== undefined && line.to > line.from)
    .sort((a, b) => a.from - b.from);

/**
 * What hearing kept sound once more mends of a log: what it heard better, whose it was, and what nobody had heard. A line that was heard
 * live never goes, and nothing comes where nobody was on the record, or where there was no sound (`sounded`). Times in ms of the conversation, `now` too.
 */
export function mendedBy(entries: readonly Entry[], words: readonly AttributedWord[], sounded: readonly Span[], now: number): Fact[] {
  const off = offTheRecord(entries, now);
  const heard = words.filter((word) => !off.some((span) => touches(word, span))).sort((a, b) => a.from - b.from);
  const again = timedLines(entries).map((line): Again => ({ line, words: [] }));
  const free: AttributedWord[] = [];
  for (const word of heard) (nearest(again, word)?.words ?? free).push(word);
  const voices = voicesIn(again);
  return [
    ...clusters(again).flatMap((lines) => texts(lines)),
    ...again.flatMap((line) => whose(line, voices)),
    ...runs(free).flatMap((run) => missed(run, voices, sounded, off, now)),
  ];
}

const touches = (a: Span, b: Span): boolean => a.from < b.to && a.to > b.from;

function nearest(lines: readonly Again[], word: Span): Again | undefined {
  const middle = (word.from + word.to) / 2;
  const distance = ({ line: { from, to } }: Again) => Math.max(from - middle, middle - to, 0);
  let best: Again | undefined;
  for (const each of lines) if (distance(each) <= near && (!best || distance(each) < distance(best))) best = each;
  return best;
}

/** Lines so close that a word may have gone to the wrong one: they are mended together or not at all. */
function clusters(lines: readonly Again[]): Again[][] {
  const all: Again[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const each of lines) {
    if (each.line.from - end > near || all.length === 0) all.push([]);
    all.at(-1)!.push(each);
    end = Math.max(end, each.line.to);
  }
  return all;
}

const textOf = (words: readonly AttributedWord[]): string => words.map(({ text }) => text).join(' ');

const sureness = (words: readonly AttributedWord[]): number => {
  const known = words.flatMap(({ confidence }) => (confidence === null ? [] : [confidence]));
  return known.length === 0 ? 1 : known.reduce((sum, value) => sum + value, 0) / known.length;
};

function texts(lines: readonly Again[]): Fact[] {
  const all = lines.flatMap(({ words }) => words);
  const live = lines.reduce((sum, { line }) => sum + wordsOf(line.text).length, 0);
  const seconds = lines.reduce((sum, { line }) => sum + line.to - line.from, 0) / 1_000;
  const better = wordsOf(textOf(all)).length >= live * enough && sureness(all) >= sure && all.length <= fastest * (seconds + 1);
  if (!better || lines.some(({ words }) => isWordless(textOf(words)))) return [];
  return lines.flatMap(({ line, words }): Fact[] =>
    wordsOf(line.text).join(' ') === wordsOf(textOf(words)).join(' ') ? [] : [{ type: 'corrected', of: line.seq, text: textOf(words) }],
  );
}

/** Whose line it is, where the ears that heard it live were not sure. */
function whose({ line, words }: Again, voices: Voices): Fact[] {
  const speaker = voices.ofAll(words);
  const live: Speaker = line.speaker ?? { who: 'unknown', probability: null };
  if (!speaker || speaker.who === live.who || (live.who !== 'unknown' && (live.probability ?? 1) >= certain)) return [];
  return [{ type: 'corrected', of: line.seq, speaker }];
}

/** What one person said in one go. */
function runs(words: readonly AttributedWord[]): AttributedWord[][] {
  const all: AttributedWord[][] = [];
  for (const word of words) {
    const last = all.at(-1)?.at(-1);
    if (!last || word.from - last.to > pause || word.speaker !== last.speaker) all.push([]);
    all.at(-1)!.push(word);
  }
  return all;
}

/** A line that nobody had heard; none where it is a guess, a stock phrase of recognisers, or where there was nothing to hear. */
function missed(words: readonly AttributedWord[], voices: Voices, sounded: readonly Span[], off: readonly Span[], now: number): Fact[] {
  const [from, to] = [words[0]!.from, words.at(-1)!.to];
  const text = textOf(words);
  const margin = { from: from - near, to: to + near };
  const doubtful = sureness(words) < sure || isWordless(text) || isStockPhrase(text) || words.length > fastest * ((to - from) / 1_000 + 1);
  if (doubtful || off.some((span) => touches(margin, span))) return [];
  if (!words.every((word) => sounded.some((span) => touches(word, span)))) return [];
  const confidence = words.some((word) => word.confidence !== null) ? sureness(words) : null;
  return [
    {
      type: 'said',
      text,
      via: 'voice',
      speaker: voices.ofAll(words) ?? { who: 'unknown', probability: null },
      from,
      to,
      words: words.map(({ speaker: _, ...word }) => word),
      confidence,
      late: Math.max(1, Math.round(now - to)),
    },
  ];
}
