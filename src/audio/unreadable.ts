import { Problem } from '../core/problem.ts';

/** What a listener is told when their recording cannot be read: what is wrong, and what to do. */
export const unreadable = (what: string, cause?: unknown): Problem =>
  new Problem(
    'microphone_unreadable',
    `The sound from the microphone cannot be read: ${what}. What was heard so far is kept; please restart the recording.`,
    cause === undefined ? undefined : { cause },
  );
