import { expect, test } from 'vitest';
import { allowance, type Foreseen } from '../../src/agents/allowance.ts';

/** So many questions are asked one after the other, all in vain. */
function inVain(how: Foreseen, budget = allowance()): number {
  let asked = 0;
  for (; budget.allows(how); asked += 1) budget.ask(how);
  return asked;
}

test('three questions may be in vain at once, and while somebody still speaks one of them is left for the end', () => {
  expect(inVain('ended')).toBe(3);
  const budget = allowance();
  expect(inVain('going on', budget)).toBe(2);
  expect(inVain('ended', budget)).toBe(1);
});

test('ten turns allow for seven more, and no more than three are saved up', () => {
  const budget = allowance();
  inVain('ended', budget);
  let asked = 0;
  for (let turn = 0; turn < 10; turn += 1) {
    budget.turn();
    asked += inVain('ended', budget);
  }
  expect(asked).toBeGreaterThanOrEqual(6);
  expect(asked).toBeLessThanOrEqual(7);
  for (let turn = 0; turn < 10; turn += 1) budget.turn();
  expect(inVain('ended', budget)).toBe(3);
});

test('what was of use costs nothing', () => {
  const budget = allowance();
  for (let turn = 0; turn < 100; turn += 1) {
    expect(budget.allows('going on')).toBe(true);
    budget.ask('going on');
    budget.use('going on');
  }
});

test.each(['going on', 'lagging'] as const)('where questions about words that are %s are in vain each time, every other turn has one', (how) => {
  const budget = allowance();
  const asked: number[] = [];
  for (let turn = 0; turn < 40; turn += 1) {
    budget.turn();
    if (!budget.allows(how)) continue;
    budget.ask(how);
    asked.push(turn);
    // what it costs is earned elsewhere
    budget.use('ended');
  }
  expect(asked.length).toBeGreaterThanOrEqual(20);
  expect(asked.length).toBeLessThanOrEqual(24);
});
