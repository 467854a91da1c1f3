import type { Thought } from './drafting.ts';
import { unfinishedLine } from './prompt.ts';
import { type Candidate, type Occasion, quoted } from './reflexes/candidate.ts';
import type { Scene } from './scene.ts';

const model = 'The language model';

/** What could be said now: the model's thought, nothing where it finds silence better, or what the rules noticed where it thought of nothing that can be used. */
export function candidatesOf(thought: Thought, noticed: readonly Candidate[], scene: Scene, occasion: Occasion, about: number): readonly Candidate[] {
  switch (thought.type) {
    case 'speak':
      return [adviceOf(thought, scene, occasion, about)];
    case 'quiet':
      // who asks for a hint gets one
      return occasion.type === 'asked' ? noticed : [];
    case 'failed':
      return noticed;
  }
}

/** A thought as a suggestion about this entry. Its reason is ours: the line that it rests on. */
function adviceOf({ kind, ear, lines, by = model }: Extract<Thought, { type: 'speak' }>, scene: Scene, occasion: Occasion, about: number): Candidate {
  const evidence = lines.map((line) => (line === unfinishedLine ? about : line));
  const rests = scene.turns.findLast((turn) => evidence.includes(turn.seq));
  const reason = rests ? `${by} thought of it at ${quoted(rests.text)}.` : `${by} thought of it from what you told about this talk.`;
  const purpose = { said: kind, quiet: 'silence', asked: 'hint' } as const;
  return { kind: purpose[occasion.type], text: ear, reason, evidence, about, weight: 100 };
}
