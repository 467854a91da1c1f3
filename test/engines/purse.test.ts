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

test('a day that was noted before a restart goes on, and every expense is noted; another day begins with nothing', () => {
  const clock = { now: () => noon, sleep: () => new Promise<void>(() => undefined) };
  const noted: unknown[] = [];
  const kept = (date: string) => ({ before: { date, spent: { heard: 0, tokens: 0, spoken: 240 } }, note: (day: unknown) => noted.push(day) });
  const money = purse({ ...budgets, spokenPerDay: 250 }, clock);
  money.keepIn(kept('2026-11-21'));
  money.account('spoken').spend('one', 10);
  expect(money.account('spoken').refuses('another')?.message).toBe('What speaking may cost in a day is spent.');
  expect(noted).toEqual([{ date: '2026-11-21', spent: { heard: 0, tokens: 0, spoken: 250 } }]);
  const tomorrow = purse({ ...budgets, spokenPerDay: 250 }, clock);
  tomorrow.keepIn(kept('2026-11-20'));
  expect(tomorrow.today.spoken).toBe(0);
});
