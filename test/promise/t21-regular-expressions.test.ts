import { expect, test } from 'vitest';
import { hardest, leastTime, regularExpressions } from '../support/regex-attack.ts';
import { figure } from '../support/tier.ts';

/** The longest line that anybody may say. */
const longest = 4096;

test('T21 no pattern of the source can be made to stumble over the longest line', { timeout: 240_000 }, () => {
  // what an operator writes into the settings is nobody else’s
  const found = regularExpressions().filter(({ at }) => !/^(compose|config|cli)/.test(at));
  const judged = found.map((each) => ({ each, ...hardest(each, longest) }));
  const slow = judged.filter(({ ms }) => ms > 5).map(({ each, text }) => ({ each, text, at: each.at, ms: leastTime(each, text, 9) }));
  const worst = Math.max(...judged.map(({ ms }) => (ms > 5 ? 0 : ms)), ...slow.map(({ ms }) => ms));
  figure('T21', 'regular expressions attacked', found.length, { least: 150 });
  figure('T21', `slowest of them, ms (${judged.sort((a, b) => b.ms - a.ms)[0]!.each.at})`, worst, { most: 5, soft: true });
  // what backs out of every place again takes sixteen times as long for four times the length, however busy the machine is
  const stumbling = slow.filter(({ ms, each, text }) => ms > 10 * leastTime(each, text.slice(-text.length / 4), 9));
  expect(stumbling.map(({ at, ms }) => ({ at, ms }))).toEqual([]);
});

test('planted: a pattern that tries every beginning with every end is caught', () => {
  expect(hardest({ at: 'planted', pattern: '\\s+$', flags: '' }, longest).ms).toBeGreaterThan(5);
  expect(hardest({ at: 'planted', pattern: '^(a+)+$', flags: '' }, 26).ms).toBeGreaterThan(5);
});
