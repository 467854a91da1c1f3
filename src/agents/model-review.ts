import type { Entry, Hearing, Review } from '../core/entry.ts';
import { until } from '../core/flow.ts';
import type { Clock, Model, Prompt, Serving } from '../core/ports.ts';
import type { Redactable } from '../core/redaction.ts';
import { provedReview } from '../insight/claims.ts';
import { type Picture, pictureOf } from '../insight/picture.ts';
import { filledReview } from '../insight/report.ts';
import { longestAnswer, readAnswer } from './review-answer.ts';
import { repairPrompt, reviewPrompt } from './review-prompt.ts';

/** Whom to ask, what it is called unless it says who serves, and how long all of it may take, in ms; the mark is random, of 16 letters and digits or more. */
export type ModelReviewParts = {
  readonly model: Model<Serving>;
  readonly name: string;
  readonly clock: Clock;
  readonly patience: number;
  readonly newMark: () => string;
  readonly hearing?: Hearing;
  readonly redact?: readonly Redactable[];
  /** Told why the rules had to write it, and what was thrown. */
  readonly onDegraded?: (why: 'late' | 'failed' | 'unproved', thrown?: unknown) => void;
};

/** Whether there is anything to judge: words of the user, and most words with a speaker. */
const worthAsking = ({ metrics, attributed }: Picture): boolean => metrics.user_words > 0 && attributed;

/**
 * A review that a model words and the log proves: what the log does not prove is taken out and counted, and the rules fill its place. An
 * answer that is of no use is asked for once more; after that, or when the model fails, takes too long, or all of it is `overdue`, the rules write it all, `degraded`.
 */
export function modelReview({ model, name, clock, patience, newMark, hearing = {}, redact = [], onDegraded = () => undefined }: ModelReviewParts) {
  /** The whole text of an answer, or its beginning where it is far too long, and who gave it. */
  async function answerTo(prompt: Prompt, stop: AbortSignal): Promise<{ text: string; by: string }> {
    const over = new AbortController();
    const call = AbortSignal.any([stop, over.signal]);
    let text = '';
    let by = name;
    try {
      for await (const piece of until(model.reply(prompt, call), call)) {
        if ('serving' in piece) by = piece.serving;
        else if (piece.type === 'again') text = '';
        else if (piece.type === 'text') text += piece.text;
        if (text.length > longestAnswer) break;
      }
    } finally {
      over.abort();
    }
    stop.throwIfAborted();
    return { text, by };
  }

  /** The review as the model words it, or how many of its claims failed where none was left. */
  async function ask(entries: readonly Entry[], picture: Picture, stop: AbortSignal): Promise<Review | number> {
    let prompt = reviewPrompt(entries, picture.metrics, { redact, mark: newMark() });
    let removed = 0;
    for (const isLast of [false, true]) {
      const { text, by } = await answerTo(prompt, stop);
      const read = readAnswer(text);
      const proved = 'claims' in read ? provedReview(read.claims, entries, picture, by) : { kept: 0, faults: [read.fault], review: undefined };
      if (proved.review && proved.kept > 0) return proved.review;
      if (proved.review) removed = proved.faults.length;
      if (!isLast) prompt = repairPrompt(prompt, text, proved.faults);
    }
    return removed;
  }

  return async (entries: readonly Entry[], stop: AbortSignal, overdue = new AbortController().signal): Promise<Review> => {
    stop.throwIfAborted();
    const picture = pictureOf(entries, hearing);
    if (!worthAsking(picture)) return filledReview(picture, {});
    const late = new AbortController();
    const done = new AbortController();
    clock.sleep(patience, done.signal).then(
      () => late.abort(new Error('the model took too long')),
      () => undefined,
    );
    let removed = 0;
    try {
      const asked = await ask(entries, picture, AbortSignal.any([stop, late.signal, overdue]));
      if (typeof asked !== 'number') return asked;
      removed = asked;
      onDegraded('unproved');
    } catch (thrown) {
      // whatever the model did: the rules write what it did not; only whoever has left needs nothing
      stop.throwIfAborted();
      if (late.signal.aborted || overdue.aborted) onDegraded('late');
      else onDegraded('failed', thrown);
    } finally {
      done.abort();
    }
    return { ...filledReview(picture, {}), degraded: true, ...(removed > 0 && { claims_removed: removed }) };
  };
}
