import { wordsOf } from '../insight/words.ts';

/** What may still follow at the end of a sentence without changing what it asks for. */
const trailing = new Set(
  'please then now right okay ok well yeah yes so maybe perhaps actually really you know i mean for me us to here exactly at all though again'.split(
    ' ',
  ),
);
const hesitation = new Set('um uh erm er hm hmm mm mhm ah oh'.split(' '));

/** So many of them may follow. */
const few = 3;

const telling = (text: string): string[] => wordsOf(text).filter((word) => !hesitation.has(word));

/** Whether the final words say what the earlier ones said: the same words but for their signs, a last word that was still growing, or a "please" at the end. */
export function saysTheSame(earlier: string, final: string): boolean {
  const before = telling(earlier);
  const after = telling(final);
  if (before.length === 0 || after.length < before.length || after.length > before.length + few) return false;
  const last = before.length - 1;
  const same = before.every((word, index) => word === after[index] || (index === last && grew(word, after[index]!)));
  return same && after.slice(before.length).every((word) => trailing.has(word));
}

/** "colleague" becomes "colleagues" when its end is heard. */
const grew = (word: string, whole: string): boolean => word.length >= 5 && whole.startsWith(word) && whole.length <= word.length + 3;
