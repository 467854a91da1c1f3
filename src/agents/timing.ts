import type { AdviceKind, Reason } from '../core/entry.ts';
import type { Candidate, Occasion } from './reflexes/candidate.ts';
import { wasGiven } from './reflexes/wording.ts';
import { isOpeningLine, type Scene } from './scene.ts';
import { apart } from './turn.ts';

/** The least time between two suggestions by the user's setting 0–5, in ms of conversation; 0 speaks only when asked. */
export const spacing = [Number.POSITIVE_INFINITY, 40_000, 20_000, 15_000, 11_000, 8_000] as const;

/** The least time between two suggestions of one kind at the usual cadence, in ms; other cadences stretch or shorten it alike. */
const quota: Readonly<Record<AdviceKind, number>> = {
  answer: 0,
  silence: 20_000,
  monologue: 60_000,
  fillers: 90_000,
  pace: 90_000,
  return: 60_000,
  goal: 90_000,
  hint: 0,
};

/** A turn that was said longer ago than this is none to whisper about any more, in ms. */
export const stale = 10_000;

/** What timing found: one suggestion to make now, or why there is none. */
export type Verdict = { readonly say: Candidate } | { readonly pass: readonly Reason[] };

/** Decides whether now is the moment, and for which of the candidates. */
export function decide(scene: Scene, occasion: Occasion, candidates: readonly Candidate[], passedBy = false): Verdict {
  if (scene.ended) return { pass: ['ended'] };
  if (scene.paused) return { pass: ['paused'] };
  if (occasion.type === 'asked') return candidates[0] ? { say: candidates[0] } : { pass: ['nothing_to_add'] };
  if (occasion.type === 'said' && isOpeningLine(scene, occasion.turn)) return { pass: ['opening_line'] };
  if (passedBy) return { pass: ['turn_passed'] };
  if (candidates.length === 0) return { pass: [nothingFor(occasion)] };
  if (gapOf(scene) === Number.POSITIVE_INFINITY) return { pass: ['cadence_off'] };
  if (scene.speaking) return { pass: [scene.speaking === 'user' ? 'user_speaking' : 'too_soon'] };
  // somebody has spoken since, and the words are still on their way: whatever they are, this turn is over
  if (scene.unread !== undefined) return { pass: ['turn_passed'] };
  const reasons = new Set<Reason>();
  for (const candidate of candidates) {
    const reason = against(scene, occasion, candidate);
    if (reason === undefined) return { say: candidate };
    reasons.add(reason);
  }
  return { pass: [...reasons] };
}

function against(scene: Scene, { place }: Occasion, { kind, text }: Candidate): Reason | undefined {
  if (wasGiven(scene, text)) return 'already_said';
  const least = gapOf(scene);
  // each "not useful" doubles the rest a kind takes, each "useful" takes one doubling back
  const rest = Math.max(least, (quota[kind] * least) / spacing[2]) * 2 ** (scene.unwanted.get(kind) ?? 0);
  const soon = scene.given.some((given) => apart(given.place, place) < (given.kind === kind ? rest : least));
  return soon ? 'too_soon' : undefined;
}

const gapOf = (scene: Scene): number => spacing[Math.min(5, Math.max(0, Math.round(scene.brief.cadence))) as 0 | 1 | 2 | 3 | 4 | 5];

function nothingFor(occasion: Occasion): Reason {
  if (occasion.type !== 'said' || occasion.turn.small || occasion.turn.who === 'other') return 'nothing_to_add';
  return occasion.turn.who === 'user' ? 'own_turn' : 'unsure_who_spoke';
}
