import { expect, test } from 'vitest';
import { verdicts } from '../../src/agents/verdicts.ts';
import type { Entry } from '../../src/core/entry.ts';
import { Problem } from '../../src/core/problem.ts';
import { every } from '../../src/core/views.ts';
import { virtualClock } from '../support/virtual-clock.ts';
import { ask, other, quiet, stage, user } from './stage.ts';

const date = { user: 'Jo', goal: 'Be curious', context: 'First date' };
const steps = [user("hi i'm jo"), other('do you want coffee or tea'), user('tea please'), ask, other('nice'), quiet(1)];

/** The log up to and with its nth entry, and a clock that goes on from there. */
async function logUpTo(count: number): Promise<{ past: Entry[]; clock: ReturnType<typeof virtualClock> }> {
  const { talk, play, leave } = await stage(date);
  await play(...steps);
  await leave();
  const past = talk.entries.slice(0, count);
  return { past, clock: virtualClock(Date.parse(past.at(-1)!.at)) };
}

test('R1 cut off after any entry, a coach that comes back gives every turn its one verdict and repeats none', async () => {
  const whole = await stage(date);
  await whole.play(...steps);
  await whole.leave();
  const outcome = (entries: readonly Entry[]) =>
    entries.map((entry) => ('text' in entry ? entry.text : entry.type === 'passed' ? entry.reasons.join() : entry.type));
  for (let count = 1; count <= whole.talk.entries.length; count += 1) {
    const { past, clock } = await logUpTo(count);
    const { talk, play, leave } = await stage(date, { past, clock });
    await play(quiet(1));
    await leave();
    for (const turn of every(talk.entries, 'said')) {
      const about = talk.entries.filter(
        (entry) => (entry.type === 'passed' || (entry.type === 'advised' && entry.kind === 'answer')) && entry.about === turn.seq,
      );
      expect(about, `turn ${turn.seq} after ${count} entries`).toHaveLength(1);
    }
    const expected = outcome(whole.talk.entries);
    expect(expected.slice(0, talk.entries.length)).toEqual(outcome(talk.entries));
  }
});

test('R2 a turn from before a long night is not advised about any more', async () => {
  const { past, clock } = await logUpTo(4);
  expect(past.at(-1)).toMatchObject({ type: 'said', text: 'do you want coffee or tea' });
  await clock.advance(60_000);
  const { talk, play, leave } = await stage(date, { past, clock });
  await play(quiet(1));
  await leave();
  expect(talk.entries.at(-1)).toMatchObject({ type: 'passed', about: 4, reasons: ['turn_passed'] });
});

test('R3 spacing holds across a restart', async () => {
  const { past, clock } = await logUpTo(5);
  const { play, passes, leave } = await stage(date, { past, clock });
  await play(user('tea please', 2), other('why did you come to the party', 4));
  expect(passes().at(-1)).toBe('too_soon');
  await leave();
});

test('R4 a disk that is full for a moment loses no verdict', async () => {
  let full = false;
  const save = async () => {
    if (full) throw new Problem('storage_full', 'The disk is full.');
  };
  const { talk, play, leave } = await stage(date, { save });
  await play(user("hi i'm jo"));
  // the disk fills up between the turn and its verdict
  const turn = talk.append({ by: 'user', type: 'said', via: 'text', text: 'do you want coffee or tea', speaker: { who: 'other', probability: 1 } });
  turn.then(() => {
    full = true;
  });
  await play(quiet(1));
  full = false;
  await play(other('why did you come to the party', 2));
  await leave();
  expect(verdicts(talk.entries).map(({ advised, reasons }) => advised?.kind ?? reasons.join())).toEqual(['opening_line', 'turn_passed', 'answer']);
});

test('R5 a turn cut off by the end counts as passed by the end', () => {
  const at = '2030-01-01T10:00:00.000Z';
  const entries: Entry[] = [
    { seq: 1, at, by: 'user', type: 'said', text: 'hello', via: 'text' },
    { seq: 2, at, by: 'user', type: 'ended', why: 'finish' },
  ];
  expect(verdicts(entries)).toEqual([{ about: 1, reasons: ['ended'] }]);
});

test('R6 advice that cannot be thought of is replaced by the rules, and said once', async () => {
  const advise = () => {
    throw new Error('model gone');
  };
  const { talk, play, advice, leave } = await stage(date, { advise });
  await play(user("hi i'm jo"), other('do you want coffee or tea'));
  await leave();
  expect(every(talk.entries, 'failed')).toMatchObject([{ part: 'brain', code: 'brain_failed' }]);
  expect(advice()).toHaveLength(1);
});
