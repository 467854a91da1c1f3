import { describe, expect, test } from 'vitest';
import type { Agent } from '../../src/core/agent.ts';
import type { Review } from '../../src/core/entry.ts';
import { hub } from '../../src/core/hub.ts';
import type { Store } from '../../src/core/ports.ts';
import { Problem } from '../../src/core/problem.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';
import { wholeLog } from '../support/whole-log.ts';

const opening = { type: 'opened', kind: 'coach', title: 'a talk' } as const;
const say = (text: string) => ({ by: 'user', type: 'said', via: 'text', text }) as const;
const review = { stars: [], wish: '', takeaways: [], summary_bullets: [], moments: [] } as unknown as Review;
const never = new AbortController().signal;

function house({
  store = memoryStore(),
  agents = [] as Agent[],
  ...limits
}: {
  store?: Store;
  agents?: Agent[];
  most?: number;
  crowded?: number;
} = {}) {
  const clock = virtualClock();
  let ids = 0;
  return { clock, store, hub: hub({ store, clock, newId: () => `id-${++ids}`, agents: () => agents, ...limits }) };
}

const waiting: Agent = {
  name: 'waiting',
  async attend(talk, stop) {
    for await (const _ of talk.follow(0, stop));
  },
};

describe('the hub', () => {
  test('B1 a conversation is loaded once though many ask, and nobody’s is nobody’s', async () => {
    const store = memoryStore();
    const first = house({ store });
    const { id } = await first.hub.open('user', opening);
    await first.hub.close();
    let reads = 0;
    const counted: Store = {
      ...store,
      read(...args) {
        reads += 1;
        return store.read(...args);
      },
    };
    const second = house({ store: counted });
    const found = await Promise.all([second.hub.find(id), second.hub.find(id), second.hub.find(id)]);
    expect(new Set(found).size).toBe(1);
    expect(found[0]?.entries[0]).toMatchObject(opening);
    expect(reads).toBe(1);
    expect(await second.hub.find('nobody')).toBeUndefined();
  });

  test('B2 what is erased takes nothing more and is not found, even while it is being erased', async () => {
    const { hub, store } = house({ agents: [waiting] });
    const talk = await hub.open('user', opening);
    const erasing = hub.erase(talk.id);
    expect(await hub.find(talk.id)).toBeUndefined();
    await expect(talk.append(say('too late'))).rejects.toMatchObject({ code: 'session_not_found' });
    await erasing;
    expect(await wholeLog(store, talk.id)).toEqual([]);
  });

  test('B3 what is over and unread goes to sleep; what is read or goes on does not', async () => {
    const { hub, clock } = house({ agents: [waiting] });
    const [over, read, live] = [await hub.open('user', opening), await hub.open('user', opening), await hub.open('user', opening)];
    for (const talk of [over, read]) await talk.append({ by: 'user', type: 'ended', why: 'finished' });
    hub.sweep(1_000);
    // somebody still writes their feedback
    expect(hub.awake).toBe(3);
    for (const talk of [over, read]) await talk.append({ by: 'reviewer', type: 'reviewed', review });
    const reader = read.follow(0, never);
    await reader.next();
    hub.sweep(1_000);
    await settled();
    expect(hub.awake).toBe(2);
    await clock.advance(2_000);
    await live.append(say('still here'));
    hub.sweep(1_000);
    expect(hub.awake).toBe(2);
    await reader.return();
    hub.sweep(1_000);
    expect(hub.awake).toBe(1);
  });

  test('B10 there is room for so many: those that nobody is in sleep first, who comes back finds room longer than who is new, and who finds none is told when to come back', async () => {
    const { hub, clock } = house({ agents: [waiting], most: 2, crowded: 1_000 });
    const [left, right] = [await hub.open('user', opening), await hub.open('user', opening)];
    await expect(hub.open('user', opening)).rejects.toMatchObject({ code: 'busy', after: expect.any(Number) });
    const reader = right.follow(0, never);
    await reader.next();
    await clock.advance(2_000);
    const third = await hub.open('user', opening);
    expect((await hub.find(left.id))?.id).toBe(left.id);
    expect(hub.awake).toBe(3);
    await expect(hub.open('user', opening)).rejects.toMatchObject({ code: 'busy' });
    await clock.advance(2_000);
    // the reader stays, the others have gone to sleep for the new one
    await hub.open('user', opening);
    expect(hub.awake).toBe(2);
    expect([right.followers > 0, third.followers]).toEqual([true, 0]);
    await clock.advance(0);
    for (const { id } of [left, third]) await hub.find(id).catch(() => undefined);
    expect(hub.awake).toBe(3);
    await reader.return();
  });

  test('B4 an agent that stumbles says so once and is back with the next thing that others do', async () => {
    let attended = 0;
    const clumsy: Agent = {
      name: 'clumsy',
      async attend(talk) {
        attended += 1;
        if (attended < 3) throw new Error('stumbled');
        await talk.append({ by: 'clumsy', type: 'said', via: 'text', text: 'here again' });
      },
    };
    const { hub } = house({ agents: [clumsy] });
    const talk = await hub.open('user', opening);
    await settled();
    expect([attended, talk.entries.map(({ type }) => type)]).toEqual([1, ['opened', 'joined', 'failed']]);
    await talk.append(say('one'));
    await settled();
    await talk.append(say('two'));
    await settled();
    expect(talk.entries.map(({ type }) => type)).toEqual(['opened', 'joined', 'failed', 'said', 'failed', 'said', 'said']);
    expect(talk.entries.at(-1)).toMatchObject({ by: 'clumsy', text: 'here again' });
  });

  test('B5 what could not be opened is not there', async () => {
    const store: Store = { ...memoryStore(), append: () => Promise.reject(new Problem('storage_full', 'The disk is full.')) };
    const { hub } = house({ store });
    await expect(hub.open('user', opening)).rejects.toMatchObject({ code: 'storage_full' });
    expect(hub.awake).toBe(0);
  });

  test('B6 what is erased while it is still being loaded does not stay awake', async () => {
    const store = memoryStore();
    const first = house({ store });
    const { id } = await first.hub.open('user', opening);
    await first.hub.close();
    let loaded = () => {};
    const loading = new Promise<void>((resolve) => {
      loaded = resolve;
    });
    const slow: Store = {
      ...store,
      async *read(...args) {
        yield* store.read(...args);
        await loading;
      },
    };
    const { hub } = house({ store: slow });
    const finding = hub.find(id);
    const erasing = hub.erase(id);
    await settled();
    loaded();
    await Promise.all([finding, erasing]);
    expect([hub.awake, await hub.find(id)]).toEqual([0, undefined]);
  });

  test('B9 between its end and its review a conversation stays awake for whoever judges it, but not for ever', async () => {
    const { hub, clock } = house();
    const talk = await hub.open('user', opening);
    await talk.append({ by: 'reviewer', type: 'ended', why: 'finished' });
    await clock.advance(1_800_000);
    hub.sweep(600_000);
    expect(hub.awake).toBe(1);
    await talk.append({ by: 'reviewer', type: 'reviewed', review });
    hub.sweep(600_000);
    expect(hub.awake).toBe(0);
    const left = await hub.open('user', opening);
    await left.append({ by: 'reviewer', type: 'ended', why: 'finished' });
    await clock.advance(3_700_000);
    hub.sweep(600_000);
    expect(hub.awake).toBe(0);
  });

  test('B11 what a crash left standing of what was to be forgotten is gone, on disk too, when it wakes', async () => {
    const { hub, store } = house();
    const talk = await hub.open('user', opening);
    await talk.append(say('never mind'));
    await store.append(talk.id, [{ by: 'user', type: 'removed', of: [2], seq: 3, at: '2026-01-01T00:00:00.000Z' }]);
    const again = await house({ store }).hub.find(talk.id);
    expect(again?.entries.map(({ type }) => type)).toEqual(['opened', 'removed', 'removed']);
    expect((await wholeLog(store, talk.id)).map(({ type }) => type)).toEqual(['opened', 'removed', 'removed']);
  });

  test('B11 many who open the same id at once open one conversation, now and after it slept', async () => {
    const { hub, store } = house();
    const talks = await Promise.all(Array.from({ length: 5 }, () => hub.openAs('mine', 'ann', opening)));
    expect(new Set(talks).size).toBe(1);
    expect(talks[0]!.entries.map(({ type, seq }) => [type, seq])).toEqual([['opened', 1]]);
    await hub.close();
    const [again, found, other] = await Promise.all([hub.openAs('mine', 'ben', opening), hub.find('mine'), hub.openAs('mine', 'cem', opening)]);
    expect(again).toBe(other);
    expect(found).toBe(again);
    expect(again.entries.map(({ by }) => by)).toEqual(['ann']);
    expect(await wholeLog(store, 'mine')).toHaveLength(1);
  });
});
