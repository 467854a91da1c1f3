import type { Word } from '../core/entry.ts';
import type { Words } from '../core/ports.ts';
import type { Utterance } from './utterance.ts';

/** What was heard, as it goes into the log. */
export type Heard = { text: string; words: Word[]; confidence: number | null };

/** How far recognisers and detectors may disagree about when a word was spoken, in ms. */
const TOLERANCE = 250;

/** Keeps the words that fall where somebody spoke: recognisers like to hear words in silence. Nothing left is `undefined`. */
export function heardWords({ text, words, confidence }: Words, { voiced }: Utterance): Heard | undefined {
  if (words.length === 0) return text.trim() === '' ? undefined : { text: text.trim(), words, confidence };
  const inVoice = ({ from, to }: Word) => voiced.some((span) => from < span.to + TOLERANCE && to > span.from - TOLERANCE);
  const kept = words.filter(inVoice);
  if (kept.length === 0) return undefined;
  const whole = kept.length === words.length ? text.trim() : '';
  return { text: whole === '' ? kept.map((word) => word.text).join(' ') : whole, words: kept, confidence };
}
