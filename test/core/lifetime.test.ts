import { expect, test } from 'vitest';
import { reviewer } from '../../src/agents/reviewer.ts';
import { hub } from '../../src/core/hub.ts';
import { finishInTime } from '../../src/core/lifetime.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { served } from '../support/served.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const [minute, hour] = [60_000, 3_600_000];
const opening = { type: 'opened', kind: 'coach', title: '' } as const;

test('P12 a session that has lasted four hours is finished by itself, once, and says why; a younger one goes on', async () => {
  const clock = virtualClock(Date.UTC(2026, 0, 1));
  const control = new AbortController();
  let ids = 0;
  const house = hub({ store: memoryStore(), clock, newId: () => `c${++ids}`, agents: () => [] });
  const finish = reviewer();
  const running = finishInTime({ hub: house, finish: (talk, why) => finish(talk, control.signal, why), clock, life: 4 * hour }, control.signal);
  const old = await house.open('user', opening);
  await clock.advance(hour);
  const young = await house.open('user', opening);
  await clock.advance(3 * hour - 2 * minute);
  expect(old.entries.map(({ type }) => type)).toEqual(['opened']);
  await clock.advance(3 * minute);
  expect(old.entries.slice(1)).toMatchObject([{ type: 'ended', why: expect.stringMatching(/as long as one may/) }, { type: 'reviewed' }]);
  expect(young.entries.map(({ type }) => type)).toEqual(['opened']);
  await clock.advance(5 * hour);
  expect(old.entries.filter(({ type }) => type === 'ended').length).toBe(1);
  expect(young.entries.map(({ type }) => type)).toEqual(['opened', 'ended', 'reviewed']);
  control.abort();
  await running;
});

test('P13 everybody who is connected is told why, and the feedback is there', async () => {
  await using here = await served({}, { budgets: { sessionLife: 600 } });
  const { id } = await here.session();
  const client = await here.connect(id, 0);
  expect(await client.next('finished')).toMatchObject({ message: expect.stringMatching(/^This session has lasted as long as one may, .*\.$/) });
  expect((await here.post(`/session/${id}/finish`)).status).toBe(200);
});
