import { Problem, type ProblemCode } from '../core/problem.ts';

/** What a trouble of SQLite or of the disk means for people, by the first that fits of its code and its words. */
const troubles: readonly (readonly [codes: readonly (number | string)[], words: RegExp | undefined, ProblemCode, string])[] = [
  [[13, 'ENOSPC'], undefined, 'storage_full', 'The disk is full, so nothing new can be kept. What was kept is safe; free some space and go on.'],
  [
    [5, 6],
    undefined,
    'storage_failed',
    'Another Aside is already using this data folder. Stop it, or give this one a folder of its own with DATA_DIR.',
  ],
  [
    [3, 8, 14, 'EACCES', 'EPERM', 'EROFS'],
    undefined,
    'storage_failed',
    'The data folder cannot be written by this user. Change its rights, or give another folder with DATA_DIR.',
  ],
  [
    [11, 26],
    /malformed/,
    'storage_damaged',
    'aside.db in the data folder is damaged, or no log of Aside. Put it back from a backup, or give another folder with DATA_DIR.',
  ],
  [[], /./, 'storage_failed', 'The log could not be read or written. Look at the disk of the data folder, then try again.'],
];

/** Whatever went wrong in the store, as a sentence for people. */
export function storageProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const cause = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  const [, , kind, sentence] = troubles.find(([codes, words]) => codes.includes(code) || words?.test(cause)) ?? troubles.at(-1)!;
  return new Problem(kind, sentence, { cause });
}

/** Whether the disk is full. */
export const isFull = (error: unknown): boolean => storageProblem(error).code === 'storage_full';

/** Whether it is about a conversation that nobody can read any more: it was erased, or is damaged. */
export const isGone = (error: unknown): boolean => ['storage_damaged', 'session_not_found'].includes(storageProblem(error).code);

/** Whether another process has the file. */
export const isLocked = (error: unknown): boolean => [5, 6].includes(Number(codeOf(error)));

/** SQLite's own number without its particulars, or the name that the system gave. */
function codeOf(error: unknown): number | string {
  if (!(error instanceof Error)) return '';
  if ('errcode' in error) return Number(error.errcode) & 0xff;
  return 'code' in error ? String(error.code) : '';
}

/** A file that is not what was written. */
export const damagedFile = (): Problem => storageProblem('malformed');

/** A conversation of which something is missing, moved or changed. */
export const damagedConversation = (): Problem =>
  new Problem(
    'storage_damaged',
    'Part of this conversation is no longer on disk as it was written, so it cannot be shown or go on. Put the database back from a backup, or erase the conversation; the others are not affected.',
  );

/** A list of conversations of which not all can be told. */
export const damagedList = (): Problem =>
  new Problem(
    'storage_damaged',
    'The list of conversations is no longer on disk as it was written, so it cannot be shown whole. Put the database back from a backup; each conversation that is not damaged can still be opened by its address.',
  );
