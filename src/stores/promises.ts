import { Problem } from '../core/problem.ts';

/** A conversation that was erased, or never was. */
export const notKept = (): Problem =>
  new Problem('session_not_found', 'This session is not kept here any more, so nothing can be added to it. Start a new one to go on.');

/** An entry whose number was given already, or whose turn has not come. */
export const notInTurn = (): Problem =>
  new Problem(
    'storage_failed',
    'Something else has written to this conversation, so nothing was added. What was kept is safe; start the service again to go on.',
  );

/** Whether an entry may be taken off the record; without its opening a conversation would be none. */
export const isScrubbable = (seq: number, last: number): boolean => Number.isSafeInteger(seq) && seq > 1 && seq <= last;

export const notScrubbable = (): Problem =>
  new Problem('invalid', 'Only what was said after the opening can be taken off the record. Name entries that are there, or erase the conversation.');

/** Whether this can be the number of a piece of sound. */
export const isNumber = (chunk: number): boolean => Number.isSafeInteger(chunk) && chunk >= 0;

export const notNumbered = (): Problem =>
  new Problem('invalid', 'A piece of sound needs a whole number, so this one was not kept. Number them from 1 on.');
