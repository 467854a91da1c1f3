import { isQuestion } from '../insight/questions.ts';
import { contentWords, isStopWord, sentencesOf, wordsOf } from '../insight/words.ts';

/** Whether so much of a question is there that it may be clear what it asks for, though more may follow: it has a subject, and could end with its last word. */
export function asksSoFar(text: string): boolean {
  const sentence = sentencesOf(text).at(-1) ?? '';
  const words = wordsOf(sentence);
  if (words.length < 6 || isStopWord(words.at(-1)!)) return false;
  return contentWords(sentence).length >= (words.length < 8 ? 2 : 1) && isQuestion(sentence);
}
