import type { Budgets } from '../core/budgets.ts';
import { until } from '../core/flow.ts';
import type { Clock, Model, Serving } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import type { BrainHealth } from './brain-health.ts';
import { isPlain, isWhisper, type ModelKind, readAnswer, sayable } from './model-answer.ts';
import type { Question } from './prompt.ts';

/** What a model thinks about a moment: a whisper, that silence is better, or nothing that can be used. */
export type Thought =
  | {
      readonly type: 'speak';
      readonly kind: ModelKind;
      readonly ear: string;
      readonly lines: readonly number[];
      /** Who thought it, if not the language model. */
      readonly by?: string;
    }
  | { readonly type: 'quiet' }
  | { readonly type: 'failed' };

/** An answer on its way. */
export interface Draft {
  /** What it says for the ear, as soon as that is complete. */
  readonly thought: Thought | undefined;
  /** The longer line for the screen, once the whole answer has come. */
  readonly screen: Promise<string | undefined>;
  /** It is not wanted any more. */
  drop(): void;
}

export type Patience = Pick<Budgets, 'modelFirst' | 'modelTotal'>;

export type DraftParts = {
  readonly model: Model<Serving>;
  readonly clock: Clock;
  readonly patience: Patience;
  readonly health: BrainHealth;
};

/** What is told of a draft while it comes: words for the ear whose proof is still to come, at first perhaps only their first sentence (`more` follows), and that the thought is there, once. Of what is dropped nothing is told. */
export type DraftNews = { ear(words: string, more: boolean): void; arrived(thought: Thought): void };

/** So much longer than each of its engines the whole may take, in ms, so that the next engine gets its turn. */
const grace = 100;

const unusable = 'The language model gave an answer that cannot be used; simple rules advise until it does better.';
const tooLate = 'The language model did not answer in time; simple rules advise until it does.';

/** Asks a model and reads its answer while it comes. */
export function drafting(question: Question, { model, clock, patience, health }: DraftParts, news: DraftNews, stop: AbortSignal): Draft {
  const control = new AbortController();
  const overdue = new AbortController();
  const wanted = AbortSignal.any([control.signal, stop]);
  const over = AbortSignal.any([wanted, overdue.signal]);
  let thought: Thought | undefined;

  const alarm = (ms: number): AbortController => {
    const done = new AbortController();
    clock.sleep(ms, AbortSignal.any([done.signal, over])).then(
      () => overdue.abort(),
      () => undefined,
    );
    return done;
  };
  const settle = (what: Thought) => {
    thought = what;
    news.arrived(what);
  };

  async function ask(): Promise<string | undefined> {
    const total = alarm(patience.modelTotal + grace);
    let first = alarm(patience.modelFirst + grace);
    let fallen: Problem | undefined;
    let text = '';
    let told: string | undefined;
    try {
      // nothing arrives before our caller knows of us
      await undefined;
      for await (const piece of until(model.reply(question.prompt, over), over)) {
        if ('serving' in piece) {
          fallen = piece.fallen;
          if (fallen) health.fell(fallen, piece.serving);
          // whoever serves now has a first word of its own to find
          first.abort();
          if (text === '') first = alarm(patience.modelFirst + grace);
          continue;
        }
        if (piece.type === 'again' && thought) return undefined;
        if (piece.type === 'again') text = '';
        if (piece.type !== 'text') continue;
        first.abort();
        text += piece.text;
        const answer = readAnswer(text);
        if (answer.state === 'broken') throw new Problem('brain_failed', unusable);
        if (thought) continue;
        const ear = sayable(answer);
        if (ear && ear.text !== told) {
          told = ear.text;
          news.ear(ear.text, ear.more);
        }
        const found = thoughtIn(answer, question);
        if (!found) continue;
        health.worked(fallen);
        settle(found);
      }
      if (wanted.aborted) return undefined;
      if (overdue.signal.aborted) throw new Problem('brain_failed', tooLate);
      const answer = readAnswer(text);
      if (answer.state !== 'closed' || !thought) throw new Problem('brain_failed', unusable);
      return answer.speak && answer.screen && isPlain(answer.screen) ? answer.screen : undefined;
    } catch (error) {
      if (wanted.aborted) return undefined;
      // what was whispered stands, even where the rest of the answer did not come
      if (thought) return undefined;
      health.failed(error);
      settle({ type: 'failed' });
      return undefined;
    } finally {
      total.abort();
      first.abort();
      // nobody reads on: the engine must not write on
      control.abort();
    }
  }

  const screen = ask();
  return {
    get thought() {
      return thought;
    },
    screen,
    drop() {
      control.abort();
    },
  };
}

/** The thought of an answer, as soon as enough of it has come; throws where it breaks the rules. */
function thoughtIn({ speak, kind, lines, ear }: ReturnType<typeof readAnswer>, { citable, kinds }: Question): Thought | undefined {
  if (speak === false) return { type: 'quiet' };
  if (!speak || !kind || !lines || ear === undefined) return undefined;
  const proved = lines.length > 0 && lines.every((line) => citable.has(line));
  if (!proved || !kinds.has(kind) || !isWhisper(ear)) throw new Problem('brain_failed', unusable);
  return { type: 'speak', kind, ear: ear.trim(), lines: [...new Set(lines)] };
}
