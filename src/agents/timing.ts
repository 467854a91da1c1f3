import type { AdviceKind, Reason } from '../core/entry.ts';
import type { Candidate, Occasion } from './reflexes/candidate.ts';
import { wasGiven } from './reflexes/wording.ts';
import { isOpeningLine, type Scene } from './scene.ts';
import { apart, type Place } from './turn.ts';

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

/** Decides whether now is the moment, and for which of the candidates; `silence` is why there may be none. */
export function decide(scene: Scene, occasion: Occasion, candidates: readonly Candidate[], passedBy = false, silence?: Reason): Verdict {
  const over = isOver(scene, occasion, passedBy);
  if (over) return { pass: [over] };
  if (occasion.type === 'asked') return candidates[0] ? { say: candidates[0] } : { pass: ['nothing_to_add'] };
  if (candidates.length === 0) return { pass: [silence ?? nothingFor(occasion)] };
  const shut = isShut(scene);
  if (shut) return { pass: [shut] };
  const reasons = new Set<Reason>();
  for (const candidate of candidates) {
    const reason = against(scene, occasion, candidate);
    if (reason === undefined) return { say: candidate };
    reasons.add(reason);
  }
  return { pass: [...reasons] };
}

/** Why nothing can be said about this any more, whatever it is. */
function isOver(scene: Scene, occasion: Occasion, passedBy: boolean): Reason | undefined {
  if (scene.ended) return 'ended';
  if (scene.paused) return 'paused';
  if (occasion.type === 'said' && isOpeningLine(scene, occasion.turn)) return 'opening_line';
  return passedBy && occasion.type !== 'asked' ? 'turn_passed' : undefined;
}

/** Why nobody may be spoken to just now. */
function isShut(scene: Scene): Reason | undefined {
  if (gapOf(scene) === Number.POSITIVE_INFINITY) return 'cadence_off';
  if (scene.speaking) return scene.speaking === 'user' ? 'user_speaking' : 'too_soon';
  // somebody has spoken since, and the words are still on their way: whatever they are, this turn is over
  return scene.unread === undefined ? undefined : 'turn_passed';
}

/** Whether the last suggestion is long enough ago for another one there. */
export const spaced = (scene: Scene, place: Place): boolean =>
  !scene.ended && !scene.paused && gapOf(scene) < Number.POSITIVE_INFINITY && scene.given.every((given) => apart(given.place, place) >= gapOf(scene));

/** Whether thinking is worth while: a good thought about this could be said now. The rules alone say when the user's own turn and a silence are worth a word. */
export function leavesRoom(scene: Scene, occasion: Occasion, verdict: Verdict, passedBy: boolean): boolean {
  if ('say' in verdict) return true;
  if (occasion.type !== 'said' || occasion.turn.who !== 'other' || occasion.turn.small) return false;
  return !isOver(scene, occasion, passedBy) && !isShut(scene) && spaced(scene, occasion.place);
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
