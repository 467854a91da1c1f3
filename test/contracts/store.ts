import { expect, test } from 'vitest';
import type { Entry } from '../../src/core/entry.ts';
import type { Store } from '../../src/core/ports.ts';
import { wholeLog } from '../support/whole-log.ts';

const opened = (at: string): Entry => ({ seq: 1, at, by: 'user', type: 'opened', kind: 'coach', title: 'an interview' });
const said = (seq: number, text: string): Entry => ({ seq, at: '2026-01-01T00:00:01.000Z', by: 'ear', type: 'said', via: 'voice', text });

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  return Array.fromAsync(items);
}

/** What every store promises; run against each of them. */
export function storeContract(name: string, make: () => Promise<Store>): void {
  const withStore = async (story: (store: Store) => Promise<void>) => {
    const store = await make();
    try {
      await story(store);
    } finally {
      await store.close();
    }
  };

  test(`S1 ${name}: what was appended is read back, byte for byte and in order`, () =>
    withStore(async (store) => {
      const log = [opened('2026-01-01T00:00:00.000Z'), said(2, 'a “quoted” line \u0000 with \n odd 🦉 bytes'), said(3, '')];
      await store.append('a', log.slice(0, 1));
      await store.append('a', log.slice(1));
      expect(await wholeLog(store, 'a')).toEqual(log);
      expect(await wholeLog(store, 'a', 2)).toEqual(log.slice(2));
    }));

  test(`S2 ${name}: nobody's conversation is empty, not an error`, () =>
    withStore(async (store) => {
      for (const nobody of ['nobody', 'no\u0000body', '\ud800']) {
        expect(await wholeLog(store, nobody)).toEqual([]);
        await store.erase(nobody);
      }
    }));

  test(`S3 ${name}: conversations are kept apart and listed, newest first`, () =>
    withStore(async (store) => {
      await Promise.all([store.append('old', [opened('2026-01-01T00:00:00.000Z')]), store.append('new', [opened('2026-01-02T00:00:00.000Z')])]);
      for (const chunk of [1, 2, 2]) await store.keepSound('old', chunk, Uint8Array.of(chunk));
      expect(await all(store.list())).toEqual([
        { id: 'new', kind: 'coach', at: '2026-01-02T00:00:00.000Z', hasSound: false },
        { id: 'old', kind: 'coach', at: '2026-01-01T00:00:00.000Z', hasSound: true },
      ]);
    }));

  test(`S4 ${name}: a long conversation is read whole`, () =>
    withStore(async (store) => {
      const log = [opened('2026-01-01T00:00:00.000Z'), ...Array.from({ length: 1_234 }, (_, index) => said(index + 2, `line ${index}`))];
      await store.append('a', log);
      expect((await wholeLog(store, 'a')).map((entry) => entry.seq)).toEqual(log.map((entry) => entry.seq));
    }));

  test(`S5 ${name}: what is erased is gone, the rest stays`, () =>
    withStore(async (store) => {
      await store.append('a', [opened('2026-01-01T00:00:00.000Z')]);
      await store.append('b', [opened('2026-01-01T00:00:00.000Z')]);
      await store.erase('a');
      expect(await wholeLog(store, 'a')).toEqual([]);
      expect((await all(store.list())).map(({ id }) => id)).toEqual(['b']);
    }));

  test(`S7 ${name}: a number is given once and in its turn; what is refused harms nobody else`, () =>
    withStore(async (store) => {
      const first = opened('2026-01-01T00:00:00.000Z');
      await store.append('a', [first]);
      const refused = { status: 'rejected', reason: expect.objectContaining({ code: 'storage_failed' }) };
      const results = await Promise.allSettled([
        store.append('a', [first]),
        store.append('a', [said(3, 'too soon')]),
        store.append('a', [said(2, 'good'), said(2, 'twice')]),
        store.append('a', [said(2, 'good')]),
        store.append('b', [first]),
      ]);
      expect(results).toMatchObject([refused, refused, refused, { status: 'fulfilled' }, { status: 'fulfilled' }]);
      expect(await wholeLog(store, 'a')).toEqual([first, said(2, 'good')]);
      expect(await wholeLog(store, 'b')).toEqual([first]);
    }));

  test(`S13 ${name}: what was erased does not come back by a late line, but may begin anew`, () =>
    withStore(async (store) => {
      const first = opened('2026-01-01T00:00:00.000Z');
      await store.append('a', [first]);
      await store.erase('a');
      await expect(store.append('a', [said(2, 'late')])).rejects.toMatchObject({ code: 'session_not_found' });
      expect(await wholeLog(store, 'a')).toEqual([]);
      await store.append('a', [first]);
      expect(await wholeLog(store, 'a')).toEqual([first]);
    }));

  test(`S14 ${name}: what is taken off the record leaves its place, its time, and nothing else; the rest reads as before`, () =>
    withStore(async (store) => {
      const log = [opened('2026-01-01T00:00:00.000Z'), ...Array.from({ length: 9 }, (_, index) => said(index + 2, `line ${index}`))];
      await store.append('a', log);
      await store.scrub('a', [9, 4, 4]);
      await store.append('a', [said(11, 'and on')]);
      await store.scrub('a', [4]);
      const expected = [...log, said(11, 'and on')].map((entry) =>
        entry.seq === 4 || entry.seq === 9 ? { seq: entry.seq, at: entry.at, by: 'user', type: 'removed' } : entry,
      );
      expect(await wholeLog(store, 'a')).toEqual(expected);
      expect(await wholeLog(store, 'a', 6)).toEqual(expected.slice(6));
      await store.scrub('a', []);
      for (const wrong of [1, 0, 12, -3, 2.5])
        await expect(store.scrub('a', [5, wrong]), String(wrong)).rejects.toMatchObject({
          code: 'invalid',
          message: expect.stringContaining('after the opening'),
        });
      await expect(store.scrub('nobody', [2])).rejects.toMatchObject({ code: 'session_not_found' });
      expect(await wholeLog(store, 'a')).toEqual(expected);
    }));

  test(`S15 ${name}: sound is kept once a number and given back in order, and goes with its conversation or before`, () =>
    withStore(async (store) => {
      const bytes = (chunk: number) => Uint8Array.from({ length: 300 }, (_, index) => (index * 7 + chunk) % 256);
      const kept = async (after?: number) =>
        (await all(store.sounds('a', after))).map(({ chunk, bytes }) => ({ chunk, bytes: Uint8Array.from(bytes) }));
      await store.append('a', [opened('2026-01-01T00:00:00.000Z')]);
      const numbers = Array.from({ length: 150 }, (_, index) => index + 1);
      await Promise.all(numbers.toReversed().map((chunk) => store.keepSound('a', chunk, bytes(chunk))));
      await store.keepSound('a', 7, bytes(99));
      expect(await kept()).toEqual(numbers.map((chunk) => ({ chunk, bytes: bytes(chunk) })));
      expect((await kept(140)).map(({ chunk }) => chunk)).toEqual(numbers.slice(140));
      await store.dropSounds('a', { from: 11, to: 149 });
      expect((await kept()).map(({ chunk }) => chunk)).toEqual([...numbers.slice(0, 10), 150]);
      await store.dropSounds('a');
      expect(await kept()).toEqual([]);
      await store.keepSound('a', 7, bytes(99));
      expect(await kept()).toEqual([{ chunk: 7, bytes: bytes(99) }]);
      await expect(store.keepSound('a', 1.5, bytes(1))).rejects.toMatchObject({ code: 'invalid' });
      await expect(store.keepSound('nobody', 1, bytes(1))).rejects.toMatchObject({ code: 'session_not_found' });
      await store.erase('a');
      await store.append('a', [opened('2026-01-01T00:00:00.000Z')]);
      expect(await kept()).toEqual([]);
      expect(await all(store.sounds('nobody'))).toEqual([]);
      await store.dropSounds('nobody');
      for (let chunk = 1; chunk <= 2_500; chunk += 500)
        await Promise.all(Array.from({ length: 500 }, (_, index) => store.keepSound('a', chunk + index, Uint8Array.of(index % 256))));
      await store.dropSounds('a', { from: 2, to: 2_499 });
      expect((await kept()).map(({ chunk }) => chunk)).toEqual([1, 2_500]);
    }));
}
