import { until } from '../core/flow.ts';
import type { Clock, Model, Prompt, Serving } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import type { BrainHealth } from './brain-health.ts';

export type FormingParts = {
  readonly model: Model<Serving>;
  readonly clock: Clock;
  /** How long the whole answer may take, in ms. */
  readonly patience: number;
  readonly health: BrainHealth;
};

/** No message of an agent is longer, in characters. */
const longest = 4_000;

const nothing = 'The language model gave no answer; simple rules stand in for it until it does.';
const tooLate = 'The language model did not answer in time; simple rules stand in for it until it does.';

/** What nobody can read, or what turns the order of letters round. */
const unreadable = /(?![\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu;

/** Asks a model for words that people read, and tells them as they form; answers with the whole of them, or with nothing where there is nothing that can be used. */
export async function formed(
  prompt: Prompt,
  { model, clock, patience, health }: FormingParts,
  tell: (piece: string) => void,
  stop: AbortSignal,
): Promise<string | undefined> {
  const late = new AbortController();
  const done = new AbortController();
  const over = AbortSignal.any([stop, late.signal, done.signal]);
  clock.sleep(patience, over).then(
    () => late.abort(),
    () => undefined,
  );
  let text = '';
  let told = '';
  try {
    let fallen: Problem | undefined;
    for await (const piece of until(model.reply(prompt, over), over)) {
      if ('serving' in piece) {
        fallen = piece.fallen;
        if (fallen) health.fell(fallen, piece.serving);
      } else if (piece.type === 'again') text = '';
      else if (piece.type === 'text') {
        const before = text;
        text += piece.text.replace(unreadable, '');
        // what was begun anew is shown when it is whole
        if (told === before && text !== before) tell(text.slice(before.length));
        told = told === before ? text : told;
        if (text.length > longest) break;
      }
    }
    if (stop.aborted) return undefined;
    if (late.signal.aborted) throw new Problem('brain_failed', tooLate);
    if (text.trim() === '') throw new Problem('brain_failed', nothing);
    health.worked(fallen);
    return text.trim().slice(0, longest);
  } catch (error) {
    if (!stop.aborted) health.failed(error);
    return undefined;
  } finally {
    done.abort();
  }
}
