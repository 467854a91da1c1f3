import { describe, expect, test } from 'vitest';
import { budgets } from '../../src/core/budgets.ts';
import { Problem } from '../../src/core/problem.ts';
import { type Breaking, breaker, breakingBy } from '../../src/engines/breaker.ts';
import { VendorProblem } from '../../src/engines/vendor-problem.ts';

const passing = new VendorProblem('ears_failed', 'It broke.');
const fatal = new VendorProblem('ears_failed', 'The key is wrong.', { fatal: true });

/** A breaker with a clock to turn by hand; `random` 1 gives the longest waits. */
function made(breaking?: Breaking) {
  let now = 0;
  const made = breaker({ now: () => now, sleep: () => new Promise(() => undefined) }, () => 1, breaking);
  return { made, turn: (ms: number) => (now += ms) };
}

describe('a breaker', () => {
  test('lets three failures in ten seconds pass, then nobody', () => {
    const { made: engine, turn } = made();
    for (let each = 0; each < 3; each += 1) {
      expect(engine.ask()).toBe(true);
      engine.ill(passing);
      turn(1_000);
    }
    expect(engine.ask()).toBe(false);
    expect(engine.trouble).toBe(passing);
  });

  test('failures that lie apart do not add up, unless half of the last twenty are', () => {
    const { made: engine, turn } = made();
    for (let each = 0; each < 19; each += 1) {
      expect(engine.ask(), `${each}`).toBe(true);
      each % 2 === 0 ? engine.ill(passing) : engine.well();
      turn(11_000);
    }
    engine.ill(passing);
    expect(engine.ask()).toBe(false);
  });

  test('after five seconds one tries while the others wait; it waits longer each time, but never over half a minute, and is whole after one success', () => {
    const { made: engine, turn } = made();
    for (let each = 0; each < 3; each += 1) engine.ill(passing);
    for (const wait of [5_000, 10_000, 20_000, 30_000, 30_000]) {
      turn(wait - 1);
      expect(engine.ask()).toBe(false);
      turn(1);
      expect(engine.ask()).toBe(true);
      expect(engine.ask()).toBe(false);
      engine.ill(passing);
    }
    turn(30_000);
    expect(engine.ask()).toBe(true);
    engine.well();
    expect(engine.trouble).toBeUndefined();
    expect([engine.ask(), engine.ask()]).toEqual([true, true]);
  });

  test('goes by the budgets of whoever runs it', () => {
    const own = { breakerFailures: 2, breakerRemembered: 4, breakerWithin: 100, breakerFirst: 300, breakerLongest: 500, breakerOwner: 700 };
    const { made: engine, turn } = made(breakingBy({ ...budgets, ...own }));
    const shutFor = (ms: number) => {
      turn(ms - 1);
      const early = engine.ask();
      turn(1);
      return !early && engine.ask();
    };
    engine.ill(passing);
    turn(101);
    engine.ill(passing);
    expect(engine.ask()).toBe(true);
    engine.ill(passing);
    expect(shutFor(300)).toBe(true);
    engine.ill(passing);
    expect(shutFor(500)).toBe(true);
    engine.ill(fatal);
    expect(shutFor(700)).toBe(true);
    engine.well();
    for (let each = 0; each < 4; each += 1) {
      each % 2 === 0 ? engine.ill(passing) : engine.well();
      turn(101);
    }
    expect(engine.ask()).toBe(true);
    engine.ill(passing);
    expect(engine.ask()).toBe(false);
  });

  test('what only its owner can mend is tried once a minute', () => {
    const { made: engine, turn } = made();
    engine.ill(fatal);
    turn(59_999);
    expect(engine.ask()).toBe(false);
    turn(1);
    expect(engine.ask()).toBe(true);
  });

  test('who says when to come back is asked no sooner', () => {
    const { made: engine, turn } = made();
    engine.ill(new Problem('ears_failed', 'Busy.', { after: 12_000 }));
    turn(11_999);
    expect(engine.ask()).toBe(false);
    turn(1);
    expect(engine.ask()).toBe(true);
  });

  test('a try that was stopped makes room for another', () => {
    const { made: engine, turn } = made();
    engine.ill(fatal);
    turn(60_000);
    expect(engine.ask()).toBe(true);
    engine.undecided();
    expect(engine.ask()).toBe(true);
  });
});
