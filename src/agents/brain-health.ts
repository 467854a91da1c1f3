import type { Conversation } from '../core/conversation.ts';
import type { Draft, Entry } from '../core/entry.ts';
import { type Meter, noMeter } from '../core/meter.ts';
import { asProblem, type Problem } from '../core/problem.ts';

export type BrainHealth = {
  /** A lesser model serves: it is told before it has worked. */
  fell(why: Problem, serving?: string): void;
  /** No model gave anything that can be used: the rules serve. */
  failed(thrown: unknown): void;
  /** An answer was good; `fallen` is why it was not of the best model. */
  worked(fallen: Problem | undefined): void;
};

const byRules = 'The language model could not help with this moment; simple rules advise until it can.';
const nameOf = ({ code, message }: { code: string; message: string }): string => `${code} ${message}`;

/** Tells once when the model falls to a lesser one or fails, and once when it is back; a coach that comes back reads in the log what was told. */
export function brainHealth({
  by,
  talk,
  note,
  who = 'The language model',
  otherwise,
  meter = noMeter,
}: {
  by: string;
  talk: Conversation;
  note: (draft: Draft) => unknown;
  who?: string;
  /** Who thinks where no model does. */
  otherwise?: string;
  meter?: Meter | undefined;
}): BrainHealth {
  const last = talk.entries.findLast((entry) => isBrain(entry) && entry.by === by);
  let told = last?.type === 'failed' ? nameOf(last) : undefined;
  let left = false;
  let instead: string | undefined;

  const tell = (problem: Problem, serving: string | undefined) => {
    if (told === nameOf(problem)) return;
    told = nameOf(problem);
    note({ by, type: 'failed', part: 'brain', code: problem.code, message: problem.message, ...(serving !== undefined && { serving }) });
  };
  return {
    fell(why, serving) {
      // whether the lesser one works is not known where nothing worked
      instead = serving;
      if (!left) tell(why, serving);
    },
    failed(thrown) {
      const problem = asProblem(thrown, 'brain_failed', byRules);
      if (!left) tell(problem, otherwise);
      left = true;
    },
    worked(fallen) {
      left = false;
      meter.note({ type: 'thought' });
      if (fallen) return tell(fallen, instead);
      if (told !== undefined) note({ by, type: 'recovered', part: 'brain', message: `${who} advises again.`, serving: who });
      told = undefined;
    },
  };
}

const isBrain = (entry: Entry) => (entry.type === 'failed' || entry.type === 'recovered') && entry.part === 'brain';
