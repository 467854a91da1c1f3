import { isEverydayPhrase, isStockPhrase } from '../insight/stock-phrases.ts';
import { wordsOf } from '../insight/words.ts';
import type { Heard } from './heard-words.ts';
import type { Utterance } from './utterance.ts';

/** People say so many letters in a second of voice, at least and at most. */
const [slowest, fastest] = [6, 25];
/** … and so many nobody, not even of two words that run into each other. */
const impossible = 45;
/** Less sure than this a recogniser guesses. */
const guess = 0.5;
/** Less voice than this, in ms, is no word. */
const shortest = 160;

/**
 * Whether these words are what recognisers write where nobody speaks. Nothing is dropped for its words alone: a stock phrase goes where it
 * is a guess or could not have been spoken in that time; what people say all day only where there was hardly a voice, or it is both. (“Thank you.” over seconds of noise that passes for a voice is believed.)
 */
export function isInvented({ text, confidence }: Pick<Heard, 'text' | 'confidence'>, { voiced }: Pick<Utterance, 'voiced'>): boolean {
  const ms = voiced.reduce((sum, { from, to }) => sum + to - from, 0);
  const rate = (wordsOf(text).join('').length * 1000) / ms;
  const unspoken = ms < shortest || rate > fastest;
  const guessed = (confidence ?? 1) < guess;
  if (isStockPhrase(text)) return guessed || unspoken || rate < slowest;
  return isEverydayPhrase(text) && (ms < shortest || rate > impossible || (guessed && unspoken));
}
