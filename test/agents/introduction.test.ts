import { expect, test } from 'vitest';
import { ask, other, quiet, stage, user } from './stage.ts';

test('a name that was told only by the opening line is nothing to come back to', async () => {
  const { play, advice, leave } = await stage({ user: 'the user', goal: 'a good conversation', context: 'a recording' });
  await play(user("Hi, I'm Alex."), other('It is good, Alex.', 21), quiet(6), ask);
  await leave();
  expect(advice().length).toBeGreaterThan(0);
  expect(advice().join()).not.toMatch(/alex/i);
});
