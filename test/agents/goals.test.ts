import { expect, test } from 'vitest';
import { goalsSoFar } from '../../src/agents/goals.ts';
import type { Entry } from '../../src/core/entry.ts';

const at = '2026-01-01T00:00:00.000Z';
const opened = {
  seq: 1,
  at,
  by: 'user',
  type: 'opened',
  kind: 'coach',
  title: '',
  goal: 'Talk about salary; ask about the team and the on-call rota',
} as Entry;
const said = (seq: number, text: string): Entry => ({ seq, at, by: 'ear', type: 'said', text, via: 'voice' }) as Entry;

test('a part of the goal is ticked off when it was talked about, by whomever, and stays open until then', () => {
  const goals = goalsSoFar();
  const log: Entry[] = [opened];
  const met = () => goals(log).map((goal) => goal.met);
  expect(goals(log).map(({ text }) => text)).toEqual(['talk about salary', 'ask about the team', 'the on-call rota']);
  expect(met()).toEqual([false, false, false]);
  log.push(said(2, 'Nice weather today.'));
  expect(met()).toEqual([false, false, false]);
  log.push(said(3, 'What salaries do you pay?'));
  expect(met()).toEqual([true, false, false]);
  log.push(said(4, 'Our team is small.'));
  expect(met()).toEqual([true, true, false]);
});

test('what was taken off the record ticks nothing off any more', () => {
  const goals = goalsSoFar();
  const log: Entry[] = [opened, said(2, 'About my salary.')];
  expect(goals(log)[0]!.met).toBe(true);
  log[1] = { seq: 2, at, by: 'ear', type: 'removed' } as Entry;
  log.push({ seq: 3, at, by: 'user', type: 'removed', of: [2] } as Entry);
  expect(goals(log)[0]!.met).toBe(false);
});

test('the line by which a part was met is told, also where it was only understood when it was corrected; later lines change nothing', () => {
  const goals = goalsSoFar();
  const log: Entry[] = [opened, said(2, 'About my celery.'), { seq: 3, at, by: 'ear', type: 'corrected', of: 2, text: 'About my salary.' } as Entry];
  log.push(said(4, 'A salary is fine.'), said(5, 'The team likes it.'));
  expect(goals(log, 2).map(({ about }) => about)).toEqual([null, null, null]);
  expect(goals(log, 4)).toEqual([
    { text: 'talk about salary', met: true, about: 2, told: 3 },
    { text: 'ask about the team', met: false, about: null, told: null },
    { text: 'the on-call rota', met: false, about: null, told: null },
  ]);
  expect(goals(log).map(({ about, told }) => [about, told])).toEqual([
    [2, 3],
    [5, 5],
    [null, null],
  ]);
});

test('a long log that is told line by line is read once, also where much of it was taken off the record', () => {
  const goals = goalsSoFar();
  let read = 0;
  const line = (seq: number): Entry =>
    Object.defineProperty({ seq, at, by: 'ear', type: 'said', via: 'voice' }, 'text', {
      get() {
        read += 1;
        return 'Nice weather today.';
      },
    }) as Entry;
  const gone = (seq: number) => ({ seq, at, by: 'user', type: 'removed' }) as Entry;
  const log = [opened, ...Array.from({ length: 400 }, (_, index) => (index % 2 === 0 ? line(index + 2) : gone(index + 2)))];
  log.push({ seq: 402, at, by: 'user', type: 'removed', of: [3, 5] } as Entry);
  for (const { seq } of log.slice(0, 401)) goals(log, seq);
  expect(read).toBe(200);
});
