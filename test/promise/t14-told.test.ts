import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compose } from '../../src/compose.ts';
import type { Store } from '../../src/core/ports.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { sqliteStore } from '../../src/stores/sqlite.ts';
import { newFolder } from '../support/new-folder.ts';
import { planted } from '../support/planted.ts';
import { served } from '../support/served.ts';
import { stuckStore } from '../support/stuck-store.ts';
import { figure } from '../support/tier.ts';

type Trouble = { readonly store: Store; begin(): Promise<unknown>; end(): Promise<unknown> };

/** A disk that has room for nothing more, until something is erased. */
async function fullDisk(): Promise<Trouble> {
  const store = await sqliteStore(join(newFolder(), 'aside.db'), { pages: 200 });
  const at = '2026-01-01T00:00:00.000Z';
  let kept = 0;
  const fill = async (size: number) => {
    for (;;) {
      const fact =
        kept === 0 ? ({ type: 'opened', kind: 'coach', title: '' } as const) : ({ type: 'said', via: 'text', text: 'x'.repeat(size) } as const);
      await store.append('greedy', [{ seq: kept + 1, at, by: 'user', ...fact }]);
      kept += 1;
    }
  };
  const begin = async () => {
    // what is left after the last large one is filled with small ones
    for (const size of [8_000, 10]) await expect(fill(size)).rejects.toMatchObject({ code: 'storage_full' });
  };
  return { store, begin, end: () => store.erase('greedy') };
}

/** A disk that hangs. */
async function deadDisk(): Promise<Trouble> {
  const { store, stick, goOn } = stuckStore(memoryStore());
  return { store, begin: async () => stick(), end: async () => goOn() };
}

/** Whether a service tells of the trouble of its store, to somebody who asked just before it began, and when it is over; after how many ms. */
async function telling(trouble: Trouble, composes = compose, patience?: number) {
  await using here = await served({}, { store: trouble.store }, composes);
  const ready = async () => await (await fetch(`${here.base}/ready`)).json();
  const until = async (told: object, timeout = 20_000) => {
    const since = performance.now();
    await expect.poll(ready, { timeout, interval: 20 }).toMatchObject(told);
    return performance.now() - since;
  };
  const well = { ready: true, storage: 'ok', troubles: [] };
  await until({ ready: true });
  await trouble.begin();
  const told = await until({ ready: false, storage: 'failed', troubles: [expect.stringMatching(/disk/)] }, patience);
  expect((await fetch(`${here.base}/health`)).status).toBe(200);
  await trouble.end();
  return { told, back: await until(well) };
}

describe('T14 /ready tells', () => {
  test.each([
    ['a full disk', fullDisk],
    ['a disk that hangs', deadDisk],
  ])('of %s, and that all is well again', async (name, trouble) => {
    const { told, back } = await telling(await trouble());
    figure('T14', `/ready tells of ${name} after, ms`, told, { most: 1_000, soft: true });
    figure('T14', `/ready tells that ${name} is over after, ms`, back, { most: 2_000, soft: true });
  });

  test('planted: a full disk of which nobody is told is caught', async () => {
    const silent = {
      file: 'src/api/health.ts',
      was: 'const trouble = await storeTrouble();',
      is: 'const trouble = undefined as unknown as Error | undefined;',
    };
    const copy = (await import(/* @vite-ignore */ new URL('src/compose.ts', planted(silent)).href)) as { compose: typeof compose };
    await expect(telling(await fullDisk(), copy.compose, 3_000)).rejects.toThrow('expected { ready: true');
  });
});
