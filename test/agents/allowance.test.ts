import { expect, test } from 'vitest';
import { allowance } from '../../src/agents/allowance.ts';

/** So many questions are asked one after the other, all in vain. */
function inVain(early: boolean, budget = allowance()): number {
  let asked = 0;
  for (; budget.allows(early); asked += 1) budget.ask(early);
  return asked;
}

test('two questions may be in vain at once, and while somebody still speaks one of them is left for the end', () => {
  expect(inVain(false)).toBe(2);
  const budget = allowance();
  expect(inVain(true, budget)).toBe(1);
  expect(inVain(false, budget)).toBe(1);
});

test('ten turns allow for seven more, and no more than three are saved up', () => {
  const budget = allowance();
  inVain(false, budget);
  let asked = 0;
  for (let turn = 0; turn < 10; turn += 1) {
    budget.turn();
    asked += inVain(false, budget);
  }
  expect(asked).toBeGreaterThanOrEqual(6);
  expect(asked).toBeLessThanOrEqual(7);
  for (let turn = 0; turn < 10; turn += 1) budget.turn();
  expect(inVain(false, budget)).toBe(3);
});

test('what was of use costs nothing', () => {
  const budget = allowance();
  for (let turn = 0; turn < 100; turn += 1) {
    expect(budget.allows(true)).toBe(true);
    budget.ask(true);
    budget.use(true);
  }
});

test('where early questions are in vain each time, they are asked at one turn in four', () => {
  const budget = allowance();
  let early = 0;
  for (let turn = 0; turn < 40; turn += 1) {
    budget.turn();
    if (!budget.allows(true)) continue;
    budget.ask(true);
    early += 1;
  }
  expect(early).toBeGreaterThanOrEqual(10);
  expect(early).toBeLessThanOrEqual(12);
});
