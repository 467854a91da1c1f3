import type { Entry, Hearing, Review } from '../core/entry.ts';
import { provedReview } from './claims.ts';
import { pictureOf } from './picture.ts';
import { filledReview } from './report.ts';
import { areAttributed } from './tally.ts';

/** What the ear carried that heard a log, as its review says, or as its numbers betray where it says nothing. */
function hearingOf({ hearing, metrics: { fillers, user_words, other_words, unknown_words } }: Review): Hearing {
  const countable = user_words > 0 && areAttributed(user_words + other_words + unknown_words, unknown_words);
  return hearing ?? { overlap: false, ...(fillers === null && countable && { verbatim: false }) };
}

/**
 * The feedback anew, over a log that was corrected since it was written: everything that rules say and count is said and counted as if the
 * words had been so from the start; of what a model wrote there stays what the log still proves, and what it does not is taken out and counted.
 */
export function recounted(review: Review, entries: readonly Entry[]): Review {
  const { engine, degraded, claims, claims_removed: before = 0, heard_again } = review;
  const picture = pictureOf(entries, hearingOf(review));
  const again = { ...(heard_again && { heard_again }) };
  const byRules = { ...filledReview(picture, {}), ...again };
  if (engine === 'rules') return { ...byRules, degraded, ...(before > 0 && { claims_removed: before }) };
  const proved = claims && provedReview(claims, entries, picture, engine);
  const removed = before + (proved?.faults.length ?? 0);
  // without what its claims rest on, or with none of them left, nothing in it is the model's any more
  if (!proved || proved.kept === 0) return { ...byRules, degraded: true, claims_removed: removed };
  return { ...proved.review, claims_removed: removed, ...again };
}
