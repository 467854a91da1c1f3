import { lastTurn, type Scene } from '../scene.ts';
import { answering } from './answer.ts';
import { type Candidate, type Occasion, quoted } from './candidate.ts';
import { shortPart, untouched } from './goal.ts';
import type { PhraseName } from './phrases.ts';
import { readQuestion } from './question-kinds.ts';
import { raisedTopics, recentTopics } from './return.ts';
import { briefTopics, topicsIn } from './topics.ts';
import { wasGiven, worded } from './wording.ts';

type Idea = {
  readonly phrase: PhraseName;
  readonly slots?: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly evidence: readonly number[];
};

/** The user asks what to say: the best there is, and always something. */
export function hint(scene: Scene, occasion: Extract<Occasion, { type: 'asked' }>): Candidate {
  const turn = lastTurn(scene);
  const about = turn?.seq ?? occasion.seq;
  const fresh = [...direct(scene), ...ideas(scene).map((idea) => made(scene, idea, about))].filter((candidate) => candidate !== undefined);
  const best = fresh.find((candidate) => !wasGiven(scene, candidate.text)) ?? fresh[occasion.seq % fresh.length]!;
  return { ...best, kind: 'hint', about, weight: 100 };
}

/** An open question of the partner comes before every other thought. */
const direct = (scene: Scene): Candidate[] => {
  const turn = lastTurn(scene);
  return turn ? answering(scene, turn) : [];
};

function made(scene: Scene, { phrase, slots, reason, evidence }: Idea, about: number): Candidate | undefined {
  const text = worded(scene, phrase, slots);
  return text === undefined ? undefined : { kind: 'hint', text, reason: `You asked for a hint. ${reason}`, evidence, about, weight: 0 };
}

function* ideas(scene: Scene): Generator<Idea> {
  const turn = lastTurn(scene);
  const seen = turn ? [turn.seq] : [scene.brief.seq];
  if (turn?.who === 'other' && turn.question !== undefined && turn.sure === turn.text) {
    const { slots } = readQuestion(turn.question);
    const reason = `Their question ${quoted(turn.question)} is open.`;
    yield { phrase: slots.topic === undefined ? 'silenceAskedBare' : 'silenceAsked', slots, reason, evidence: seen };
  }
  if (turn?.who === 'other')
    for (const { text } of topicsIn(turn, scene).slice(0, 2))
      yield { phrase: 'hintTopic', slots: { topic: text }, reason: `They have just said ${quoted(turn.text)}.`, evidence: seen };
  for (const topic of raisedTopics(scene).slice(0, 3))
    yield { phrase: 'return', slots: { topic: topic.text }, reason: `They brought it up: ${quoted(topic.turn.text)}.`, evidence: [topic.turn.seq] };
  for (const part of untouched(scene))
    yield { phrase: 'hintGoal', slots: { part: shortPart(part, 7) }, reason: `Your goal says "${part.text}".`, evidence: [scene.brief.seq] };
  for (const { text } of recentTopics(scene).slice(0, 4))
    yield { phrase: 'hintTopic', slots: { topic: text }, reason: 'They spoke about it a moment ago.', evidence: seen };
  for (const topic of briefTopics(scene).slice(0, 6))
    yield { phrase: 'hintContext', slots: { topic }, reason: 'It is in what you told about this talk.', evidence: [scene.brief.seq] };
  for (const part of scene.brief.goal)
    yield { phrase: 'hintGoal', slots: { part: shortPart(part, 7) }, reason: `Your goal says "${part.text}".`, evidence: [scene.brief.seq] };
  yield { phrase: 'hintBare', reason: 'Nothing in the talk or in what you told offers more.', evidence: seen };
}
