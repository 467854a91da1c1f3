import { expect, test } from 'vitest';
import { type Found, hardest, leastTime, regularExpressions } from '../support/regex-attack.ts';
import { figure } from '../support/tier.ts';

/** The longest line of a coached session, and the longest message that anybody may write. */
const [line, longest] = [4_096, 16_384];

/** Where a pattern takes its time at all, in ms: below that nothing can be told from its growth. */
const noticed = 5;

/** Whether it takes more than ten times as long for four times the length: what backs out of every place again takes sixteen times as long. Both in turn, because a machine that is busy for a moment is half as fast. */
function grows(each: Found, text: string): boolean {
  const quarter = text.slice(-text.length / 4);
  const times = Array.from({ length: 9 }, () => [leastTime(each, text, 2), leastTime(each, quarter, 2)] as const);
  return Math.min(...times.map(([whole]) => whole)) > 10 * Math.min(...times.map(([, part]) => part));
}

/** The same, held against bad luck: what grows does so every time. */
const stumbles = (each: Found, { ms, text }: { ms: number; text: string }): boolean =>
  ms > noticed && grows(each, text) && grows(each, text) && grows(each, text);

test('T21 no pattern of the source can be made to stumble over the longest message', { timeout: 480_000 }, () => {
  // what an operator writes into the settings is nobody else’s
  const found = regularExpressions().filter(({ at }) => !/^(compose|config|cli)/.test(at));
  const judged = found.map((each) => ({ each, ...hardest(each, longest) })).sort((one, other) => other.ms - one.ms);
  figure('T21', 'regular expressions attacked', found.length, { least: 150 });
  figure('T21', `slowest of them at 16,384 letters, ms (${judged[0]!.each.at})`, judged[0]!.ms, { most: 100, soft: true });
  const atLine = judged.map(({ each, text }) => ({ at: each.at, ms: leastTime(each, text.slice(-line), 9) })).sort((one, other) => other.ms - one.ms);
  figure('T21', `slowest of them at 4,096 letters, ms (${atLine[0]!.at})`, atLine[0]!.ms, { most: 5, soft: true });
  const stumbling = judged.filter(({ each, ...worst }) => stumbles(each, worst));
  expect(stumbling.map(({ each, ms }) => ({ at: each.at, ms }))).toEqual([]);
  figure('T21', 'patterns that grow faster than the text', stumbling.length, { most: 0 });
});

test('planted: a pattern that tries every beginning with every end is caught', { timeout: 60_000 }, () => {
  const each = { at: 'planted', pattern: '\\s+$', flags: '' };
  // enough to tell, and found in a quarter of the time
  expect(stumbles(each, hardest(each, longest / 2))).toBe(true);
});

test('planted: a pattern that tries every division of a word is caught', () => {
  expect(hardest({ at: 'planted', pattern: '^(a+)+$', flags: '' }, 26).ms).toBeGreaterThan(noticed);
});
