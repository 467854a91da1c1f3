import { expect, test } from 'vitest';
import { budgets } from '../../src/core/budgets.ts';
import { purse } from '../../src/engines/purse.ts';

const noon = Date.parse('2026-11-21T12:00:00Z');

test('a session that has spent its share pays nothing more, others do; a day that is spent is over for all, until the next', () => {
  let now = noon;
  const clock = { now: () => now, sleep: () => new Promise<void>(() => undefined) };
  const money = purse({ ...budgets, spokenPerSession: 100, spokenPerDay: 250 }, clock);
  const spoken = money.account('spoken');
  spoken.spend('one', 99);
  expect(spoken.refuses('one')).toBeUndefined();
  spoken.spend('one', 1);
  expect(spoken.refuses('one')?.message).toBe('What speaking may cost in a session is spent.');
  expect(spoken.refuses('another')).toBeUndefined();
  spoken.spend('another', 150);
  expect(spoken.refuses('a third')?.message).toBe('What speaking may cost in a day is spent.');
  expect(money.account('tokens').refuses('a third')).toBeUndefined();
  expect(money.today.spoken).toBe(250);
  now += 86_400_000;
  expect(spoken.refuses('a third')).toBeUndefined();
  expect(spoken.refuses('one')?.message).toBe('What speaking may cost in a session is spent.');
});
