import { answering, evaded } from './reflexes/answer.ts';
import type { Candidate, Occasion } from './reflexes/candidate.ts';
import { fillers, monologue, pace } from './reflexes/delivery.ts';
import { goal } from './reflexes/goal.ts';
import { hint } from './reflexes/hint.ts';
import { returning } from './reflexes/return.ts';
import { breakingSilence } from './reflexes/silence.ts';
import type { Scene } from './scene.ts';

/** Everything worth saying at this moment by rules alone, the weightiest first. */
export function reflexes(scene: Scene, occasion: Occasion): Candidate[] {
  switch (occasion.type) {
    case 'asked':
      return [hint(scene, occasion)];
    case 'quiet':
      return breakingSilence(scene, occasion);
    case 'said': {
      const { turn } = occasion;
      if (turn.small) return [];
      return [answering, evaded, monologue, fillers, pace, returning, goal]
        .flatMap((reflex) => reflex(scene, turn))
        .sort((a, b) => b.weight - a.weight);
    }
  }
}
