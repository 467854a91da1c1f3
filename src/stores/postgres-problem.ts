import { Problem } from '../core/problem.ts';
import { notInTurn, notKept } from './promises.ts';

/** What PostgreSQL says when it is going, coming, full of others, or only a copy of another that may write. */
const passing = /^(08...|57P0[1-5]|53300|25006|25P0[34])$/;

/** What the system says of a line that is down. */
const broken = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);

/** Why nobody answers: the line is down, and what was asked last may be done or not. */
export class Lost extends Error {}

/** Whether it is the line that failed, and not what was asked. */
export function isLost(error: unknown): boolean {
  if (error instanceof Lost) return true;
  if (!(error instanceof Error) || error instanceof Problem) return false;
  const code = codeOf(error);
  return passing.test(code) || broken.has(code) || /Connection terminated|timeout expired|Client was closed|not queryable/i.test(error.message);
}

/** Whatever went wrong in PostgreSQL, as a sentence for people. */
export function postgresProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const cause = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  // somebody else wrote there, or took it away
  if (code === '23505') return notInTurn();
  if (code === '23503') return notKept();
  if (code === '53100')
    return new Problem(
      'storage_full',
      'The disk of the database is full, so nothing new can be kept. What was kept is safe; free some space and go on.',
      {
        cause,
      },
    );
  return new Problem('storage_failed', 'The database could not be read or written. Look at its log, then try again.', { cause });
}

/** Why the service cannot start with this database, named without its password. */
export function refusedAtStart(error: unknown, name: string): Problem {
  if (error instanceof Problem) return error;
  const cause = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  const why = isLost(error)
    ? 'it does not answer. Start it, or look at the address'
    : code.startsWith('28')
      ? 'it does not let this user in. Look at the name and the password'
      : code === '3D000'
        ? 'there is no database of that name. Make one with createdb, or look at the name'
        : code === '42501'
          ? 'this user may not make tables there. Give it a database of its own'
          : code === '42P07'
            ? 'it has tables sessions or session_events that are not Aside’s. Give Aside a database of its own'
            : 'it refuses what Aside needs. Look at its log';
  return new Problem('storage_failed', `The database ${name} cannot be used: ${why} (DATABASE_URL).`, { cause });
}

export const inUse = (name: string): Problem =>
  new Problem(
    'storage_failed',
    `Another Aside is already using the database ${name}. Stop it, or give this one a database of its own with DATABASE_URL.`,
  );

export const closed = (): Problem => new Problem('restarting', 'The database is let go of: this Aside is closing. Come back in a moment.');

export const takenOver = (): Problem =>
  new Problem(
    'storage_failed',
    'Another Aside has used the database while this one had lost it, so this one writes nothing any more. What was kept is safe; stop one of them and start the other again.',
  );

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');
