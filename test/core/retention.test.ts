import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/core/entry.ts';
import type { Store } from '../../src/core/ports.ts';
import { Problem } from '../../src/core/problem.ts';
import { due, keepNoLonger, sweepKept } from '../../src/core/retention.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
const begin = Date.UTC(2026, 0, 1);
const at = (ms: number) => new Date(begin + ms).toISOString();

/** A conversation of an hour with two pieces of sound; `rated` is after its end. */
const talk = (ended: boolean): Entry[] => [
  { seq: 1, at: at(0), by: 'user', type: 'opened', kind: 'coach', title: '' },
  { seq: 2, at: at(hour), by: 'user', type: 'said', via: 'text', text: 'good bye' },
  ...(ended
    ? ([
        { seq: 3, at: at(hour), by: 'user', type: 'ended', why: 'finished' },
        { seq: 4, at: at(9 * day), by: 'user', type: 'rated', about: 2, useful: true },
      ] as const)
    : []),
];

/** What is left of an ended and an unended conversation when so much time has passed since the beginning. */
async function leftAfter(ms: number, keeping: { transcripts: number; sound: number }, store: Store = memoryStore()): Promise<string[]> {
  for (const [id, ended] of [
    ['ended', true],
    ['unended', false],
  ] as const) {
    await store.append(id, talk(ended));
    for (const chunk of [1, 2]) await store.keepSound(id, chunk, Uint8Array.of(chunk));
  }
  await sweepKept({ store, erase: store.erase, clock: virtualClock(begin + ms), keeping });
  const left = await Array.fromAsync(store.list());
  return left.map(({ id, hasSound }) => `${id}${hasSound ? ' with sound' : ''}`).sort();
}

const everything = ['ended with sound', 'unended with sound'];

describe('what is kept no longer', () => {
  test('P1 words go when their days are over, to the millisecond', async () => {
    const keeping = { transcripts: 30, sound: 30 };
    expect(await leftAfter(hour + 30 * day - 1, keeping)).toEqual(everything);
    expect(await leftAfter(hour + 30 * day, keeping)).toEqual([]);
  });

  test('P2 sound goes when its own days are over, and the words stay', async () => {
    const keeping = { transcripts: 30, sound: 7 };
    expect(await leftAfter(hour + 7 * day - 1, keeping)).toEqual(everything);
    expect(await leftAfter(hour + 7 * day, keeping)).toEqual(['ended', 'unended']);
  });

  test('P8 what is noted after the end does not keep it longer, whether it is read together with the end or later', async () => {
    const store = memoryStore();
    async function* read(id: string) {
      for await (const page of store.read(id)) for (const entry of page) yield [entry];
    }
    expect(await leftAfter(hour + 7 * day, { transcripts: 30, sound: 7 }, { ...store, read })).toEqual(['ended', 'unended']);
  });

  test('P3 with no days at all, sound goes with the end; where nobody ended it, after four hours of nothing', async () => {
    const keeping = { transcripts: 30, sound: 0 };
    expect(await leftAfter(hour - 1, keeping)).toEqual(everything);
    expect(await leftAfter(hour, keeping)).toEqual(['ended', 'unended with sound']);
    expect(await leftAfter(5 * hour - 1, keeping)).toEqual(['ended', 'unended with sound']);
    expect(await leftAfter(5 * hour, keeping)).toEqual(['ended', 'unended']);
    expect(await leftAfter(5 * hour - 1, { transcripts: 0, sound: 0 })).toEqual(['unended with sound']);
    expect(await leftAfter(5 * hour, { transcripts: 0, sound: 0 })).toEqual([]);
  });

  test('P4 sound never outlives its words', () => {
    expect(due({ over: 0, ended: true }, 2 * day, { transcripts: 2, sound: 30 })).toBe('everything');
  });

  test('P5 what rotted goes too, dated as far as it reads; a store that fails otherwise loses nothing', async () => {
    for (const [code, left] of [
      ['storage_damaged', []],
      ['storage_failed', ['a']],
    ] as const) {
      const store = memoryStore();
      await store.append('a', talk(true));
      const rotten = {
        ...store,
        async *read() {
          yield [talk(true)[0]!];
          throw new Problem(code, 'no more of it can be read');
        },
      };
      const sweeping = sweepKept({
        store: rotten,
        erase: store.erase,
        clock: virtualClock(begin + 30 * day),
        keeping: { transcripts: 30, sound: 0 },
      });
      expect((await Promise.allSettled([sweeping]))[0].status).toBe(left.length > 0 ? 'rejected' : 'fulfilled');
      expect((await Array.fromAsync(store.list())).map(({ id }) => id)).toEqual(left);
    }
  });

  test('P7 sound whose consent was taken back goes at the next look, whatever came between', async () => {
    const store = memoryStore();
    const consented = (seq: number, audio: boolean): Entry => ({ seq, at: at(seq), by: 'user', type: 'consented', audio });
    for (const [id, audio] of [
      ['taken back', false],
      ['given again', true],
    ] as const) {
      await store.append(id, [talk(false)[0]!, consented(2, !audio), consented(3, audio)]);
      await store.keepSound(id, 1, Uint8Array.of(1));
    }
    await sweepKept({ store, erase: store.erase, clock: virtualClock(begin + minute), keeping: { transcripts: 30, sound: 30 } });
    expect((await Array.fromAsync(store.list())).map(({ id, hasSound }) => `${id} ${hasSound}`).sort()).toEqual([
      'given again true',
      'taken back false',
    ]);
  });

  test('P6 is looked for at the start and every hour, also after a failure, until told to stop', async () => {
    const clock = virtualClock(begin + hour + 30 * day - 90 * minute);
    const store = memoryStore();
    await store.append('a', talk(true));
    let looks = 0;
    const failing = {
      ...store,
      list() {
        looks += 1;
        if (looks === 1) throw new Problem('storage_failed', 'for a moment');
        return store.list();
      },
    };
    const control = new AbortController();
    const ended = keepNoLonger({ store: failing, erase: store.erase, clock, keeping: { transcripts: 30, sound: 0 } }, control.signal);
    await clock.advance(119 * minute);
    expect(looks).toBe(2);
    expect((await Array.fromAsync(store.list())).length).toBe(1);
    await clock.advance(minute);
    expect(looks).toBe(3);
    expect((await Array.fromAsync(store.list())).length).toBe(0);
    control.abort();
    await ended;
    expect(clock.sleepers).toBe(0);
  });
});
