import { describe, expect, test } from 'vitest';
import { farewell } from '../../src/agents/farewell.ts';
import { callers } from '../../src/api/callers.ts';
import { hub } from '../../src/core/hub.ts';
import type { Clock } from '../../src/core/ports.ts';
import { Problem } from '../../src/core/problem.ts';
import { isOver } from '../../src/core/views.ts';
import { talkRecord } from '../../src/insight/talk-record.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { answeringModel, type Doing } from '../support/answering-model.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const grace = 30_000;
const guest = { id: 'user', name: 'Ann' };
const start = Date.parse('2026-01-01T00:00:00.000Z');

/** A house with one talk, in which somebody has said something. */
async function stage(...doings: Doing[]) {
  const clock = virtualClock(start);
  const leaving = new AbortController();
  const store = memoryStore();
  const house = hub({ store, clock, newId: () => 'x', agents: () => [] });
  const model = doings.length > 0 ? answeringModel(...doings) : undefined;
  const goodbye = farewell({
    ...(model && { model: () => model }),
    name: 'a model',
    clock,
    patience: 20_000,
    newMark: () => 'm'.repeat(32),
    redact: [],
  });
  const here = callers({ hub: house, farewell: goodbye, clock, grace, most: 2, stop: leaving.signal });
  const talk = await house.openAs('a', 'user', { type: 'opened', kind: 'talk', title: '' });
  const say = (text: string) => talk.append({ by: 'user', type: 'said', text, via: 'text' });
  const record = async () => talkRecord('a', (await house.find('a'))!.entries);
  return { clock, house, here, talk, say, record, leaving, model };
}

/** Whoever ends talks by the rules. */
const callersOf = (clock: Clock, leaving: AbortController) => ({
  farewell: farewell({ name: 'a model', clock, patience: 20_000, newMark: () => 'm'.repeat(32), redact: [] }),
  clock,
  grace,
  most: 2,
  stop: leaving.signal,
});

describe('who is connected to a talk', () => {
  test('E1 the last one who goes ends it after the grace, as of when they left; whoever is back before keeps it open', async () => {
    const { clock, here, talk, say, record } = await stage();
    const [one, other] = [{}, {}];
    await here.arrive(talk, guest, one);
    await say('Hello');
    await here.arrive(talk, guest, other);
    await here.leave(talk, guest, one);
    await clock.advance(grace * 2);
    expect(isOver(talk.entries)).toBe(false);
    await here.leave(talk, guest, other);
    await clock.advance(grace - 1);
    await here.arrive(talk, guest, one);
    await clock.advance(grace * 2);
    expect(isOver(talk.entries)).toBe(false);
    const left = clock.now();
    await here.leave(talk, guest, one);
    await clock.advance(grace);
    expect(talk.entries.map(({ type }) => type)).toEqual(['opened', 'joined', 'said', 'left', 'joined', 'left', 'summed', 'ended']);
    expect(await record()).toMatchObject({
      end_time: new Date(left).toISOString(),
      duration_seconds: Math.round((left - start) / 1_000),
      summary_by: 'rules',
    });
    await expect(here.arrive(talk, guest, {})).rejects.toMatchObject({ code: 'session_finished' });
  });

  test('E2 so many connections and no more', async () => {
    const { here, talk } = await stage();
    await here.arrive(talk, guest, {});
    await here.arrive(talk, guest, {});
    await expect(here.arrive(talk, guest, {})).rejects.toMatchObject({ code: 'busy' });
  });

  test('E3 whoever comes back while it is summed up goes on; a model that hangs or talks on and on is given up', async () => {
    const { clock, here, talk, say, record, model } = await stage('hang', 'x'.repeat(2_000));
    const seat = {};
    await here.arrive(talk, guest, seat);
    await say('Hello');
    await here.leave(talk, guest, seat);
    await clock.advance(grace + 5_000);
    expect(model!.asked).toHaveLength(1);
    await here.arrive(talk, guest, seat);
    expect(model!.stopped[0]!.aborted).toBe(true);
    await clock.advance(grace * 2);
    expect(isOver(talk.entries)).toBe(false);
    await here.leave(talk, guest, seat);
    await clock.advance(grace);
    expect(await record()).toMatchObject({ summary: expect.stringContaining('“Hello”'), summary_by: 'rules' });
  });

  test('E4 what a process left open is ended when it is seen, unless somebody is or may still be there', async () => {
    const { clock, here, talk, say, record } = await stage('They said hello.');
    await talk.append({ by: 'user', type: 'joined', name: 'Ann', role: 'human' });
    await say('Hello');
    const last = clock.now();
    await clock.advance(grace - 1);
    await here.settle(talk);
    expect(isOver(talk.entries)).toBe(false);
    await clock.advance(3_600_000);
    const settling = here.settle(talk);
    await clock.advance(1);
    await settling;
    expect(await record()).toMatchObject({ end_time: new Date(last).toISOString(), duration_seconds: 0, summary: 'They said hello.' });
  });

  test('E5 whoever is there, or left a moment ago, is waited for', async () => {
    const { clock, here, talk, say } = await stage();
    const seat = {};
    await here.arrive(talk, guest, seat);
    await say('Hello');
    await clock.advance(grace * 9);
    await here.settle(talk);
    expect(isOver(talk.entries)).toBe(false);
    await here.leave(talk, guest, seat);
    await here.settle(talk);
    expect(isOver(talk.entries)).toBe(false);
  });

  test('E6 all such talks are ended once those who were there had time to come back', async () => {
    const { clock, here, talk, say, record } = await stage('They said hello.');
    await say('Hello');
    const last = clock.now();
    const settling = here.settleAll();
    await clock.advance(grace - 1);
    expect(isOver(talk.entries)).toBe(false);
    await clock.advance(1);
    await settling;
    expect(await record()).toMatchObject({ end_time: new Date(last).toISOString(), summary: 'They said hello.', summary_by: 'a model' });
  });

  test('E8 where the storage fails at one of them, or at the list, it is tried again until all are ended', async () => {
    const { clock, house, talk, say, leaving } = await stage();
    const other = await house.openAs('b', 'user', { type: 'opened', kind: 'talk', title: '' });
    await say('Hello');
    const failures = ['list', 'remains', 'find'];
    const fails = (name: string) => {
      if (failures[0] !== name) return;
      failures.shift();
      throw new Problem('storage_slow', 'The storage does not answer.');
    };
    const troubled = {
      ...house,
      async *list() {
        fails('list');
        yield* house.list();
      },
      async remains(id: string) {
        fails('remains');
        return house.remains(id);
      },
      async find(id: string) {
        fails('find');
        return house.find(id);
      },
    };
    const again = callers({ ...callersOf(clock, leaving), hub: troubled });
    const settling = again.settleAll();
    await clock.advance(grace);
    expect(failures).toEqual(['remains', 'find']);
    await clock.advance(60_000);
    expect([isOver(talk.entries), isOver(other.entries), failures]).toEqual([false, false, []]);
    await clock.advance(60_000);
    await settling;
    expect([isOver(talk.entries), isOver(other.entries)]).toEqual([true, true]);
  });

  test('E9 what the storage failed at when the last one had gone is ended later, unless somebody is back', async () => {
    const { clock, house, talk, say, leaving } = await stage();
    let failing = 2;
    const find = (id: string) => {
      if (failing-- > 0) throw new Problem('storage_slow', 'The storage does not answer.');
      return house.find(id);
    };
    const here = callers({ ...callersOf(clock, leaving), hub: { ...house, find: async (id) => find(id) } });
    const seat = {};
    await here.arrive(talk, guest, seat);
    await say('Hello');
    await here.leave(talk, guest, seat);
    await clock.advance(grace);
    await here.arrive(talk, guest, seat);
    await clock.advance(60_000);
    await here.leave(talk, guest, seat);
    await clock.advance(grace);
    expect([isOver(talk.entries), failing]).toEqual([false, 0]);
    await clock.advance(60_000);
    expect(isOver(talk.entries)).toBe(true);
  });

  test('E7 a process that leaves ends nothing', async () => {
    const { clock, here, talk, say, leaving } = await stage();
    const seat = {};
    await here.arrive(talk, guest, seat);
    await say('Hello');
    await here.leave(talk, guest, seat);
    leaving.abort();
    await clock.advance(grace * 2);
    expect(isOver(talk.entries)).toBe(false);
  });
});
