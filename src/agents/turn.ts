import type { EntryOf, Speaker, Word } from '../core/entry.ts';
import { fillersIn } from '../insight/fillers.ts';
import { questionsIn } from '../insight/questions.ts';
import { contentWords, wordsOf } from '../insight/words.ts';

/** A place in the conversation: on the line of the sound where there is one, and always by date, both in ms since it opened. */
export type Place = { readonly sound?: number; readonly date: number };

/** How much later `b` is than `a`: by sound where both have it, because sound keeps no waiting times; a sound line that began anew does not count. */
export function apart(a: Place, b: Place): number {
  const bySound = a.sound !== undefined && b.sound !== undefined ? b.sound - a.sound : -1;
  return bySound >= 0 ? bySound : b.date - a.date;
}

/** The place so many ms later. */
export const after = ({ sound, date }: Place, ms: number): Place => ({ date: date + ms, ...(sound !== undefined && { sound: sound + ms }) });

/** One thing somebody said, with what the coach needs to know of it, worked out once. */
export type Turn = {
  readonly seq: number;
  readonly who: Speaker['who'];
  readonly text: string;
  /** The same without what the recogniser itself doubts: only this may be quoted. */
  readonly sure: string;
  readonly words: readonly string[];
  readonly stems: ReadonlySet<string>;
  readonly fillers: readonly string[];
  /** The last question in it, as it stands there. */
  readonly question: string | undefined;
  /** "mhm", "yes, sure": agreement that asks for nothing and ends nobody's turn. */
  readonly small: boolean;
  readonly from: number | undefined;
  readonly place: Place;
  readonly timed: readonly Word[];
  readonly source: EntryOf<'said'>;
};

/** From here on a speaker counts as known. */
const known = 0.6;

/** Below this a recognised word is not worth repeating into an ear. */
const doubtful = 0.4;

const agreement = new Set(
  "mhm mm mmm hm hmm uh uh-huh mm-hmm yeah yes yep yup no nope ok okay right sure true exactly absolutely great good nice cool fine wow oh ah i see got it of course thanks thank you indeed really alright perfect sounds that's that is very well so hi hello hey bye goodbye".split(
    ' ',
  ),
);

const greeting =
  /\b(?:how (?:are|'?re) (?:you|things)|how(?:'s| is) (?:it going|everything|your day)|how do you do|what's up|can you hear me|are you (?:there|still there|ready)|(?:good|nice) to (?:see|meet) you|how (?:are|is|'s) (?:the|your) (?:kids|children|family|wife|husband|parents)|how was your (?:trip|journey|flight|drive|day|weekend|holiday)|did you find (?:us|it|(?:the|your) (?:way|place|office|building|house|room)))\b/;

/** "hello so tell me what you do": what is asked for in the form of a wish. */
const request = /\b(?:tell|show|explain to|walk) (?:me|us)(?: more| a (?:little )?bit)? (?:about|what|how|why|when|where|who|which|through) .+/i;

/** Whether these words ask how one is, and want no advice. */
const isGreeting = (text: string): boolean => greeting.test(text.toLowerCase().replaceAll('’', "'"));

/** Reads one `said` entry. */
export function turnOf(source: EntryOf<'said'>, opened: number): Turn {
  const { seq, text, speaker } = source;
  const words = wordsOf(text);
  const unsure = speaker === undefined || (speaker.probability !== null && speaker.probability < known);
  const date = Date.parse(source.at) - opened;
  const question = questionsIn(text).at(-1) ?? request.exec(text)?.[0];
  return {
    seq,
    text,
    who: unsure ? 'unknown' : speaker.who,
    sure: sureWords(source),
    words,
    stems: new Set(contentWords(text)),
    fillers: fillersIn(text),
    question: question !== undefined && !isGreeting(question) ? question : undefined,
    small: words.length <= 4 && words.every((word) => agreement.has(word)),
    from: source.from,
    place: source.to === undefined ? { date } : { sound: source.to, date },
    timed: source.words ?? [],
    source,
  };
}

function sureWords({ text, words = [], confidence = null }: EntryOf<'said'>): string {
  if (confidence !== null && confidence !== undefined && confidence < doubtful / 2) return '';
  if (!words.some((word) => word.confidence !== null && word.confidence < doubtful)) return text;
  // a comma keeps the neighbours of a doubted word from being read as one phrase
  return words.map((word) => (word.confidence !== null && word.confidence < doubtful ? ',' : word.text)).join(' ');
}
