import { Problem, type ProblemCode } from '../core/problem.ts';

/** What SQLite's trouble means for people: the first that fits. */
const troubles: readonly (readonly [RegExp, ProblemCode, string])[] = [
  [/full|no space/i, 'storage_full', 'The disk is full, so nothing new can be kept. What was kept is safe; free some space and go on.'],
  [/locked|busy/i, 'storage_failed', 'Another Aside is already using this data folder. Stop it, or give this one a folder of its own with DATA_DIR.'],
  [
    /unable to open|readonly|permission/i,
    'storage_failed',
    'The data folder cannot be written by this user. Change its rights, or give another folder with DATA_DIR.',
  ],
  [
    /malformed|not a database|corrupt/i,
    'storage_damaged',
    'aside.db in the data folder is damaged, or no log of Aside. Put it back from a backup, or give another folder with DATA_DIR.',
  ],
];

/** Whatever went wrong in the store, as a sentence for people. */
export function storageProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const cause = error instanceof Error ? error.message : String(error);
  const [, code, sentence] = troubles.find(([words]) => words.test(cause)) ?? [
    undefined,
    'storage_failed' as const,
    'The log could not be read or written. Look at the disk of the data folder, then try again.',
  ];
  return new Problem(code, sentence, { cause });
}

/** A file that is not what was written. */
export const damagedFile = (): Problem => storageProblem('malformed');

/** A conversation of which something is missing, moved or changed. */
export const damagedConversation = (): Problem =>
  new Problem(
    'storage_damaged',
    'Part of this conversation is no longer on disk as it was written, so it cannot be shown or go on. Put aside.db back from a backup, or erase the conversation; the others are not affected.',
  );
