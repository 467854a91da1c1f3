import { expect, test } from 'vitest';
import { retryAfter } from '../../src/engines/retry-after.ts';

test.each([
  [{ 'retry-after': '2' }, 2_000],
  [{ 'retry-after': '120' }, 120_000],
  [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
  [{ 'retry-after': 'Sat, 21 Nov 2026 13:00:30 GMT', date: 'Sat, 21 Nov 2026 13:00:00 GMT' }, 30_000],
  [{ 'retry-after': 'Sat, 21 Nov 2026 13:00:30 GMT' }, undefined],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '-1' }, undefined],
  [{}, undefined],
])('a server that says %j wants us to wait %s ms', (headers, ms) => {
  expect(retryAfter(new Headers(headers as Record<string, string>))).toBe(ms);
});
