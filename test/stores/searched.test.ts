import { describe, expect, test } from 'vitest';
import type { Entry, Kind } from '../../src/core/entry.ts';
import { hub } from '../../src/core/hub.ts';
import type { Store } from '../../src/core/ports.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { type SearchedParts, searched, type Wanted } from '../../src/stores/searched.ts';
import { turnsDuring } from '../support/turns.ts';
import { virtualClock } from '../support/virtual-clock.ts';
import { wholeLog } from '../support/whole-log.ts';

const never = new AbortController().signal;
const at = (seq: number) => new Date(1_767_225_600_000 + seq * 1_000).toISOString();
const log = (kind: Kind, title: string, texts: readonly string[]): Entry[] => [
  { seq: 1, at: at(1), by: 'user', type: 'opened', kind, title },
  ...texts.map((text, index): Entry => ({ seq: index + 2, at: at(index + 2), by: 'user', type: 'said', text, via: 'text' })),
];

/** A store with these conversations, that counts what is read from it. */
async function shelf(talks: Record<string, Entry[]>, parts: Partial<SearchedParts> = {}) {
  const bare = memoryStore();
  const reads: string[] = [];
  const store: Store = {
    ...bare,
    epoch: bare.epoch,
    read(id, after) {
      reads.push(id);
      return bare.read(id, after);
    },
    ...parts.store,
  };
  const clock = virtualClock();
  const made = searched({ store, clock, memory: 1_000_000, patience: 1_000, ...parts, ...(parts.store && { store }) });
  for (const [id, entries] of Object.entries(talks)) await made.store.append(id, entries);
  const look = async (query: string, more: Partial<Wanted> = {}) =>
    made.search({ query, kinds: ['coach', 'room', 'desk', 'share', 'talk'], limit: 10, ...more }, never);
  const texts = async (query: string, more?: Partial<Wanted>) => (await look(query, more)).places.map(({ id, text }) => `${id}: ${text}`);
  return { ...made, reads, look, texts, clock };
}

describe('a store that is searched', () => {
  const talks = {
    a: log('desk', 'Bridges', ['A bridge of rope', 'nothing']),
    b: log('room', '', ['The bridge again and the bridge']),
    c: log('coach', 'Interview', ['salary']),
  };

  test('Q1 finds in all kinds, or in those that are asked for, the best first; titles too', async () => {
    const { look, texts } = await shelf(talks);
    expect(await texts('bridge')).toEqual(['b: The bridge again and the bridge', 'a: A bridge of rope', 'a: Bridges']);
    expect(await texts('bridge', { kinds: ['room'] })).toEqual(['b: The bridge again and the bridge']);
    expect(await look('bridge', { limit: 1 })).toMatchObject({ total: 3, complete: true, places: [{ id: 'b', kind: 'room' }] });
    expect(await look('nobody')).toEqual({ places: [], total: 0, complete: true });
  });

  test('Q2 each conversation is read once, and follows what is added, mended, taken off the record and erased', async () => {
    const { texts, store, reads } = await shelf(talks);
    await texts('bridge');
    await texts('bridge');
    expect(reads.sort()).toEqual(['a', 'b', 'c']);
    await store.append('c', [{ seq: 3, at: at(3), by: 'user', type: 'said', text: 'no bridge', via: 'voice' }]);
    expect(await texts('bridge', { kinds: ['coach'] })).toEqual(['c: no bridge']);
    await store.append('c', [{ seq: 4, at: at(4), by: 'user', type: 'corrected', of: 3, text: 'no fridge' }]);
    expect(await texts('bridge', { kinds: ['coach'] })).toEqual([]);
    expect(await texts('fridge')).toEqual(['c: no fridge']);
    await store.append('c', [{ seq: 5, at: at(5), by: 'user', type: 'removed', of: [3] }]);
    expect(await texts('fridge')).toEqual([]);
    await store.scrub('a', [2]);
    await store.erase('b');
    expect(await texts('bridge')).toEqual(['a: Bridges']);
    expect(reads).toHaveLength(3);
  });

  test('Q3 what is taken off the record while it is being read is not found', async () => {
    const held = Promise.withResolvers<void>();
    const reading = Promise.withResolvers<void>();
    const bare = memoryStore();
    const slow: Store = {
      ...bare,
      epoch: bare.epoch,
      async *read(id) {
        const all = await wholeLog(bare, id);
        reading.resolve();
        await held.promise;
        yield all;
      },
    };
    const { store, search } = searched({ store: slow, clock: virtualClock(), memory: 1_000_000, patience: 1_000 });
    await store.append('a', log('desk', '', ['secret one', 'open two']));
    const wanted = { query: 'secret', kinds: ['desk'], limit: 5 } as const;
    const searching = search(wanted, never);
    await reading.promise;
    await store.scrub('a', [2]);
    await store.append('a', [{ seq: 4, at: at(4), by: 'user', type: 'said', text: 'open three', via: 'text' }]);
    held.resolve();
    expect((await searching).places).toEqual([]);
    expect((await search({ ...wanted, query: 'open' }, never)).places.map(({ seq }) => seq).sort()).toEqual([3, 4]);
  });

  test('Q4 where memory is small, what came first is read again; where time is short, it is said that there may be more', async () => {
    const { texts, reads } = await shelf(talks, { memory: 300 });
    expect(await texts('bridge')).toHaveLength(3);
    expect(await texts('bridge')).toHaveLength(3);
    expect(reads.length).toBeGreaterThan(3);
    const hasty = await shelf(talks, { patience: -1 });
    expect(await hasty.look('bridge')).toEqual({ places: [], total: 0, complete: false });
  });

  test('Q5 under a hub: 10,000 messages answer fast, and the loop breathes meanwhile', async () => {
    const clock = { ...virtualClock(), now: () => performance.now() };
    const { store, search } = searched({ store: memoryStore(), clock, memory: 64 << 20, patience: 10_000 });
    const house = hub({ store, clock: virtualClock(), newId: () => 'big', agents: () => [] });
    const talk = await house.open('user', { type: 'opened', kind: 'desk', title: '' });
    const words = ['bridge', 'rope', 'river', 'village', 'stone', 'salary', 'garden', 'window'];
    const textOf = (seq: number) => `${Array.from({ length: 16 }, (_, index) => words[(seq * 7 + index * 3) % 8]).join(' ')} number${seq}`;
    await Promise.all(Array.from({ length: 10_000 }, (_, seq) => talk.append({ by: 'user', type: 'said', text: textOf(seq), via: 'text' })));
    const wanted = { query: 'rope bridge', kinds: ['desk'], limit: 20 } as const;
    await search(wanted, never);
    const began = performance.now();
    const { total } = await search(wanted, never);
    const took = performance.now() - began;
    expect(total).toBe(10_000);
    expect(await search({ ...wanted, query: 'number4321' }, never)).toMatchObject({ total: 1 });
    // far above what it takes, so that only another order of growth fails
    expect(took).toBeLessThan(5_000);
  });

  test('Q6 long messages are looked through in small bites, and a search that nobody waits for any more stops in the middle', async () => {
    const texts = Array.from({ length: 400 }, () => `bridge ${'x'.repeat(16_000)}`);
    const { search, look } = await shelf({ long: log('desk', '', texts) }, { memory: 64 << 20 });
    // what was not read yet is read in small bites as well
    expect((await turnsDuring(() => look('nobody'))).turns).toBeGreaterThan(25);
    const { result, turns } = await turnsDuring(() => look('bridge'));
    expect(result.total).toBe(400);
    // 6.4 million letters
    expect(turns).toBeGreaterThan(20);
    const control = new AbortController();
    const searching = search({ query: 'bridge', kinds: ['desk'], limit: 10 }, control.signal);
    setImmediate(() => control.abort());
    await expect(searching).rejects.toMatchObject({ name: 'AbortError' });
  });
});
