import type { Words } from '../core/ports.ts';
import { isEverydayPhrase, isStockPhrase, isWordless, loopOf } from '../insight/stock-phrases.ts';
import { wordsOf } from '../insight/words.ts';
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
/** Whoever says one word again and again says at least so many letters a second. */
const dragging = 3;

/** The letters of a text, as long as they take to say: where each is a whole syllable it counts as two, and a digit is a word. */
const lettersOf = (text: string): number =>
  wordsOf(text)
    .join('')
    .replaceAll(/[\p{sc=Han}\p{sc=Hangul}]/gu, 'aa')
    .replaceAll(/\p{N}/gu, 'aaaa').length;

/**
 * Whether these words are what recognisers write where nobody speaks. What has no word at all goes. Nothing else is dropped for
 * its words alone: a stock phrase goes where it is a guess or could not have been spoken in that time, the same again and again where nobody says it so fast or so slowly;
 * what people say all day only where there was hardly a voice, where it is a guess as well, or where it would have had to last for seconds.
 */
export function isInvented(
  { text, confidence, words }: Pick<Words, 'text' | 'confidence' | 'words'>,
  { voiced }: Pick<Utterance, 'voiced'>,
): boolean {
  const lengthOf = (spans: readonly { readonly from: number; readonly to: number }[]) => spans.reduce((sum, { from, to }) => sum + to - from, 0);
  if (isWordless(text)) return true;
  const letters = lettersOf(text);
  const ms = lengthOf(voiced);
  const rate = (letters * 1000) / ms;
  const unspoken = ms < shortest || rate > fastest;
  const guessed = (confidence ?? 1) < guess;
  if (isStockPhrase(text)) return guessed || unspoken || rate < slowest;
  const piece = loopOf(text);
  if (piece > 0 && (unspoken || rate < (piece === 1 ? dragging : slowest))) return true;
  if (!isEverydayPhrase(text)) return false;
  // somebody may laugh for seconds and then say thank you: where the words have times, those count
  const took = Math.min(ms, words.length > 0 ? lengthOf(words) : ms);
  return ms < shortest || rate > impossible || (guessed && unspoken) || (took > drawnOut && (letters * 1000) / took < drawling);
}
