import type { Problem } from '../core/problem.ts';
import type { ServerMessage } from '../wire/coach.ts';
import type { Line } from './line.ts';

/** A problem as a client of a socket is told it. */
export const complaint = (problem: Problem): ServerMessage => ({ type: 'error', message: problem.message, code: problem.code, retry: problem.retry });

/** Sends a client away, with one sentence that says why. */
export function refuse(line: Line, problem: Problem, reason: string): void {
  line.send(complaint(problem));
  line.close(problem.close, reason);
}
