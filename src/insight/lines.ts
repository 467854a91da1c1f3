import type { Entry, EntryOf, Speaker, Word } from '../core/entry.ts';
import { every, first, said } from '../core/views.ts';
import { fillersIn } from './fillers.ts';
import { questionsIn } from './questions.ts';
import { wordsOf } from './words.ts';

/** One line of talk, ready to be judged: by whom, how many words, when, and what it asks and fills. Times in ms of the conversation's sound. */
export type Spoken = {
  readonly seq: number;
  readonly who: Speaker['who'];
  readonly text: string;
  readonly count: number;
  readonly from: number | null;
  readonly to: number | null;
  /** How long words really sounded in it, in ms; `null` without times. */
  readonly voiced: number | null;
  /** Typed text has no time and needs none. */
  readonly typed: boolean;
  readonly questions: readonly string[];
  /** Only of the user's own lines; nobody else is judged. */
  readonly fillers: readonly string[];
};

/** A pause inside a line that is longer than this is silence, not speech. */
const longPause = 500;

/** Times beyond a week are a clock gone wrong, not a long talk. */
const latest = 7 * 24 * 3_600_000;

const isSpan = (from: number | undefined, to: number | undefined): boolean =>
  from !== undefined && to !== undefined && from >= 0 && to > from && to <= latest;

/** From the first word to the last, without the pauses over half a second; a line without usable word times counts whole. */
function voicedIn(from: number, to: number, words: readonly Word[] | undefined): number {
  const timed = words?.filter((word) => isSpan(word.from, word.to) && word.from >= from && word.to <= to && wordsOf(word.text).length > 0) ?? [];
  if (timed.length === 0) return to - from;
  let voiced = 0;
  let end = -1;
  for (const word of timed) {
    if (word.from < end && word.to <= end) continue;
    const start = Math.max(word.from, end);
    const gap = end < 0 ? 0 : start - end;
    voiced += word.to - start + (gap <= longPause ? gap : 0);
    end = word.to;
  }
  return voiced;
}

/** Who said it: the measured voice; for typed text the one who opened the conversation is the user, an agent is the other side. */
function whoSaid(entry: EntryOf<'said'>, opener: string | undefined, agents: ReadonlySet<string>): Speaker['who'] {
  if (entry.speaker) return entry.speaker.who;
  if (entry.via === 'voice') return 'unknown';
  if (agents.has(entry.by)) return 'other';
  return entry.by === opener ? 'user' : 'unknown';
}

/** What the words of a line are worth by themselves, whoever said them. */
type Reading = Pick<Spoken, 'count' | 'from' | 'to' | 'voiced' | 'questions' | 'fillers'>;

// an entry never changes: it is read once, though a long talk is measured after every turn
const readings = new WeakMap<EntryOf<'said'>, Reading>();

function readingOf(entry: EntryOf<'said'>): Reading {
  const known = readings.get(entry);
  if (known) return known;
  const timed = isSpan(entry.from, entry.to);
  const from = timed ? entry.from! : null;
  const to = timed ? entry.to! : null;
  const voiced = from === null || to === null ? null : voicedIn(from, to, entry.words);
  const reading = { count: wordsOf(entry.text).length, from, to, voiced, questions: questionsIn(entry.text), fillers: fillersIn(entry.text) };
  readings.set(entry, reading);
  return reading;
}

const ahead = new WeakMap<readonly Entry[], number>();
/** Lines between which others get their turn. */
const breath = 500;

/** Reads what nobody has read yet of a log, before it is judged: of one that was woken that is much, and `othersFirst` lets others go on meanwhile. */
export async function readAhead(entries: readonly Entry[], othersFirst: () => Promise<void>): Promise<void> {
  let read = ahead.get(entries) ?? 0;
  while (read < entries.length) {
    const some = entries.slice(read, read + breath);
    for (const entry of some) if (entry.type === 'said') readingOf(entry);
    read += some.length;
    ahead.set(entries, read);
    if (read < entries.length) await othersFirst();
  }
}

/** One line as it was said; nothing where it has no word. */
export function lineOf(entry: EntryOf<'said'>, opener: string | undefined, agents: ReadonlySet<string>): Spoken | undefined {
  const reading = readingOf(entry);
  if (reading.count === 0) return undefined;
  const who = whoSaid(entry, opener, agents);
  const typed = entry.via === 'text' && reading.from === null;
  return { ...reading, seq: entry.seq, who, text: entry.text, typed, fillers: who === 'user' ? reading.fillers : [] };
}

/** What was said, corrections applied, lines without a word left out, in the order it sounded where all of it has times. */
export function linesOf(entries: readonly Entry[]): Spoken[] {
  const opener = first(entries, 'opened')?.by;
  const agents = new Set(every(entries, 'joined').flatMap((entry) => (entry.role === 'agent' ? [entry.by] : [])));
  const lines = said(entries).flatMap((entry) => lineOf(entry, opener, agents) ?? []);
  return lines.every((line) => line.from !== null) ? lines.sort((a, b) => a.from! - b.from! || a.seq - b.seq) : lines;
}

/** The words of all these lines together. */
export const countOf = (lines: readonly Spoken[]): number => lines.reduce((sum, line) => sum + line.count, 0);
