import type { Moment, MomentKind } from '../core/entry.ts';
import { interruptions } from './balance.ts';
import type { Exchange } from './exchanges.ts';
import type { Spoken } from './lines.ts';
import type { Picture } from './picture.ts';
import { questionKind } from './questions.ts';
import { clip, tellingSentence } from './quotes.ts';
import { callbackOf } from './topics.ts';
import { secondsOf } from './turns.ts';
import { sentencesOf, wordsOf } from './words.ts';

/** A turn of the user that lasts longer than this, in seconds, is a monologue. */
export const monologue = 60;

const numbers =
  /\b(?:\d|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|hundred|thousand|million|half|twice)\b)/i;
const reasons = /\b(?:because|so that|for example|for instance|which meant|that is why|that's why|as a result)\b/i;

/** Whether a sentence holds something to hold on to: a number, a reason, an example. */
const isConcrete = (sentence: string): boolean => numbers.test(sentence) || reasons.test(sentence);

/** What can only be answered with a number. */
const countable = /\bhow (?:much|many)\b|\b(?:what|which)\b.{0,200}\b(?:pay|price|cost|salary|budget|number|figure|amount|rate|fee)\b/i;

/** The user's most concrete answer to a question, with its sentence. */
export type Answer = { readonly exchange: Exchange; readonly line: Spoken; readonly sentence: string };

/** The answer with a number, a reason or an example in it, in eight words or more, that was least filled up; `undefined` when there is none. */
export function bestAnswer({ exchanges, attributed }: Picture): Answer | undefined {
  if (!attributed) return undefined;
  const rated = exchanges.flatMap((exchange) => {
    const line = exchange.answer?.lines.find((said) => sentencesOf(said.text).some(isConcrete));
    if (!line || !exchange.answer || exchange.answer.count < 8) return [];
    if (countable.test(exchange.question) && !exchange.answer.lines.some((said) => numbers.test(said.text))) return [];
    const sentence = tellingSentence(line.text, isConcrete);
    const fillers = exchange.answer.lines.reduce((sum, said) => sum + said.fillers.length, 0) / exchange.answer.count;
    const score =
      (reasons.test(sentence) ? 2 : 1) +
      (questionKind(exchange.question) === 'open' ? 1 : 0) +
      Math.min(wordsOf(sentence).length, 20) / 20 -
      fillers * 10;
    return score > 0 ? [{ exchange, line, sentence, score }] : [];
  });
  return rated.sort((a, b) => b.score - a.score || a.line.seq - b.line.seq)[0];
}

/** The open question of the user that made the other side tell most, with the answer it got. */
export function bestQuestion({ turns, attributed }: Picture): { line: Spoken; question: string; answer: Spoken } | undefined {
  if (!attributed) return undefined;
  const asked = turns.flatMap((turn, index) => {
    const line = turn.lines.findLast((said) => said.questions.length > 0);
    const next = turns[index + 1];
    const question = line?.questions.at(-1);
    if (turn.who !== 'user' || !line || !question || next?.who !== 'other' || next.count < 8 || questionKind(question) !== 'open') return [];
    return [{ line, question, answer: next.lines[0]!, told: next.count }];
  });
  return asked.sort((a, b) => b.told - a.told || a.line.seq - b.line.seq)[0];
}

/** The line of the user with most fillers, where there are three or more in it and they are a tenth of it. */
function fillerCluster({ lines, metrics }: Picture): Spoken | undefined {
  if (metrics.fillers === null) return undefined;
  const clusters = lines
    .filter((line) => line.who === 'user')
    .map((line) => ({ line, count: line.fillers.length }))
    .filter(({ line, count }) => count >= 3 && count / line.count >= 0.1);
  return clusters.sort((a, b) => b.count - a.count || a.line.seq - b.line.seq)[0]?.line;
}

const at = (kind: MomentKind, line: Spoken, quote: string, why: string): Moment => ({ seq: line.seq, at: line.from, kind, quote: clip(quote), why });

/** The lines worth looking at again, in the order of the conversation, at most ten. */
export function momentsOf(picture: Picture): Moment[] {
  const { lines, turns, exchanges, attributed, hearing, metrics } = picture;
  if (!attributed) return [];
  const user = lines.filter((line) => line.who === 'user');
  const other = lines.filter((line) => line.who === 'other');
  const moments: Moment[] = [];
  const answer = bestAnswer(picture);
  if (answer) moments.push(at('best_answer', answer.line, answer.sentence, 'Your most concrete answer: it gives something to hold on to.'));
  const question = bestQuestion(picture);
  if (question) moments.push(at('good_question', question.line, question.question, 'A question of yours that opened the other side up.'));
  const callback = callbackOf(picture.turns, picture.topics);
  if (callback && callback.line.seq !== question?.line.seq)
    moments.push(at('callback', callback.line, tellingSentence(callback.line.text), 'You came back to something they had brought up.'));
  for (const open of exchanges.filter((exchange) => exchange.answered === false).slice(0, 3))
    moments.push(at('unanswered', open.asked, open.question, 'This question got no answer.'));
  const longest = turns
    .filter((turn) => turn.who === 'user')
    .reduce<(typeof turns)[number] | undefined>(
      (most, turn) => ((secondsOf(turn) ?? 0) > (most ? (secondsOf(most) ?? 0) : monologue) ? turn : most),
      undefined,
    );
  if (longest && metrics.longest_turn_seconds !== null)
    moments.push(at('monologue', longest.lines[0]!, longest.lines[0]!.text, 'Here your longest turn began.'));
  const cluster = fillerCluster(picture);
  if (cluster) moments.push(at('filler_cluster', cluster, cluster.text, 'Fillers crowd together here.'));
  if (metrics.interruptions_made !== null && hearing.overlap !== false)
    for (const line of interruptions(user, other).slice(0, 2))
      moments.push(at('interruption', line, line.text, 'You began while the other side was still speaking.'));
  return moments.sort((a, b) => a.seq - b.seq).slice(0, 10);
}
