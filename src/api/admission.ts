import type { Budgets } from '../core/budgets.ts';
import type { Clock } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { rates } from './limits.ts';

/** Where somebody comes from, as limits go by it; nothing for this machine itself. */
export type From = string | undefined;

/** Keeps one from taking what is there for all: counts by address, by token and by key, and says when to come back. */
export interface Admission {
  request(from: From): void;
  /** Somebody uses that token or key, which was looked up and is good. */
  bearer(name: string): void;
  /** A session is opened from there, by that key where keys are needed. */
  opening(from: From, key: string | undefined): void;
  /** Before anything is looked up that somebody may have guessed. */
  guess(from: From): void;
  guessedWrong(from: From): void;
  /** A socket is opened; call what comes back when it is gone. */
  socket(from: From): () => void;
}

const tooFast = (ms: number, whence = 'from your address'): Problem =>
  new Problem('too_fast', `That was too much at once ${whence}. Wait ${Math.ceil(ms / 1_000)} s, then try again.`, { after: ms });

const tooMany = (whose: string): Problem =>
  new Problem('busy', `${whose} has as many connections as it may. Close one that nobody needs, or try again in a moment.`, { after: 10_000 });

/** Counts by these budgets. */
export function admission(budgets: Budgets, clock: Clock): Admission {
  const now = () => clock.now();
  const requests = rates({ perSecond: budgets.requestsPerSecond, burst: budgets.requestsBurst }, now);
  const bearers = rates({ perSecond: budgets.bearerPerSecond, burst: budgets.bearerBurst }, now);
  const openings = rates({ perSecond: budgets.sessionsPerMinute / 60, burst: budgets.sessionsPerMinute }, now);
  const guesses = rates({ perSecond: budgets.wrongPerMinute / 60, burst: budgets.wrongBurst }, now);
  const sockets = new Map<string, number>();
  let open = 0;

  const check = (late: number, whence?: string): void => {
    if (late > 0) throw tooFast(late, whence);
  };

  return {
    request(from) {
      if (from !== undefined) check(requests.take(from));
    },
    bearer(name) {
      check(bearers.take(name), 'with your token');
    },
    opening(from, key) {
      // nothing is taken from the one where the other has no more
      if (key !== undefined) check(openings.wait(`key ${key}`));
      if (from !== undefined) check(openings.take(from));
      if (key !== undefined) check(openings.take(`key ${key}`));
    },
    guess(from) {
      if (from !== undefined) check(guesses.wait(from));
    },
    guessedWrong(from) {
      if (from !== undefined) guesses.take(from);
    },
    socket(from) {
      const here = from === undefined ? 0 : (sockets.get(from) ?? 0);
      if (here >= budgets.socketsPerAddress) throw tooMany('Your address');
      if (open >= budgets.sockets) throw tooMany('This Aside');
      open += 1;
      if (from !== undefined) sockets.set(from, here + 1);
      return () => {
        open -= 1;
        if (from === undefined) return;
        const left = (sockets.get(from) ?? 1) - 1;
        if (left > 0) sockets.set(from, left);
        else sockets.delete(from);
      };
    },
  };
}
