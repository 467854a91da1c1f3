import { describe, expect, test } from 'vitest';
import type { Happening } from '../../src/core/meter.ts';
import type { Store } from '../../src/core/ports.ts';
import { storeProbe } from '../../src/meters/store-probe.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { sqliteStore } from '../../src/stores/sqlite.ts';
import { newFolder } from '../support/new-folder.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';

/** A probe of that store, with its clock, and what it noted. */
function probing(store: Store) {
  const clock = virtualClock(1_000);
  const noted: Happening[] = [];
  const probe = storeProbe(store, clock, { note: (happening) => noted.push(happening) });
  return { clock, noted, probe };
}

describe('whether the store can keep something', () => {
  test('O10 is found out by writing; nothing of it stays', async () => {
    const store = memoryStore();
    const { probe, noted } = probing(store);
    expect(await probe()).toBe(undefined);
    expect(noted).toEqual([{ type: 'probed', works: true }]);
    expect(await Array.fromAsync(store.list())).toEqual([]);
  });

  test('O10 a full disk is known within a second, and so is that there is room again', async () => {
    const store = await sqliteStore(`${newFolder()}/aside.db`, { pages: 60 });
    const { clock, probe } = probing(store);
    expect(await probe()).toBe(undefined);
    const opening = { seq: 1, at: new Date(0).toISOString(), by: 'user', type: 'opened', kind: 'coach', title: 'x' } as const;
    await store.append('filler', [opening]);
    let seq = 1;
    const fill = async () => {
      for (;;) {
        seq += 1;
        await store.append('filler', [{ seq, at: opening.at, by: 'user', type: 'said', via: 'text', text: 'x'.repeat(4_000) }]);
      }
    };
    await expect(fill()).rejects.toMatchObject({ code: 'storage_full' });
    await clock.advance(1_000);
    expect(await probe()).toMatchObject({ code: 'storage_full' });
    await store.erase('filler');
    await clock.advance(1_000);
    expect(await probe()).toBe(undefined);
    await store.close();
  });

  test('O10 a store that never answers is told in time, and asked once however many want to know', async () => {
    let asked = 0;
    const mute: Store = {
      ...memoryStore(),
      append: () => {
        asked += 1;
        return new Promise(() => undefined);
      },
    };
    const { clock, probe, noted } = probing(mute);
    const answers = Promise.all([probe(), probe(), probe()]);
    await settled();
    await clock.advance(800);
    expect((await answers).map((problem) => problem?.code)).toEqual(['storage_failed', 'storage_failed', 'storage_failed']);
    expect(asked).toBe(1);
    expect(noted).toEqual([{ type: 'probed', works: false }]);
  });
});
