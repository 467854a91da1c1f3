import { expect, test } from 'vitest';
import { loopWatch } from '../../src/meters/loop-watch.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';

test('O9 a standstill of the event loop is told once, with its length, and stays in the numbers', async () => {
  const clock = virtualClock();
  const stop = new AbortController();
  const told: number[] = [];
  let stood = 0;
  const watch = loopWatch({ clock, now: () => clock.now() + stood, onStall: (ms) => told.push(ms) }, stop.signal);
  await clock.advance(5_000);
  stood += 3_000;
  await clock.advance(5_000);
  // a busy moment is no standstill
  stood += 900;
  await clock.advance(5_000);
  expect(told).toEqual([3_000]);
  expect(watch.lag()).toMatchObject({ stalls: 1, longest: 3_000 });
  stop.abort();
  await settled();
  expect(clock.sleepers).toBe(0);
});

test('O9 how late the loop is comes from the loop itself', async () => {
  const stop = new AbortController();
  const clock = virtualClock();
  const watch = loopWatch({ clock, now: clock.now, onStall: () => undefined }, stop.signal);
  const rest = () => new Promise((resolve) => setTimeout(resolve, 40));
  await rest();
  const until = performance.now() + 200;
  while (performance.now() < until);
  await rest();
  await clock.advance(1_000);
  expect(watch.lag().p99).toBeGreaterThan(150);
  expect(watch.lag().stalls).toBe(0);
  stop.abort();
});
