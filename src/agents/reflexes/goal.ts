import type { GoalPart } from '../brief.ts';
import type { Scene } from '../scene.ts';
import { apart, type Turn } from '../turn.ts';
import type { Candidate } from './candidate.ts';
import { wordCount, worded } from './wording.ts';

/** A goal is not pressed before the talk has found its feet: so many turns and so many ms after the first. */
const patience = { turns: 6, ms: 60_000 } as const;

/** The parts of the goal that nobody has touched: more than half of their telling words were never said. */
export const untouched = (scene: Scene): GoalPart[] =>
  scene.brief.goal.filter((part) => part.stems.filter((stem) => scene.unheard.has(stem)).length * 2 > part.stems.length);

/** A part of the goal short enough for an ear: its first words are what is to be done. */
export function shortPart(part: GoalPart, limit = 6): string {
  if (wordCount(part.text) <= limit) return part.text;
  const words = part.text.split(/\s+/).slice(0, limit);
  while (words.length > 1 && /^(?:a|an|the|to|of|for|in|on|at|with|and|or|my|your|their|that|about|from|by|as|is|are)$/i.test(words.at(-1)!))
    words.pop();
  return words.join(' ');
}

/** A part of the goal is still untouched, and the partner has just finished without a question. */
export function goal(scene: Scene, turn: Turn): Candidate[] {
  const first = scene.turns[0];
  if (!first || turn.who === 'user' || turn.question !== undefined) return [];
  const turns = scene.turns.filter((other) => !other.small).length;
  if (turns < patience.turns || apart(first.place, turn.place) < patience.ms) return [];
  const open = untouched(scene);
  const rank = (part: GoalPart) => scene.given.filter((given) => given.text.includes(shortPart(part))).length;
  const part = open.toSorted((a, b) => rank(a) - rank(b))[0];
  const text = part && worded(scene, 'goal', { part: shortPart(part) });
  if (text === undefined) return [];
  const reason = `Your goal says "${part!.text}", and in ${turns} turns nobody has spoken about it.`;
  return [{ kind: 'goal', text, reason, evidence: [scene.brief.seq, turn.seq], about: turn.seq, weight: 30 }];
}
