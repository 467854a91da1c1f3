import { questionsIn } from '../../insight/questions.ts';
import { contentWords } from '../../insight/words.ts';
import type { Scene } from '../scene.ts';
import { apart, type Turn } from '../turn.ts';
import { type Candidate, quoted } from './candidate.ts';
import { asking } from './question-kinds.ts';
import { phrasesIn, type Topic, takenUp, topicGiven, topicsIn } from './topics.ts';
import { worded } from './wording.ts';

/** How far back a topic may lie, in turns and in ms: later it would be a surprise to hear of it. */
const reach = { turns: 40, ms: 5 * 60_000 };

/** A topic with the turn it was brought up in and how often the partner came back to it. */
export type Raised = Topic & { readonly turn: Turn; readonly times: number; readonly dropped: boolean };

/** What the partner brought up lately, the best to return to first. `dropped`: the user had their turn and left it lying. */
export function raisedTopics(scene: Scene): Raised[] {
  const turns = scene.turns.slice(-reach.turns);
  const last = turns.at(-1);
  if (!last) return [];
  const raised: Raised[] = [];
  for (const [index, turn] of turns.entries()) {
    if (turn.who !== 'other' || turn.small || apart(turn.place, last.place) > reach.ms) continue;
    const later = turns.slice(index + 1);
    const mine = later.filter((other) => other.who !== 'other' && !other.small);
    // what was asked and replied to is settled; to come back to it would sound as if one had not listened
    const settled = new Set(mine.length > 0 ? questionsIn(turn.text).flatMap((question) => contentWords(asking(question))) : []);
    for (const topic of topicsIn(turn, scene)) {
      if (topic.stems.every((stem) => settled.has(stem))) continue;
      if (mine.some((other) => takenUp(topic, other)) || raised.some((before) => before.stems.join() === topic.stems.join())) continue;
      const times = 1 + later.filter((other) => other.who === 'other' && takenUp(topic, other)).length;
      raised.push({ ...topic, turn, times, dropped: mine.some((other) => other.who === 'user') });
    }
  }
  return raised.sort((a, b) => score(b) - score(a) || b.turn.seq - a.turn.seq);
}

/** How worth it is to return to it; from 2 on it is worth doing so unasked. */
export const score = ({ weight, times }: Raised): number => weight + Math.min(2, times - 1);

/** What was brought up most recently and strongest, whether it was taken up or not: to fill a sentence with. */
export function recentTopics(scene: Scene, besides?: Turn): Topic[] {
  const turns = scene.turns.slice(-6).filter((turn) => turn !== besides && !turn.small);
  return turns.toReversed().flatMap((turn) => (turn.who === 'user' ? [] : topicsIn(turn, scene)));
}

/** Whether a turn brings a matter of its own, which is to be met before an older one. */
const bringsUp = (turn: Turn): boolean =>
  turn.words.length > 12 ||
  phrasesIn(turn.text).length > 0 ||
  /\d|\b(?:ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|percent)\b/.test(turn.words.join(' '));

/** Something the partner brought up was left lying, and this is a good moment to return to it. */
export function returning(scene: Scene, turn: Turn): Candidate[] {
  if (turn.who !== 'other' || turn.question !== undefined || bringsUp(turn)) return [];
  for (const topic of raisedTopics(scene)) {
    if (!topic.dropped || score(topic) < 2 || topicGiven(topic, scene)) continue;
    const text = worded(scene, 'return', { topic: topic.text });
    if (text === undefined) continue;
    const often = topic.times > 1 ? ` ${topic.times === 2 ? 'twice' : `${topic.times} times`}` : '';
    const reason = `They brought it up${often} (${quoted(topic.turn.text)}), and you have not come back to it.`;
    return [{ kind: 'return', text, reason, evidence: [...new Set([topic.turn.seq, turn.seq])], about: turn.seq, weight: 40 + score(topic) }];
  }
  return [];
}
