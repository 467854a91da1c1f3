import { type Budgets, budgets } from '../core/budgets.ts';
import type { Clock } from '../core/ports.ts';
import type { Problem } from '../core/problem.ts';
import { VendorProblem } from './vendor-problem.ts';

/** Remembers how an engine does, so that nobody waits for one that is down. One for each vendor and key. */
export type Breaker = {
  /** Whether it may be asked now; where it was down, one is let through to try. Follow it by `well`, `ill` or `undecided`. */
  ask(): boolean;
  well(): void;
  ill(problem: Problem): void;
  /** It was stopped before anybody could know. */
  undecided(): void;
  /** Why it is not asked. */
  readonly trouble: Problem | undefined;
};

/** In ms: failures so close to each other add up; when it is tried again first, at most, and where its owner has to do something before. */
export type BreakerTimes = { readonly within: number; readonly firstTry: number; readonly longestTry: number; readonly ownersTime: number };

/** The same; and so many failures in a row, or half of the last so many, and it is left alone. */
export type Breaking = BreakerTimes & { readonly enough: number; readonly remembered: number };

/** How the budgets have it. */
export const breakingBy = (given: Budgets): Breaking => ({
  enough: given.breakerFailures,
  remembered: given.breakerRemembered,
  within: given.breakerWithin,
  firstTry: given.breakerFirst,
  longestTry: given.breakerLongest,
  ownersTime: given.breakerOwner,
});

/** Makes a breaker; `random` (0–1) keeps a crowd from trying in the same moment. */
export function breaker(clock: Clock, random: () => number, breaking: Breaking = breakingBy(budgets)): Breaker {
  const { enough, remembered, within, firstTry, longestTry, ownersTime } = breaking;
  let failures: number[] = [];
  let last: boolean[] = [];
  let trouble: Problem | undefined;
  let shutUntil = 0;
  let wait = firstTry;
  let trying = false;

  const note = (good: boolean) => {
    last = [...last, good].slice(-Math.max(1, remembered));
  };
  const isBad = () => failures.length >= enough || (last.length === remembered && last.filter((good) => !good).length * 2 >= remembered);

  return {
    get trouble() {
      return trouble;
    },
    ask() {
      if (!trouble) return true;
      if (trying || clock.now() < shutUntil) return false;
      trying = true;
      return true;
    },
    well() {
      note(true);
      failures = [];
      // the past is forgiven, or one more failure would shut it again
      if (trouble) last = [];
      trouble = undefined;
      trying = false;
      wait = firstTry;
    },
    ill(problem) {
      const now = clock.now();
      note(false);
      failures = [...failures.filter((at) => at > now - within), now];
      const fatal = problem instanceof VendorProblem && problem.fatal;
      if (!fatal && !trouble && !isBad() && problem.after === undefined) return;
      if (trouble) wait = Math.min(longestTry, wait * 2);
      trouble = problem;
      trying = false;
      const rest = fatal ? ownersTime : Math.max(wait * (0.8 + random() * 0.2), Math.min(problem.after ?? 0, ownersTime));
      shutUntil = now + rest;
    },
    undecided() {
      trying = false;
    },
  };
}

/** For whoever works on this machine: asking costs nothing, and nobody waits. */
export const tireless: Breaker = { ask: () => true, well: () => undefined, ill: () => undefined, undecided: () => undefined, trouble: undefined };
