import { describe, expect, test } from 'vitest';
import { attendance } from '../../src/api/attendance.ts';
import { conversation } from '../../src/core/conversation.ts';
import { members } from '../../src/core/members.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const ann = { id: 'ann', name: 'Ann' };
const ben = { id: 'ben', name: 'Ben' };
const cem = { id: 'cem', name: 'Cem' };

/** A room whose log is written only when told to, so that much can happen within one commit. */
async function room(most = 10) {
  const clock = virtualClock(0);
  const control = new AbortController();
  let commit: (() => void) | undefined;
  let held = false;
  const save = () =>
    new Promise<void>((resolve) => {
      if (held) commit = resolve;
      else resolve();
    });
  const talk = conversation('room', [], save, clock.now);
  await talk.append({ by: 'ann', type: 'opened', kind: 'room', title: '' });
  const here = attendance({ clock, most, comingBack: 10_000, idName: 'participant_id', agents: new Map([['spark', 'Spark']]), stop: control.signal });
  const happened = () => talk.entries.flatMap(({ type, by }) => (type === 'joined' || type === 'left' ? [`${by} ${type}`] : []));
  return {
    talk,
    here,
    happened,
    isHere: (id: string) => members(talk.entries).get(id)?.here ?? false,
    hold() {
      held = true;
    },
    commit() {
      held = false;
      commit?.();
    },
  };
}

describe('who is connected to a room', () => {
  test('Q1 whoever leaves and is back within one commit is there', async () => {
    const { talk, here, hold, commit, isHere, happened } = await room();
    const [first, second] = [{}, {}];
    await here.arrive(talk, ann, first);
    hold();
    const both = [here.leave(talk, ann, first), here.arrive(talk, ann, second)];
    commit();
    await Promise.all(both);
    expect(happened()).toEqual(['ann joined', 'ann left', 'ann joined']);
    expect(isHere('ann')).toBe(true);
  });

  test('Q2 whoever comes and goes within one commit is gone', async () => {
    const { talk, here, hold, commit, isHere, happened } = await room();
    const seat = {};
    hold();
    const both = [here.arrive(talk, ann, seat), here.leave(talk, ann, seat)];
    commit();
    await Promise.all(both);
    expect(happened()).toEqual(['ann joined', 'ann left']);
    expect(isHere('ann')).toBe(false);
  });

  test('Q3 whoever joins before they connect takes up room; where all of it is taken, one of them makes room for somebody who does connect', async () => {
    const { talk, here, happened } = await room(2);
    await here.expect(talk, ann);
    await here.arrive(talk, ben, {});
    await expect(here.expect(talk, cem)).rejects.toMatchObject({ code: 'busy' });
    // who is in already is in
    await here.expect(talk, ann);
    const seat = {};
    await here.arrive(talk, cem, seat);
    expect(happened()).toEqual(['ann joined', 'ben joined', 'ann left', 'cem joined']);
    await expect(here.arrive(talk, ann, {})).rejects.toMatchObject({ code: 'busy' });
    await here.leave(talk, cem, seat);
    await here.arrive(talk, ann, {});
    expect(happened().slice(4)).toEqual(['cem left', 'ann joined']);
  });

  test('Q4 many who join at once are no more than there is room for', async () => {
    const { talk, here, hold, commit, happened } = await room(2);
    hold();
    const all = Promise.allSettled(['a', 'b', 'c', 'd'].map((id) => here.expect(talk, { id, name: id })));
    commit();
    expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(happened()).toEqual(['a joined', 'b joined']);
  });

  test.each([
    [{ id: 'user', name: 'Ann' }, 'participant_id'],
    [{ id: 'House', name: 'Ann' }, 'participant_id'],
    [{ id: 'SPARK', name: 'Ann' }, 'participant_id'],
    [{ id: 'ann', name: 'spark' }, 'name'],
  ])('Q5 %j is called like somebody of the house, and is told what to change', async (guest, what) => {
    const { talk, here, happened } = await room();
    const refusal = {
      code: 'invalid',
      message: expect.stringMatching(new RegExp(`^Somebody of the house is called that.+Choose another ${what}\\.$`)),
    };
    await expect(here.arrive(talk, guest, {})).rejects.toMatchObject(refusal);
    await expect(here.expect(talk, guest)).rejects.toMatchObject(refusal);
    expect(happened()).toEqual([]);
  });

  test('Q6 what is over is still read: whoever comes then is not written down', async () => {
    const { talk, here, happened } = await room();
    await talk.append({ by: 'house', type: 'ended', why: 'ended' });
    const seat = {};
    await here.arrive(talk, ann, seat);
    await here.leave(talk, ann, seat);
    expect(happened()).toEqual([]);
  });
});
