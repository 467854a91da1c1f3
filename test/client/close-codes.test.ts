import { describe, expect, test } from 'vitest';
import { afterClose } from '../../src/client/close-codes.ts';

const wait = (code: number, attempt: number, random = 0, reason = ''): number => {
  const next = afterClose(code, reason, attempt, random);
  return 'wait' in next ? next.wait : Number.NaN;
};

describe('what a client does when its socket has closed', () => {
  test.each([1000, 1008, 1009, 4001, 4004, 4009, 4010])('%i: it stays away and says why in a sentence', (code) => {
    expect(afterClose(code, '', 0, 0.5)).toEqual({ over: expect.stringMatching(/^[A-Z].{20,}\.$/) });
  });

  test.each([1001, 1005, 1006, 1011, 1012, 1013, 4008, 4029])('%i: it comes back', (code) => {
    expect(wait(code, 0)).toBeLessThanOrEqual(4_000);
    expect(wait(code, 40, 1)).toBeLessThanOrEqual(12_000);
  });

  test('each failure doubles the wait, up to half a second; after a quarter of a minute without a service it is asked every ten seconds', () => {
    expect([0, 1, 2, 3, 39, 40, 60].map((attempt) => wait(1006, attempt, 1))).toEqual([250, 500, 500, 500, 500, 10_000, 10_000]);
  });

  test('chance spreads the crowd over half of the wait, and after a restart over two seconds', () => {
    expect([wait(1006, 4, 0), wait(1006, 4, 1)]).toEqual([250, 500]);
    expect([wait(1012, 0, 0), wait(1012, 0, 0.5), wait(1012, 0, 1)]).toEqual([0, 1_000, 2_000]);
  });

  test('a busy service says when, and is believed up to a minute', () => {
    expect(wait(1013, 0, 0, 'Retry-After: 7')).toBe(7_125);
    expect(wait(1013, 0, 0, 'Retry-After: 86400')).toBe(60_125);
    expect(wait(1013, 0, 0, 'busy')).toBe(125);
  });
});
