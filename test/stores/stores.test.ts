import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/core/entry.ts';
import type { Store } from '../../src/core/ports.ts';
import { type Ask, askedStore, type Question } from '../../src/stores/asked-store.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { punctualStore } from '../../src/stores/punctual.ts';
import { sheet } from '../../src/stores/sheets.ts';
import { sqliteStore } from '../../src/stores/sqlite.ts';
import { SqliteLog } from '../../src/stores/sqlite-log.ts';
import { storeContract } from '../contracts/store.ts';
import { newFolder } from '../support/new-folder.ts';
import { stuckStore } from '../support/stuck-store.ts';
import { virtualClock } from '../support/virtual-clock.ts';
import { wholeLog } from '../support/whole-log.ts';

const folder = newFolder;
const opened: Entry = { seq: 1, at: '2026-01-01T00:00:00.000Z', by: 'user', type: 'opened', kind: 'coach', title: '' };
const said = (seq: number, text: string): Entry => ({ seq, at: '2026-01-01T00:00:01.000Z', by: 'ear', type: 'said', via: 'voice', text });

describe('memory', () => storeContract('memory', async () => memoryStore()));

describe('a store for which nobody waits for ever', () => {
  const patience = { storage: 10_000, erasing: 60_000 };
  storeContract('punctual', async () => punctualStore(memoryStore(), virtualClock(), patience));

  test('S16 what it still owes to a conversation comes first: until then nothing of it is read or written, and others go on', async () => {
    const clock = virtualClock();
    const disk = stuckStore(memoryStore());
    const store = punctualStore(disk.store, clock, patience);
    await store.append('a', [opened]);
    await store.append('b', [opened]);
    const slow = expect.objectContaining({ code: 'storage_slow', after: expect.any(Number) });
    disk.stick();
    const late = expect(store.append('a', [said(2, 'late')])).rejects.toEqual(slow);
    await clock.advance(10_001);
    await late;
    await expect(store.append('a', [said(2, 'forked')])).rejects.toEqual(slow);
    await expect(wholeLog(store, 'a')).rejects.toEqual(slow);
    const erased = store.erase('a');
    const other = wholeLog(store, 'b');
    disk.goOn();
    expect(await other).toEqual([opened]);
    await erased;
    expect(await wholeLog(store, 'a')).toEqual([]);
    expect(clock.sleepers).toBe(0);
  });

  test('S17 a reader is told where the store stops in the middle, and not where it is merely slow', async () => {
    const clock = virtualClock();
    const never = new AbortController().signal;
    const steps = [9_000, 9_000, 10_002, 1];
    const slowly: Store = {
      ...memoryStore(),
      async *read() {
        for (const [index, ms] of steps.entries()) {
          await clock.sleep(ms, never);
          yield [said(index + 1, 'slowly')];
        }
      },
    };
    const read: Entry[] = [];
    const reading = (async () => {
      for await (const page of punctualStore(slowly, clock, patience).read('a')) read.push(...page);
    })();
    const told = expect(reading).rejects.toMatchObject({ code: 'storage_slow' });
    await clock.advance(28_000);
    expect(read).toHaveLength(2);
    await clock.advance(1);
    await told;
    await clock.advance(100_000);
    expect(read).toHaveLength(2);
    expect(clock.sleepers).toBe(0);
  });
});

describe('sqlite', () => {
  storeContract('sqlite', () => sqliteStore(join(folder(), 'aside.db')));

  test('S6 what was appended is there when the file is opened again', async () => {
    const path = join(folder(), 'aside.db');
    const before = await sqliteStore(path);
    await before.append('a', [opened, said(2, 'kept')]);
    await before.close();
    const after = await sqliteStore(path);
    expect(await wholeLog(after, 'a')).toEqual([opened, said(2, 'kept')]);
    await after.close();
  });

  test('S29 what is new is brought home a little at a time, so that nobody waits for much of it', async () => {
    const path = join(folder(), 'aside.db');
    const store = await sqliteStore(path);
    await store.append('a', [opened]);
    for (let seq = 2; seq <= 400; seq += 1) await store.append('a', [said(seq, `line ${seq}`)]);
    // a line takes about 5 KiB of it, and a hundred lines are brought home at once
    expect(statSync(`${path}-wal`).size).toBeLessThan(1_200_000);
    await store.close();
  });

  test('S30 entries come page by page, the next asked for while one is read, and all of them that stand before damage', async () => {
    const path = join(folder(), 'aside.db');
    const before = new SqliteLog({ path });
    const log = [opened, ...Array.from({ length: 1_199 }, (_, index) => said(index + 2, 'kept'))];
    before.together([log.slice(0, 640), ...log.slice(640).map((entry) => [entry])].map((entries) => ({ type: 'append' as const, id: 'a', entries })));
    before.close();
    const db = new DatabaseSync(path);
    db.exec("update entries set body = zeroblob(length(body)) where id = 'a' and seq = 700");
    db.close();
    const file = new SqliteLog({ path });
    const asked: number[] = [];
    const answer = async (question: Question): Promise<unknown> => {
      if (question.type !== 'read') throw new Error('this is only to be read');
      asked.push(question.after);
      return file.read(question.id, question.after, question.limit);
    };
    const store = punctualStore(
      askedStore(file.epoch, answer as Ask, async () => file.close()),
      virtualClock(),
      { storage: 10_000, erasing: 120_000 },
    );
    for await (const page of store.read('a')) {
      expect(page.length).toBe(512);
      break;
    }
    // what is read no further is asked for no further, and its damage is nobody’s
    expect(asked).toEqual([0, 512]);
    const pages: (readonly Entry[])[] = [];
    const reading = async () => {
      for await (const page of store.read('a')) pages.push(page);
    };
    await expect(reading()).rejects.toMatchObject({ code: 'storage_damaged' });
    expect(pages.map(({ length }) => length)).toEqual([512, 128, 32, 16, 8, 2, 1]);
    expect(pages.flat()).toEqual(log.slice(0, 699));
    // whoever begins within a sheet reads whole ones from its end on
    for await (const page of store.read('a', 70)) {
      expect(page).toEqual(log.slice(70, 9 * sheet));
      break;
    }
    await store.close();
  });

  test('S31 what was written line by line is bound together once nobody asks anything, though the last line filled the sheet', async () => {
    const path = join(folder(), 'aside.db');
    const store = await sqliteStore(path);
    await store.append('a', [opened, ...Array.from({ length: 62 }, (_, index) => said(index + 2, 'kept'))]);
    await store.append('a', [said(64, 'the last')]);
    const before = statSync(path).mtimeMs;
    await expect.poll(() => statSync(path).mtimeMs, { timeout: 10_000, interval: 25 }).toBeGreaterThan(before);
    expect((await wholeLog(store, 'a')).length).toBe(64);
    await store.close();
    const db = new DatabaseSync(path);
    expect(db.prepare("select count(*) as rows from entries where id = 'a'").get()).toEqual({ rows: 1 });
    db.close();
  });

  test('S9 a full disk is one clear sentence, and space heals it', async () => {
    const store = await sqliteStore(join(folder(), 'aside.db'), { pages: 12 });
    await store.append('a', [opened]);
    await expect(store.append('a', [said(2, 'x'.repeat(100_000))])).rejects.toMatchObject({
      code: 'storage_full',
      message: expect.stringContaining('disk is full'),
    });
    await store.append('a', [said(2, 'small enough')]);
    expect((await wholeLog(store, 'a')).length).toBe(2);
    await store.close();
  });

  test('S12 a file that is no log is told so, by name', async () => {
    const path = join(folder(), 'aside.db');
    writeFileSync(path, 'this is somebody’s shopping list, and no database at all'.repeat(100));
    await expect(sqliteStore(path)).rejects.toMatchObject({
      code: 'storage_damaged',
      message: expect.stringContaining('aside.db in the data folder is damaged'),
    });
  });

  test('S10 two processes on one file would number entries twice: the second is refused in words', async () => {
    const path = join(folder(), 'aside.db');
    const one = await sqliteStore(path);
    await one.append('a', [opened]);
    await expect(sqliteStore(path)).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringContaining('already using this data folder'),
    });
    await one.close();
  });
});
