import { expect, test } from 'vitest';
import { amountOf, amountsInWords } from '../../src/insight/amounts.ts';

test.each<[string, number[]]>([
  ['three things', [3]],
  ['twenty-five people, seven of them new', [25, 7]],
  ['three hundred and twelve', [312]],
  ['ninety five thousand', [95_000]],
  ['two hundred thousand and five', [200_005]],
  ['one hundred', [100]],
  ['five, six or seven', [5, 6, 7]],
  ['four five six', [4, 5, 6]],
  ['twenty nineteen', [20, 19]],
  ['twice, and half of it', [2, 0.5]],
  ['the second half, a half-truth, and half the time', [0.5]],
  ['a hundred times', [100]],
  ['one thing for everyone, often, and someone', []],
  ['', []],
])('%s', (text, amounts) => expect(amountsInWords(text).map(({ value }) => value)).toEqual(amounts));

test('a number in words stands where it stands', () => {
  expect(amountsInWords('I am twenty-five.')).toEqual([{ value: 25, from: 5, to: 16, written: 'twenty-five' }]);
});

test('a comma parts thousands before three digits, and is a point otherwise', () => {
  expect(['95,000', '1,5', '2.5'].map(amountOf)).toEqual([95_000, 1.5, 2.5]);
});
