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
/** What people say all day takes nobody this long, in ms, at so few letters a second: what lasted was a noise. */
const [drawnOut, drawling] = [3_000, 2];

/**
 * Whether these words are what recognisers write where nobody speaks. Nothing is dropped for its words alone: a stock phrase goes where it
 * is a guess or could not have been spoken in that time; what people say all day only where there was hardly a voice, where it is a guess as well, or where it would have had to last for seconds.
 */
export function isInvented({ text, confidence, words }: Heard, { voiced }: Pick<Utterance, 'voiced'>): boolean {
  const lengthOf = (spans: readonly { readonly from: number; readonly to: number }[]) => spans.reduce((sum, { from, to }) => sum + to - from, 0);
  const letters = wordsOf(text).join('').length;
  const ms = lengthOf(voiced);
  const rate = (letters * 1000) / ms;
  const unspoken = ms < shortest || rate > fastest;
  const guessed = (confidence ?? 1) < guess;
  if (isStockPhrase(text)) return guessed || unspoken || rate < slowest;
  if (!isEverydayPhrase(text)) return false;
  // somebody may laugh for seconds and then say thank you: where the words have times, those count
  const took = Math.min(ms, words.length > 0 ? lengthOf(words) : ms);
  return ms < shortest || rate > impossible || (guessed && unspoken) || (took > drawnOut && (letters * 1000) / took < drawling);
}
