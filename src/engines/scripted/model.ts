import type { Clock, Model, Prompt, Serving, ToolCall } from '../../core/ports.ts';
import { Problem } from '../../core/problem.ts';

/** What a scripted model answers, and how long it takes: ms to its first token, then so many tokens a second. */
export type ModelScript = {
  readonly clock: Clock;
  readonly answers: (prompt: Prompt) => string | readonly ToolCall[];
  readonly firstToken?: number;
  readonly tokensPerSecond?: number;
  /** What it tells of itself before its first word. */
  readonly serving?: () => Serving | undefined;
};

/** How a scripted model is to go wrong: at once, by silence, or in the middle after so many tokens. */
export type ModelFault =
  | { readonly type: 'fails'; readonly problem: Problem }
  | { readonly type: 'hangs'; readonly after: number }
  | { readonly type: 'cut'; readonly after: number };

/** A model that answers by a function of what it is asked: for demos, tests and measurements. */
export type ScriptedModel = Model<Serving> & {
  /** Goes wrong in every answer until `recover`. */
  fault(fault: ModelFault): void;
  fail(problem?: Problem): void;
  recover(): void;
  /** Everything it was asked so far. */
  readonly asked: readonly Prompt[];
  /** How many answers are on their way, and how many were not wanted to their end. */
  readonly open: number;
  readonly stopped: number;
};

const failure = new Problem('brain_failed', 'The scripted model was told to fail.');

/** Makes one. Without delays it answers at once, whole. */
export function scriptedModel({ clock, answers, firstToken = 0, tokensPerSecond = Number.POSITIVE_INFINITY, serving }: ModelScript): ScriptedModel {
  const asked: Prompt[] = [];
  let fault: ModelFault | undefined;
  let open = 0;
  let stopped = 0;

  async function* reply(prompt: Prompt, stop: AbortSignal) {
    asked.push(prompt);
    open += 1;
    let whole = false;
    try {
      if (fault?.type === 'fails') throw fault.problem;
      const waits = (ms: number) => (ms > 0 ? clock.sleep(ms, stop) : undefined);
      await waits(firstToken);
      const who = serving?.();
      if (who) yield who;
      const answer = answers(prompt);
      const tokens = typeof answer === 'string' ? tokensOf(answer) : [];
      if (typeof answer !== 'string') for (const call of answer) yield { type: 'call', ...call } as const;
      for (const [index, text] of tokens.entries()) {
        if (stop.aborted) return;
        if (fault?.type === 'hangs' && index >= fault.after) {
          await whenStopped(stop);
          return;
        }
        if (fault?.type === 'cut' && index >= fault.after) throw new Problem('brain_failed', 'The scripted model was cut off in its answer.');
        if (index > 0) await waits(1000 / tokensPerSecond);
        yield { type: 'text', text } as const;
      }
      whole = true;
      yield {
        type: 'spent',
        tokensIn: tokensOf(prompt.instructions + prompt.messages.map(({ text }) => text).join('')).length,
        tokensOut: tokens.length,
      } as const;
    } catch (error) {
      // being stopped is no failure
      if (!stop.aborted) throw error;
    } finally {
      open -= 1;
      if (stop.aborted && !whole) stopped += 1;
    }
  }

  return {
    reply,
    fault(how) {
      fault = how;
    },
    fail(problem = failure) {
      fault = { type: 'fails', problem };
    },
    recover() {
      fault = undefined;
    },
    asked,
    get open() {
      return open;
    },
    get stopped() {
      return stopped;
    },
  };
}

/** Four letters are about one token. */
const tokensOf = (text: string): string[] => text.match(/[\s\S]{1,4}/g) ?? [];

const whenStopped = (stop: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener('abort', () => resolve(), { once: true });
  });
