import type { Serving } from '../core/ports.ts';
import { asProblem, Problem, type ProblemCode } from '../core/problem.ts';
import type { Breaker } from './breaker.ts';
import type { Account } from './purse.ts';

/** One of several engines that can do the same, the best first. `about` completes the sentence “… works instead.” */
export type Rung<Engine> = {
  readonly name: string;
  readonly about: string;
  readonly engine: Engine;
  readonly breaker: Breaker;
  /** What its work is paid from. */
  readonly account?: Account;
};

/** A ladder whose every rung failed. */
export class NobodyLeft extends Problem {}

type Climb<Engine, Item> = {
  readonly rungs: readonly Rung<Engine>[];
  readonly code: ProblemCode;
  /** For whose conversation it is done. */
  readonly talk: string;
  /** What a rung does for this piece of work; it tells what that costs. */
  work(engine: Engine, spend: (amount: number) => void): AsyncIterable<Item>;
  /** Whether the next rung may begin anew after what the last one gave already. */
  mayRepeat(given: number): boolean;
  /** Told before a rung repeats what another began. */
  readonly again?: () => Item;
};

/** Does one piece of work by the best engine that can, and says who it was; falls to the next where one fails. */
export async function* climbed<Engine, Item>(climb: Climb<Engine, Item>, stop: AbortSignal): AsyncGenerator<Item | Serving, void, undefined> {
  const { rungs, code, talk, work, mayRepeat, again } = climb;
  let why: Problem | undefined;
  let given = 0;
  for (const [index, { name, about, engine, breaker, account }] of rungs.entries()) {
    const spentUp = account?.refuses(talk);
    if (spentUp) {
      why ??= spentUp;
      continue;
    }
    if (!breaker.ask()) {
      why ??= breaker.trouble;
      continue;
    }
    const serving: Serving = { serving: name, ...(index > 0 && why && { fallen: fallen(why, about) }) };
    let told = false;
    let decided = false;
    try {
      // that it fell is certain now; that it is back is not before it has worked
      if (serving.fallen) {
        told = true;
        yield serving;
      }
      if (given > 0 && again) yield again();
      for await (const item of work(engine, (amount) => account?.spend(talk, amount))) {
        if (!told) yield serving;
        told = true;
        given += 1;
        yield item;
      }
      if (stop.aborted) return;
      decided = true;
      breaker.well();
      if (!told) yield serving;
      return;
    } catch (error) {
      if (stop.aborted) return;
      decided = true;
      why = asProblem(error, code, `${name} failed.`);
      breaker.ill(why);
      if (!mayRepeat(given)) throw why;
    } finally {
      if (!decided) breaker.undecided();
    }
  }
  throw why ?? new NobodyLeft(code, 'There is nobody who could do this.');
}

const fallen = (why: Problem, about: string): Problem =>
  new Problem(why.code, `${why.message} ${about} until it is back.`, { cause: why, ...(why.after !== undefined && { after: why.after }) });
