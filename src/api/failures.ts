import type { EntryOf, Signal } from '../core/entry.ts';
import { type ProblemCode, problems } from '../core/problem.ts';

/** House to wire: what failed, and whether trying again helps; the same at every door. */
export const failureOf = ({ message, code, seq }: EntryOf<'failed'>) => ({
  type: 'error' as const,
  message,
  code,
  retry: code in problems ? problems[code as ProblemCode].retry : true,
  seq,
});

/** House to wire: what cannot be written down because writing is what fails. */
export const troubleOf = ({ message, code }: Extract<Signal, { type: 'trouble' }>) => ({ type: 'error' as const, message, code, retry: true });
