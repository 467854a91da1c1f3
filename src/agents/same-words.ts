import { sentencesOf, wordsOf } from '../insight/words.ts';

/** What may still follow at the end of a sentence without changing what it asks for. */
const trailing = new Set(
  'please then now right okay ok well yeah yes so maybe perhaps actually really you know i mean for me us to here exactly at all though again'.split(
    ' ',
  ),
);
const hesitation = new Set('um uh erm er hm hmm mm mhm ah oh'.split(' '));

/** What may turn a sentence into another one, or begins the next one where nobody writes its sign. */
const turning = new Set(
  'not no never none nor or but if unless except without instead rather than only and versus what why how which who whose let wait sorry cannot'.split(
    ' ',
  ),
);

/** So many words may follow that change nothing, and so many that complete what was clear before. */
const few = 3;
const rest = 8;

const telling = (text: string): string[] => wordsOf(text).filter((word) => !hesitation.has(word));

/** The words that follow where the earlier ones are the first of the later ones, but for their signs and a last word that was still growing. */
function following(earlier: string, later: string): string[] | undefined {
  const before = telling(earlier);
  const after = telling(later);
  const last = before.length - 1;
  const same = before.every((word, index) => word === after[index] || (index === last && index < after.length && grew(word, after[index]!)));
  return before.length > 0 && same ? after.slice(before.length) : undefined;
}

/** Whether the final words say what the earlier ones said: the same words but for their signs, a last word that was still growing, or a "please" at the end. */
export function saysTheSame(earlier: string, final: string): boolean {
  const more = following(earlier, final);
  return more !== undefined && more.length <= few && more.every((word) => trailing.has(word));
}

/** Whether the later words only complete the sentence that the earlier ones began: few more of them, no turn, and no other sentence. */
export function completes(earlier: string, later: string): boolean {
  const more = following(earlier, later);
  if (more === undefined || more.length > rest || sentencesOf(later).length > sentencesOf(earlier).length) return false;
  return !more.some((word) => turning.has(word) || word.endsWith("n't"));
}

/** "colleague" becomes "colleagues" when its end is heard. */
const grew = (word: string, whole: string): boolean => word.length >= 5 && whole.startsWith(word) && whole.length <= word.length + 3;
