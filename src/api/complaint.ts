import type { Problem } from '../core/problem.ts';
import type { ServerMessage } from '../wire/coach.ts';
import type { Line } from './line.ts';

/** A problem as a client of a socket is told it. */
const complaint = (problem: Problem): ServerMessage => ({ type: 'error', message: problem.message, code: problem.code, retry: problem.retry });

/** Tells a client what went wrong, and with which of its commands. */
export function complain(line: Line, problem: Problem, id?: string): void {
  line.meter.note({ type: 'refused', code: problem.code });
  line.send({ ...complaint(problem), ...(id !== undefined && { id }) });
}

/** Sends a client away, with one sentence that says why. */
export function refuse(line: Line, problem: Problem, reason: string): void {
  complain(line, problem);
  line.close(problem.close, reason);
}
