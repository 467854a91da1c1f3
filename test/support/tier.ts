/**
 * Two tiers of the same tests. `npm test` runs each with its quick numbers, `npm run test:long` (LONG=1) runs test/promise with the long ones:
 *
 *   const mutants = tier({ quick: 300_000, long: 10_000_000 });
 *   figure('T11', 'mutants', mutants);                                      // a count: how much was tried
 *   figure('T11', 'unexpected throws', throws, { most: 0 });                // with its bar: missing it fails the test
 *   figure('T1', 'back after, ms p95', ms, { most: 1_500, soft: true });    // told, but no failure: timing never decides a test
 *
 * The reporter prints all figures as one table at the end of the run, with the seconds that the test's files took (T11: t11*.test.ts).
 */
import { expect } from 'vitest';
import { kept, type Limit, noteFigure } from './figures.ts';

/** Whether this is the long tier. */
export const isLong = process.env.LONG === '1';

/** The number of this tier. */
export const tier = <T>({ quick, long }: { quick: T; long: T }): T => (isLong ? long : quick);

/** Notes a figure for the table at the end, and fails the test where it misses its bar. */
export function figure(test: `T${number}` | 'pages', name: string, value: number, limit?: Limit): void {
  const noted = { test, name, value, ...(limit && { limit }) };
  noteFigure(noted);
  if (!limit?.soft) expect(kept(noted), `${test} ${name} is ${value}, but should be ${JSON.stringify(limit)}`).toBe(true);
}
