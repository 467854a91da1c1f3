import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/core/entry.ts';
import { tombstone } from '../../src/core/forgetting.ts';
import type { Store } from '../../src/core/ports.ts';
import { halves } from '../../src/stores/jottings.ts';
import { sqliteStore } from '../../src/stores/sqlite.ts';
import { SqliteLog } from '../../src/stores/sqlite-log.ts';
import { jottedStore } from '../support/jotted-store.ts';
import { newFolder } from '../support/new-folder.ts';
import { jottedIn, remainsOf } from '../support/remains.ts';
import { seeded } from '../support/speech-like.ts';
import { tier } from '../support/tier.ts';
import { wholeLog } from '../support/whole-log.ts';

const opened: Entry = { seq: 1, at: '2026-01-01T00:00:00.000Z', by: 'user', type: 'opened', kind: 'coach', title: '' };
const said = (seq: number, text: string): Entry => ({ seq, at: '2026-01-01T00:00:01.000Z', by: 'ear', type: 'said', via: 'voice', text });
const from2 = (count: number, text: string): Entry[] => Array.from({ length: count }, (_, index) => said(index + 2, `${text} ${index}`));
const full = { code: 'storage_full' };

/** What a service would find that starts now, if this one were gone. */
async function foundBy(folder: string, ids: readonly string[]): Promise<Record<string, readonly Entry[]>> {
  const copy = newFolder();
  cpSync(folder, copy, { recursive: true });
  const { store } = await jottedStore(copy);
  const found = Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await wholeLog(store, id)] as const)));
  await store.close();
  rmSync(copy, { recursive: true });
  return found;
}

const jotFile = (folder: string) => join(folder, 'aside.jot');

async function eachAppended(store: Store, id: string, lines: readonly Entry[]): Promise<void> {
  for (const line of lines) await store.append(id, [line]);
}

describe('lines are jotted down before the database has them', () => {
  test('J1 a line is safe as soon as it is acknowledged, though the database does not have it yet', async () => {
    const folder = newFolder();
    const { store, log } = await jottedStore(folder);
    const lines = from2(20, 'kept');
    await store.append('a', [opened]);
    await eachAppended(store, 'a', lines);
    expect(JSON.parse(log.read('a', 0, 100).entries)).toEqual([opened]);
    expect(await foundBy(folder, ['a'])).toEqual({ a: [opened, ...lines] });
    // whoever reads it brings it into the database
    expect(await wholeLog(store, 'a')).toEqual([opened, ...lines]);
    expect(JSON.parse(log.read('a', 0, 100).entries)).toEqual([opened, ...lines]);
    await store.close();
  });

  test('J2 nobody has to ask: soon the database has them', async () => {
    const { store, log } = await jottedStore(newFolder());
    await store.append('a', [opened]);
    await eachAppended(store, 'a', from2(3, 'kept'));
    await expect.poll(() => JSON.parse(log.read('a', 0, 100).entries).length, { timeout: 10_000, interval: 25 }).toBe(4);
    await store.close();
  });

  test('J3 more than fits is kept all the same, in order', async () => {
    const folder = newFolder();
    const { store } = await jottedStore(folder);
    const lines = from2(1_500, 'x'.repeat(900));
    await Promise.all(['a', 'b'].map((id) => store.append(id, [opened]).then(() => eachAppended(store, id, lines))));
    const whole = [opened, ...lines];
    expect(await foundBy(folder, ['a', 'b'])).toEqual({ a: whole, b: whole });
    await store.close();
    expect(await foundBy(folder, ['a', 'b'])).toEqual({ a: whole, b: whole });
  });

  test.for(Array.from({ length: tier({ quick: 6, long: 200 }) }, (_, index) => index + 1))(
    'J4 whatever was appended, read, taken off the record and erased, and whenever the disk was full: a service that starts at any moment finds what was acknowledged (program %i)',
    { timeout: 60_000 },
    async (seed) => {
      const random = seeded(seed);
      const below = (limit: number) => Math.floor(random() * limit);
      const folder = newFolder();
      const { store, disk } = await jottedStore(folder);
      type Talk = { kept: Entry[]; coming: Entry[]; goes?: number; erasing: boolean };
      const anew = (): Talk => ({ kept: [], coming: [], erasing: false });
      const ids = ['a', 'b', 'c'];
      const talks: Record<string, Talk> = Object.fromEntries(ids.map((id) => [id, anew()]));
      let ended = false;

      async function people(id: string): Promise<void> {
        for (let step = 0; step < 60; step += 1) {
          const talk = talks[id]!;
          const what = below(100);
          const seq = talk.kept.length + 1;
          if (what < 80 || seq < 3) {
            talk.coming = seq === 1 ? [opened] : Array.from({ length: 1 + below(3) }, (_, index) => said(seq + index, 'and on '.repeat(below(60))));
            const error = await store.append(id, talk.coming).catch((error) => error);
            if (error) expect(error).toMatchObject(full);
            else talk.kept.push(...talk.coming);
            talk.coming = [];
          } else if (what < 90) expect(await wholeLog(store, id)).toEqual(talk.kept);
          else if (what < 95) {
            talk.goes = 2 + below(talk.kept.length - 1);
            const error = await store.scrub(id, [talk.goes]).catch((error) => error);
            if (error) expect(error).toMatchObject(full);
            // it may have been done though what lay beside it could not be cleaned up
            if (!error || (await wholeLog(store, id))[talk.goes - 1]!.type === 'removed')
              talk.kept[talk.goes - 1] = tombstone(talk.kept[talk.goes - 1]!);
            delete talk.goes;
          } else if (what < 97) {
            talk.erasing = true;
            await store.erase(id).catch((error) => expect(error).toMatchObject(full));
            talks[id] = anew();
          } else disk.full = !disk.full;
        }
      }

      async function crashes(): Promise<void> {
        while (!ended) {
          for (let wait = below(40); wait > 0; wait -= 1) await turn();
          const should = structuredClone(talks);
          for (const [id, found] of Object.entries(await foundBy(folder, ids))) {
            const { kept, coming, goes, erasing } = should[id]!;
            if (erasing && found.length === 0) continue;
            const all = [...kept, ...coming].map((entry) => (entry.seq === goes && found[goes - 1]?.type === 'removed' ? tombstone(entry) : entry));
            expect(found.length).toBeGreaterThanOrEqual(kept.length);
            expect(found).toEqual(all.slice(0, found.length));
          }
        }
      }

      await Promise.all([Promise.all(ids.map(people)).finally(() => (ended = true)), crashes()]);
      disk.full = false;
      await store.close();
      const last = await foundBy(folder, ids);
      for (const id of ids) expect(last[id]).toEqual(talks[id]!.kept);
    },
  );

  test('J5 a file that is cut or garbled anywhere gives all that stands before that place, and nothing that was not said', async () => {
    const random = seeded(5);
    const folder = newFolder();
    const { store } = await jottedStore(folder);
    await store.append('a', [opened]);
    const lines = from2(40, 'kept');
    await eachAppended(store, 'a', lines);
    const left = newFolder();
    cpSync(folder, left, { recursive: true });
    await store.close();
    const before = jottedIn(left);
    expect(before.length).toBe(40);
    const end = before.at(-1)!.at + before.at(-1)!.bytes.length;
    for (let time = 0; time < 40; time += 1) {
      const copy = newFolder();
      cpSync(left, copy, { recursive: true });
      const place = halves[0]! + Math.floor(random() * (end - halves[0]!));
      const bytes = readFileSync(jotFile(copy));
      if (random() < 0.5) bytes.fill(0, place);
      else bytes[place]! ^= 1 + Math.floor(random() * 255);
      writeFileSync(jotFile(copy), bytes);
      const whole = before.filter(({ at, bytes }) => at + 8 + bytes.length <= place).length;
      expect(await foundBy(copy, ['a'])).toEqual({ a: [opened, ...lines.slice(0, whole)] });
    }
  });

  test('J6 a file that is none is made anew', async () => {
    const folder = newFolder();
    await (await jottedStore(folder)).store.close();
    truncateSync(jotFile(folder), 100);
    const { store } = await jottedStore(folder);
    await store.append('a', [opened]);
    await eachAppended(store, 'a', from2(3, 'kept'));
    expect(await foundBy(folder, ['a'])).toEqual({ a: [opened, ...from2(3, 'kept')] });
    await store.close();
  });

  test.for(['erased', 'off the record'])('T25 J7 what is %s is not in the file either, not even sealed, while others go on', async (how) => {
    const folder = newFolder();
    const store = await sqliteStore(join(folder, 'aside.db'));
    for (const id of ['a', 'b']) await store.append(id, [opened]);
    await eachAppended(store, 'b', from2(20, 'to go'));
    const jotted = jottedIn(folder).map(({ bytes }) => bytes);
    expect(jotted.length).toBe(20);
    const others = eachAppended(store, 'a', from2(40, 'meanwhile'));
    await (how === 'erased' ? store.erase('b') : store.scrub('b', [2, 21]));
    expect(remainsOf(jotted, folder)).toEqual([]);
    await others;
    expect(await wholeLog(store, 'a')).toEqual([opened, ...from2(40, 'meanwhile')]);
    await store.close();
    expect(remainsOf(jotted, folder)).toEqual([]);
  });

  test('J8 what the database has no room for can be read, outlives a restart, and is brought home when there is room', async () => {
    const folder = newFolder();
    const path = join(folder, 'aside.db');
    const pages = 120;
    let store = await sqliteStore(path, { pages });
    for (const id of ['a', 'b']) await store.append(id, [opened]);
    const lines = from2(300, 'y'.repeat(500));
    let kept = 0;
    const error = await eachAppended(
      {
        ...store,
        append: async (id, entries) => {
          await store.append(id, entries);
          kept += 1;
        },
      },
      'a',
      lines,
    ).catch((error) => error);
    // a quick machine has jotted all of them down before the database was asked
    if (error) expect(error).toMatchObject(full);
    const whole = [opened, ...lines.slice(0, kept)];
    expect(await wholeLog(store, 'a')).toEqual(whole);
    await expect(store.append('a', [said(kept + 2, 'no room')])).rejects.toMatchObject(full);
    await expect(store.scrub('a', [2])).rejects.toMatchObject(full);
    await store.close();
    for (const room of [pages, pages]) {
      store = await sqliteStore(path, { pages: room });
      expect(await wholeLog(store, 'a')).toEqual(whole);
      expect(await wholeLog(store, 'b')).toEqual([opened]);
      await expect(store.append('a', [said(kept + 2, 'no room')])).rejects.toMatchObject(full);
      await store.close();
    }
    const log = new SqliteLog({ path });
    expect(JSON.parse(log.read('a', 0, 1_000).entries).length).toBeLessThan(whole.length);
    log.close();
    store = await sqliteStore(path);
    expect(await wholeLog(store, 'a')).toEqual(whole);
    await store.append('a', [said(kept + 2, 'room')]);
    await store.close();
    // without the file: all of it is in the database
    rmSync(jotFile(folder));
    store = await sqliteStore(path);
    expect(await wholeLog(store, 'a')).toEqual([...whole, said(kept + 2, 'room')]);
    await store.close();
  });

  test('J9 erasing makes room where there was none', async () => {
    const folder = newFolder();
    const store = await sqliteStore(join(folder, 'aside.db'), { pages: 120 });
    for (const id of ['a', 'b']) await store.append(id, [opened]);
    await store.append('b', from2(2, 'b'));
    await expect(eachAppended(store, 'a', from2(1_000, 'y'.repeat(500)))).rejects.toMatchObject(full);
    await store.erase('a');
    expect(await wholeLog(store, 'a')).toEqual([]);
    await store.append('b', [said(4, 'room again')]);
    expect((await wholeLog(store, 'b')).length).toBe(4);
    await store.close();
    expect(await foundBy(folder, ['a', 'b'])).toEqual({ a: [], b: [opened, ...from2(2, 'b'), said(4, 'room again')] });
  });

  test('J12 what is opened anew under an id gets no line of the one that was erased, though that could not be cleaned up then', async () => {
    const folder = newFolder();
    const { store, disk } = await jottedStore(folder);
    for (const id of ['a', 'b']) await store.append(id, [opened]);
    for (const id of ['a', 'b']) await eachAppended(store, id, from2(2, 'old'));
    disk.full = true;
    await expect(store.scrub('a', [2])).rejects.toMatchObject(full);
    await expect(store.erase('b')).rejects.toMatchObject(full);
    await expect(store.append('b', [opened])).rejects.toMatchObject(full);
    disk.full = false;
    await store.append('b', [opened]);
    expect(await foundBy(folder, ['a', 'b'])).toEqual({ a: [opened, ...from2(2, 'old')], b: [opened] });
    await store.close();
  });

  test('J10 where nothing can be jotted down any more, lines go into the database, and nothing is called erased that may still stand there', async () => {
    // a file that takes nothing
    const { store, log } = await jottedStore(newFolder(), '/dev/full');
    for (const id of ['a', 'b']) await store.append(id, [opened]);
    await Promise.all(['a', 'b'].map((id) => eachAppended(store, id, from2(5, 'kept'))));
    expect(JSON.parse(log.read('b', 0, 100).entries)).toEqual([opened, ...from2(5, 'kept')]);
    expect(await wholeLog(store, 'a')).toEqual([opened, ...from2(5, 'kept')]);
    await expect(store.erase('a')).rejects.toMatchObject(full);
    expect(await wholeLog(store, 'a')).toEqual([]);
    await store.append('c', [opened]);
    await store.close();
  });

  test('J11 a second process touches nothing of what the first has jotted down', async () => {
    const folder = newFolder();
    const path = join(folder, 'aside.db');
    const one = await sqliteStore(path);
    await one.append('a', [opened]);
    await eachAppended(one, 'a', from2(5, 'kept'));
    const before = readFileSync(jotFile(folder));
    await expect(sqliteStore(path)).rejects.toMatchObject({ code: 'storage_failed' });
    expect(readFileSync(jotFile(folder)).equals(before)).toBe(true);
    expect((await wholeLog(one, 'a')).length).toBe(6);
    await one.close();
  });

  test('J13 a database of before can be put back beside what was jotted down since', async () => {
    const folder = newFolder();
    const { store } = await jottedStore(folder);
    await store.append('a', [opened]);
    await store.close();
    const backup = readFileSync(join(folder, 'aside.db'));
    const again = (await jottedStore(folder)).store;
    await again.append('a', from2(2, 'since'));
    await eachAppended(again, 'a', [said(4, 'jotted'), said(5, 'jotted')]);
    await again.close();
    writeFileSync(join(folder, 'aside.db'), backup);
    expect(await foundBy(folder, ['a'])).toEqual({ a: [opened] });
  });

  test('J14 whoever reads does not wait for what others say meanwhile', async () => {
    const { store } = await jottedStore(newFolder());
    const ids = Array.from({ length: 20 }, (_, index) => `talk-${index}`);
    for (const id of ids) await store.append(id, [opened]);
    let lines = 0;
    let done = false;
    const talking = ids.map(async (id) => {
      for (let seq = 2; !done && seq < 400; seq += 1) {
        await store.append(id, [said(seq, 'and on '.repeat(20))]);
        lines += 1;
      }
    });
    await expect.poll(() => lines, { interval: 1 }).toBeGreaterThan(100);
    const before = lines;
    expect((await wholeLog(store, ids[0]!)).length).toBeGreaterThan(1);
    const meanwhile = lines - before;
    done = true;
    await Promise.all(talking);
    // a half takes two thousand of them
    expect(meanwhile).toBeLessThan(1_000);
    await store.close();
  });

  test('J15 a conversation that cannot go on holds up nobody else', async () => {
    const folder = newFolder();
    const { store, disk } = await jottedStore(folder);
    for (const id of ['a', 'b', 'c']) await store.append(id, [opened]);
    for (const id of ['a', 'b', 'c']) await eachAppended(store, id, from2(3, 'kept'));
    disk.damaged = 'a';
    await store.erase('b');
    await store.append('c', [said(5, 'and on')]);
    expect((await wholeLog(store, 'c')).length).toBe(5);
    await store.close();
  });

  test('J16 what could not be erased is all there', async () => {
    const folder = newFolder();
    const { store, disk } = await jottedStore(folder);
    await store.append('a', [opened]);
    await eachAppended(store, 'a', from2(3, 'kept'));
    disk.keeps = true;
    await expect(store.erase('a')).rejects.toMatchObject(full);
    expect(await wholeLog(store, 'a')).toEqual([opened, ...from2(3, 'kept')]);
    expect(await foundBy(folder, ['a'])).toEqual({ a: [opened, ...from2(3, 'kept')] });
    await store.close();
  });

  test.for([1, 2, 3, 4])('J17 an erasure that is under way is done before the store is closed (%i turns of the loop later)', async (turns) => {
    const folder = newFolder();
    const { store } = await jottedStore(folder);
    await store.append('a', [opened]);
    // in both halves
    await eachAppended(store, 'a', from2(20, 'to go'));
    await wholeLog(store, 'a');
    await store.append('a', [said(22, 'to go')]);
    const jotted = jottedIn(folder).map(({ bytes }) => bytes);
    const erased = store.erase('a');
    erased.catch(() => undefined);
    for (let count = 0; count < turns; count += 1) await turn();
    await store.close();
    await erased;
    expect(remainsOf(jotted, folder)).toEqual([]);
  });

  test('J18 whoever has lost the database jots nothing down any more: the file may be another’s by then', async () => {
    const folder = newFolder();
    const { store, lose, log } = await jottedStore(folder);
    await store.append('a', [opened]);
    await store.append('a', [said(2, 'jotted')]);
    lose();
    await store.append('a', [said(3, 'not jotted')]);
    expect(jottedIn(folder).length).toBe(1);
    expect(JSON.parse(log.read('a', 0, 100).entries).length).toBe(3);
    await store.close();
  });

  test('J19 a file of a newer version is refused in words, and left as it is', async () => {
    const folder = newFolder();
    await (await jottedStore(folder)).store.close();
    const file = readFileSync(jotFile(folder));
    file.write('aside jottings 2\n');
    writeFileSync(jotFile(folder), file);
    await expect(sqliteStore(join(folder, 'aside.db'))).rejects.toMatchObject({ code: 'settings', message: expect.stringContaining('newer Aside') });
    expect(readFileSync(jotFile(folder)).equals(file)).toBe(true);
  });
});
