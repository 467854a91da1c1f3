import { expect, test } from 'vitest';
import type { Entry } from '../../src/core/entry.ts';
import { linesOf, readAhead } from '../../src/insight/lines.ts';
import { metricsOf } from '../../src/insight/metrics.ts';

/** A talk of so many lines, and how often the words of one were looked at since it was last asked. */
function talkOf(count: number) {
  let looks = 0;
  const entries = Array.from({ length: count }, (_, index): Entry => {
    const line = { seq: index + 1, at: new Date(index).toISOString(), by: 'user', type: 'said', via: 'text', text: '' } as const;
    return Object.defineProperty({ ...line }, 'text', {
      enumerable: true,
      get: () => {
        looks += 1;
        return `um, why did you leave number ${index}?`;
      },
    });
  });
  return {
    entries,
    looks: () => {
      const since = looks;
      looks = 0;
      return since;
    },
  };
}

test('a long talk that was woken is read a little at a time, others get their turn between, and its numbers are the same', async () => {
  const talk = talkOf(5_000);
  const portions: number[] = [];
  await readAhead(talk.entries, async () => void portions.push(talk.looks()));
  portions.push(talk.looks());
  const whole = portions.reduce((sum, looks) => sum + looks);
  expect(whole).toBeGreaterThanOrEqual(5_000);
  expect(Math.max(...portions)).toBeLessThanOrEqual(whole / 10);
  expect(metricsOf(talk.entries)).toEqual(metricsOf(talkOf(5_000).entries));
});

test('what was read is not read again, neither ahead nor for the numbers', async () => {
  const talk = talkOf(600);
  await readAhead(talk.entries, async () => undefined);
  talk.looks();
  await readAhead(talk.entries, async () => undefined);
  expect(talk.looks()).toBe(0);
  linesOf(talk.entries);
  // once more for the line itself, not for what is in it
  expect(talk.looks()).toBe(600);
});
