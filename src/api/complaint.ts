import { Problem } from '../core/problem.ts';
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

/** Whether it is the storage that fails: it may be well again in a moment. */
export const isStorage = (error: unknown): error is Problem => error instanceof Problem && error.code.startsWith('storage') && error.retry;

/** When it is worth trying again where that is not known better, in ms. */
const soon = 5_000;

/** Sends a client away for a while: it may come back after so many seconds. */
export function sendBack(line: Line, problem: Problem): void {
  refuse(line, problem, `Busy: come back in ${Math.ceil((problem.after ?? soon) / 1_000)} s`);
}
