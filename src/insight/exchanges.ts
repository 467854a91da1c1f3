import { fillersIn } from './fillers.ts';
import type { Spoken } from './lines.ts';
import { toldBeforeAsking } from './questions.ts';
import type { Turn } from './turns.ts';
import { sentencesOf, wordsOf } from './words.ts';

/** A question of the other side and what the user made of it; `answered` is `null` when nobody can tell who spoke next. */
export type Exchange = { readonly asked: Spoken; readonly question: string; readonly answer: Turn | undefined; readonly answered: boolean | null };

/** A "question" of more words than this, as unpunctuated recognisers write them, also tells something. */
const telling = 15;

/** Whether a turn holds more than questions back and sounds of thinking. */
function tells(turn: Turn): boolean {
  return turn.lines.some((line) =>
    sentencesOf(line.text).some((sentence) => {
      const words = wordsOf(sentence).length;
      const told = line.questions.includes(sentence) && words <= telling ? toldBeforeAsking(sentence) : words;
      return told > fillersIn(sentence).length;
    }),
  );
}

function answerTo(turns: readonly Turn[], index: number): Pick<Exchange, 'answer' | 'answered'> {
  let askedBack = false;
  for (const turn of turns.slice(index + 1, index + 6)) {
    if (turn.who === 'unknown') return { answer: undefined, answered: null };
    if (turn.who === 'user') {
      if (tells(turn)) return { answer: turn, answered: true };
      askedBack = true;
    } else if (!askedBack && turn.lines.some((line) => line.questions.length > 0)) break;
  }
  return { answer: undefined, answered: false };
}

/**
 * Every turn of the other side that asks, by its last question. It is answered when the user's next turn says more than a question back;
 * it is open when the talk ends or the other side asks something else first.
 */
export function exchangesOf(turns: readonly Turn[]): Exchange[] {
  return turns.flatMap((turn, index): Exchange[] => {
    const asked = turn.who === 'other' ? turn.lines.findLast((line) => line.questions.length > 0) : undefined;
    return asked ? [{ asked, question: asked.questions.at(-1)!, ...answerTo(turns, index) }] : [];
  });
}
