import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, describe, expect, test } from 'vitest';
import type { Entry } from '../../src/core/entry.ts';
import type { Store } from '../../src/core/ports.ts';
import { sqliteStore } from '../../src/stores/sqlite.ts';
import { needs, titled } from '../support/needs.ts';
import { newFolder } from '../support/new-folder.ts';
import { planted } from '../support/planted.ts';
import { figure, tier } from '../support/tier.ts';
import { wholeLog } from '../support/whole-log.ts';

const opened: Entry = { seq: 1, at: '2026-01-01T00:00:00.000Z', by: 'user', type: 'opened', kind: 'coach', title: '' };
const said = (seq: number, text: string): Entry => ({ seq, at: '2026-01-01T00:00:01.000Z', by: 'ear', type: 'said', via: 'voice', text });
const ids = ['a', 'b', 'c'];

/** Three conversations that are written until the store refuses; what was acknowledged is remembered. */
class Writers {
  readonly acknowledged: Record<string, Entry[]> = {};

  async write(store: Store, size: number, lines: number): Promise<unknown[]> {
    const refusals = await Promise.all(
      ids.map(async (id) => {
        this.acknowledged[id] ??= [];
        const log = this.acknowledged[id];
        for (let line = 0; line < lines; line += 1) {
          const entry = log.length === 0 ? opened : said(log.length + 1, 'x'.repeat(size));
          const refused = await store.append(id, [entry]).then(
            () => undefined,
            (error: unknown) => error,
          );
          if (refused) return refused;
          log.push(entry);
        }
        return undefined;
      }),
    );
    return refusals.filter((refused) => refused !== undefined);
  }

  /** How many entries are lost or were never acknowledged; each conversation is read whole. */
  async astray(store: Store): Promise<number> {
    let count = 0;
    for (const id of ids) {
      const kept = await wholeLog(store, id);
      const log = this.acknowledged[id] ?? [];
      count += Math.abs(log.length - kept.length) + log.filter((entry, index) => JSON.stringify(entry) !== JSON.stringify(kept[index])).length;
    }
    return count;
  }
}

const full = expect.objectContaining({ code: 'storage_full', message: expect.stringMatching(/^The disk is full, .*free some space/) });

/** Fills the store, then makes room: who was refused, what went astray, whether all is well again, and how long that took. */
async function fillAndFree(store: Store, free: () => Promise<unknown>, lines = 10_000) {
  const writers = new Writers();
  const refused = await writers.write(store, 8_000, lines);
  const still = (await writers.write(store, 8_000, 1)).length > 0;
  const astray = await writers.astray(store);
  await free();
  const from = performance.now();
  const after = await writers.write(store, 1_000, 20);
  return { writers, told: { refused, still, astray, after }, back: performance.now() - from };
}
const honest = { refused: [full, full, full], still: true, astray: 0, after: [] };

describe('T14 a full disk', () => {
  test('costs nothing that was acknowledged, and is forgotten when something is erased', async () => {
    const path = join(newFolder(), 'aside.db');
    const store = await sqliteStore(path, { pages: 1_000 });
    await store.append('greedy', [opened, said(2, 'x'.repeat(300_000))]);
    const { writers, told, back } = await fillAndFree(store, () => store.erase('greedy'));
    expect(told).toEqual(honest);
    figure('T14', 'acknowledged and lost, file at its greatest size', await writers.astray(store), { most: 0 });
    figure('T14', 'normal again after an erase, ms', back, { most: 2_000, soft: true });
    await store.close();
    const again = await sqliteStore(path);
    expect(await writers.astray(again)).toBe(0);
    await again.close();
  });

  const flushed = 'const errors = open.together(batch.map(({ question }) => question));';
  test.each([
    ['answers before the commit', { was: flushed, is: `for (const { call } of batch) answer({ call });\n  ${flushed}` }],
    ['answers although the commit failed', { was: 'if (error) refuse(call, error);', is: 'if (error) answer({ call });' }],
  ])('planted: a writer that %s is caught', async (_, fault) => {
    const copy = planted({ file: 'src/stores/sqlite-writer.ts', ...fault });
    const mutant = (await import(/* @vite-ignore */ new URL('src/stores/sqlite.ts', copy).href)) as { sqliteStore: typeof sqliteStore };
    const store = await mutant.sqliteStore(join(newFolder(), 'aside.db'), { pages: 300 });
    const { told } = await fillAndFree(store, async () => undefined, 400);
    expect(told.astray).toBeGreaterThan(0);
    await store.close();
  });

  const disk = newFolder();
  const canMount = ((): boolean => {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();
  afterAll(() => {
    // at once for everybody else, also when a story failed and its store still has the disk
    if (canMount) execFileSync('umount', ['--lazy', disk]);
  });

  test.skipIf(!canMount)(titled(canMount, needs.smallDisk, 'that is really one, of 2 MiB, neither'), async () => {
    const other = join(disk, 'somebody-elses');
    writeFileSync(other, Buffer.alloc(700_000));
    const path = join(disk, 'aside.db');
    const store = await sqliteStore(path);
    const { writers, told, back } = await fillAndFree(store, async () => rmSync(other));
    expect(told).toEqual(honest);
    figure('T14', 'acknowledged and lost, disk of 2 MiB', await writers.astray(store), { most: 0 });
    figure('T14', 'normal again after space was made, ms', back, { most: 2_000, soft: true });
    await store.close();
    const again = await sqliteStore(path);
    expect(await writers.astray(again)).toBe(0);
    await again.close();
  });
});

/** A file with lines of before, and another process that has it for so long. */
async function taken(ms: number) {
  const path = join(newFolder(), 'aside.db');
  const writers = new Writers();
  const before = await sqliteStore(path);
  expect(await writers.write(before, 100, 50)).toEqual([]);
  await before.close();
  const run = new URL('../support/lock-run.ts', import.meta.url).pathname;
  const holder = spawn(process.execPath, [run, path, String(ms)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout!, 'data');
  return { path, writers, holder };
}

describe('T14 a database that another has', () => {
  test('is waited for, while everything else goes on, and nothing of it is lost', async () => {
    const { path, writers, holder } = await taken(tier({ quick: 2_500, long: 30_000 }));
    await expect(sqliteStore(path)).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringContaining('already using this data folder'),
    });
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const released = once(holder, 'exit').then(() => performance.now());
    const store = await sqliteStore(path, { patience: 60_000 });
    const back = performance.now();
    delay.disable();
    figure('T14', 'acknowledged and lost while another had the file', await writers.astray(store), { most: 0 });
    expect(await writers.write(store, 100, 50)).toEqual([]);
    figure('T14', 'normal again after it was let go, ms', Math.max(0, back - (await released)), { most: 2_000, soft: true });
    figure('T14', 'longest stall of the main loop meanwhile, ms', delay.max / 1e6, { most: 50, soft: true });
    await store.close();
  });

  const waits = 'if (waited >= patience || !isLocked(error)) throw error;';
  test.each([
    ['does not wait for it', { was: waits, is: 'throw error;' }, 'refused'],
    ['begins another beside it', { was: waits, is: `return openFile(\`\${path}.new\`, patience);` }, 'lost'],
  ])('planted: a store that %s is caught', async (_, fault, becomes) => {
    // longer than anybody looks
    const { path, writers, holder } = await taken(600_000);
    const copy = planted({ file: 'src/stores/sqlite-log.ts', ...fault });
    const mutant = (await import(/* @vite-ignore */ new URL('src/stores/sqlite.ts', copy).href)) as { sqliteStore: typeof sqliteStore };
    const store = await mutant.sqliteStore(path, { patience: 60_000 }).catch(() => undefined);
    expect(store ? 'lost' : 'refused').toBe(becomes);
    if (store) expect(await writers.astray(store)).toBeGreaterThan(0);
    await store?.close();
    const gone = once(holder, 'exit');
    holder.kill();
    await gone;
  });
});
