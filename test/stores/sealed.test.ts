import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/core/entry.ts';
import { sweepKept } from '../../src/core/retention.ts';
import { sqliteStore } from '../../src/stores/sqlite.ts';
import { SqliteLog } from '../../src/stores/sqlite-log.ts';
import { pageSize } from '../../src/stores/sqlite-margin.ts';
import { newFolder } from '../support/new-folder.ts';
import { virtualClock } from '../support/virtual-clock.ts';
import { wholeLog } from '../support/whole-log.ts';

const opened: Entry = { seq: 1, at: '2026-01-01T00:00:00.000Z', by: 'user', type: 'opened', kind: 'coach', title: 'sentinel-title' };
const said = (seq: number, text: string): Entry => ({ seq, at: '2026-01-02T03:04:05.678Z', by: 'ear', type: 'said', via: 'voice', text });
const log = [opened, ...Array.from({ length: 40 }, (_, index) => said(index + 2, `sentinel-4711 line ${index}`))];
const words = ['sentinel-title', 'sentinel-4711', 'said', '2026-01-02T03:04'];
const databaseFiles = (folder: string) =>
  readdirSync(folder)
    .filter((file) => file !== 'aside.key')
    .map((file) => readFileSync(join(folder, file)));
const readable = (folder: string) => words.filter((word) => databaseFiles(folder).some((bytes) => bytes.includes(word)));

/** A data folder with one conversation in it; nobody has it open. */
async function filled(): Promise<{ folder: string; path: string; epoch: string }> {
  const folder = newFolder();
  const path = join(folder, 'aside.db');
  const store = await sqliteStore(path);
  await store.append('a', log);
  await store.append('b', log);
  for (const chunk of [1, 2]) await store.keepSound('b', chunk, Uint8Array.of(chunk));
  await store.close();
  return { folder, path, epoch: store.epoch };
}

/** Changes the file behind the store's back, and tells what a reader of conversation “a” gets then. */
async function tampered(change: string, id = 'a'): Promise<unknown> {
  const folder = newFolder();
  const path = join(folder, 'aside.db');
  const before = new SqliteLog({ path });
  for (const id of ['a', 'b']) expect(before.together([{ type: 'append', id, entries: log }])).toEqual([undefined]);
  before.close();
  const db = new DatabaseSync(path);
  db.exec(change);
  db.close();
  const after = new SqliteLog({ path });
  try {
    return JSON.parse(after.read(id, 0, 500).entries);
  } catch (error) {
    return error;
  } finally {
    after.close();
  }
}

const damaged = { code: 'storage_damaged', message: expect.stringMatching(/^Part of this conversation is no longer on disk .*backup, or erase/) };

describe('what is on disk is sealed', () => {
  test('D1 nobody reads a word or the time of a line in the files, while it is open or after', async () => {
    const { folder, path } = await filled();
    expect(readable(folder)).toEqual([]);
    const store = await sqliteStore(path);
    await store.append('c', log);
    // the database, what is new of it, and what was jotted down
    expect(databaseFiles(folder).length).toBe(3);
    expect(readable(folder)).toEqual([]);
    expect(await wholeLog(store, 'c')).toEqual(log);
    await store.close();
  });

  test('D2 a row that was changed, swapped, taken out, put back or cut off at the end is never handed out', async () => {
    expect(await tampered('')).toEqual(log);
    for (const change of [
      "update entries set body = (select body from entries where id = 'b' and seq = 20) where id = 'a' and seq = 20",
      "update entries set body = (select body from entries where id = 'a' and seq = 21) where id = 'a' and seq = 20",
      "delete from entries where id = 'a' and seq = 20",
      "delete from entries where id = 'a' and seq = 1",
      "delete from entries where id = 'a' and seq > 20",
      "delete from entries where id = 'a'",
      "delete from conversations where id = 'a'",
      "update conversations set last = 20 where id = 'a'",
      "update conversations set last = 0 where id = 'a'",
      "update conversations set kind = 'room' where id = 'a'",
      "update conversations set key = (select key from conversations where id = 'b') where id = 'a'",
      "update entries set seq = 42 where id = 'a' and seq = 41; update conversations set last = 42 where id = 'a'",
      "update entries set id = 'c' where id = 'a'; update conversations set id = 'c' where id = 'a'",
    ])
      expect(await tampered(change, change.includes("id = 'c'") ? 'c' : 'a'), change).toMatchObject(damaged);
  });

  test('D3 an older version of a line does not open where the newer one stood', async () => {
    const { path } = await filled();
    const db = new DatabaseSync(path);
    const [older] = db.prepare("select body from entries where id = 'a' and seq = 41").all();
    db.exec("delete from entries where id = 'a' and seq = 41; update conversations set last = 40 where id = 'a'");
    db.close();
    const store = await sqliteStore(path);
    await store.append('a', [said(41, 'another end'), said(42, 'and on')]);
    await store.close();
    const again = new DatabaseSync(path);
    again.prepare("update entries set body = ? where id = 'a' and seq = 41").run(older!.body!);
    again.close();
    const after = await sqliteStore(path);
    await expect(wholeLog(after, 'a')).rejects.toMatchObject(damaged);
    expect(await wholeLog(after, 'b')).toEqual(log);
    await after.close();
  });

  test('D4 a list with a conversation missing or renamed, or with sound that is not there or not told of, is refused', async () => {
    for (const change of [
      "delete from conversations where id = 'a'",
      "update conversations set at = '2020' where id = 'a'",
      "update conversations set sounds = 8 where id = 'a'",
      "update conversations set sounds = 0 where id = 'b'",
      "delete from sounds where id = 'b'",
    ]) {
      const { path } = await filled();
      const db = new DatabaseSync(path);
      db.exec(change);
      db.close();
      const store = await sqliteStore(path);
      await expect(Array.fromAsync(store.list())).rejects.toMatchObject({ code: 'storage_damaged' });
      await store.close();
    }
  });

  test('D4 what is certain of a damaged list is told before it is refused, and what was kept long enough of that goes', async () => {
    const { path } = await filled();
    const db = new DatabaseSync(path);
    db.exec("update conversations set at = '2020' where id = 'a'; update conversations set sounds = 8 where id = 'b'");
    db.close();
    const store = await sqliteStore(path);
    const told: string[] = [];
    const telling = async () => {
      for await (const { id, hasSound } of store.list()) told.push(`${id} ${hasSound}`);
    };
    await expect(telling()).rejects.toMatchObject({ code: 'storage_damaged' });
    expect(told).toEqual(['b true']);
    const keeping = { transcripts: 0, sound: 0 };
    const clock = virtualClock(Date.UTC(2100, 0));
    await expect(sweepKept({ store, erase: (id) => store.erase(id), clock, keeping })).rejects.toMatchObject({ code: 'storage_damaged' });
    expect(await wholeLog(store, 'b')).toEqual([]);
    await store.close();
  });

  test('D4 sound of which another number is told is refused, until all of it is let go of', async () => {
    const { path } = await filled();
    const db = new DatabaseSync(path);
    db.exec("update conversations set sounds = 3 where id = 'b'");
    db.close();
    const store = await sqliteStore(path);
    await expect(Array.fromAsync(store.sounds('b'))).rejects.toMatchObject(damaged);
    await store.dropSounds('b');
    expect(await Array.fromAsync(store.sounds('b'))).toEqual([]);
    expect((await Array.fromAsync(store.list())).map(({ id, hasSound }) => [id, hasSound])).toEqual([
      ['a', false],
      ['b', false],
    ]);
    await store.close();
  });

  test('D5 the store has a name that stays, and a new file has another', async () => {
    const one = await filled();
    const again = await sqliteStore(one.path);
    expect(again.epoch).toBe(one.epoch);
    expect(one.epoch).toMatch(/^[0-9a-f]{32}$/);
    await again.close();
    expect((await filled()).epoch).not.toBe(one.epoch);
  });
});

describe('the key', () => {
  test('D6 lies beside the database for this user only, and is made once', async () => {
    const { folder, path } = await filled();
    const key = readFileSync(join(folder, 'aside.key'));
    expect(key.length).toBe(32);
    expect(statSync(join(folder, 'aside.key')).mode & 0o777).toBe(0o600);
    await (await sqliteStore(path)).close();
    expect(readFileSync(join(folder, 'aside.key'))).toEqual(key);
  });

  test('D7 may be given instead, and then no file is made', async () => {
    const folder = newFolder();
    const path = join(folder, 'aside.db');
    const key = Buffer.alloc(32, 7);
    const store = await sqliteStore(path, { key });
    await store.append('a', log);
    await store.close();
    expect(existsSync(join(folder, 'aside.key'))).toBe(false);
    const again = await sqliteStore(path, { key });
    expect(await wholeLog(again, 'a')).toEqual(log);
    await again.close();
  });

  test('D8 that is missing or another ends the start in one sentence, and nothing is made over what there is', async () => {
    const { folder, path } = await filled();
    const file = join(folder, 'aside.key');
    const key = readFileSync(file);
    const before = readFileSync(path);
    rmSync(file);
    await expect(sqliteStore(path)).rejects.toMatchObject({
      code: 'settings',
      message: expect.stringMatching(/^The data folder has an aside.db but no aside.key, .*Put aside.key back, set DATA_KEY, or move aside.db away/),
    });
    expect(existsSync(file)).toBe(false);
    await expect(sqliteStore(path, { key: Buffer.alloc(32, 7) })).rejects.toMatchObject({
      code: 'storage_damaged',
      message: expect.stringMatching(/^The key does not open aside.db: .*belong together/),
    });
    writeFileSync(file, 'too short');
    await expect(sqliteStore(path)).rejects.toMatchObject({ code: 'settings', message: expect.stringContaining('should be 32 bytes') });
    expect(readFileSync(path)).toEqual(before);
    writeFileSync(file, key);
    const store = await sqliteStore(path);
    expect(await wholeLog(store, 'a')).toEqual(log);
    await store.close();
  });
});

describe('a database of before', () => {
  /** What Aside wrote before anything was sealed. */
  function plain(path: string): void {
    const db = new DatabaseSync(path);
    db.exec(`
      pragma journal_mode = wal;
      create table if not exists conversations (id text primary key, kind text not null, at text not null) without rowid;
      create table if not exists entries (id text not null, seq integer not null, at text not null, type text not null, body text not null, primary key (id, seq)) without rowid;
    `);
    for (const id of ['a', 'b']) {
      db.prepare('insert into conversations values (?, ?, ?)').run(id, 'coach', opened.at);
      for (const entry of log)
        db.prepare('insert into entries values (?, ?, ?, ?, ?)').run(id, entry.seq, entry.at, entry.type, JSON.stringify(entry));
    }
    db.close();
  }

  test('D9 is sealed once, with everything in it, and no plain word stays', async () => {
    const folder = newFolder();
    const path = join(folder, 'aside.db');
    plain(path);
    expect(readable(folder)).toEqual(words);
    const store = await sqliteStore(path);
    for (const id of ['a', 'b']) expect(await wholeLog(store, id)).toEqual(log);
    expect((await Array.fromAsync(store.list())).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(readable(folder)).toEqual([]);
    await store.append('a', [said(42, 'sentinel-4711 after')]);
    await store.close();
    const again = await sqliteStore(path);
    expect(again.epoch).toBe(store.epoch);
    expect((await wholeLog(again, 'a')).length).toBe(42);
    await again.close();
    expect(readable(folder)).toEqual([]);
    // pages of another size would keep copies of what is erased
    const db = new DatabaseSync(path);
    expect({ ...db.prepare('pragma page_size').get(), ...db.prepare('pragma user_version').get() }).toEqual({ page_size: pageSize, user_version: 3 });
    // as a crash leaves it between sealing and cleaning
    db.exec('pragma user_version = 1');
    db.close();
    const cleaned = await sqliteStore(path);
    expect((await wholeLog(cleaned, 'a')).length).toBe(42);
    await cleaned.close();
  });

  test('D11 that a newer Aside wrote is left alone', async () => {
    const { path } = await filled();
    const db = new DatabaseSync(path);
    db.exec('pragma user_version = 4');
    db.close();
    await expect(sqliteStore(path)).rejects.toMatchObject({ code: 'storage_failed', message: expect.stringContaining('written by a newer Aside') });
  });

  test('D10 that is damaged stays as it was, and is told so', async () => {
    const path = join(newFolder(), 'aside.db');
    plain(path);
    const db = new DatabaseSync(path);
    db.exec("delete from entries where id = 'a' and seq = 7");
    db.close();
    await expect(sqliteStore(path)).rejects.toMatchObject({ code: 'storage_failed' });
    const after = new DatabaseSync(path);
    expect(after.prepare("select count(*) as rows from entries where type = 'said'").get()).toEqual({ rows: 79 });
    after.close();
  });
});
