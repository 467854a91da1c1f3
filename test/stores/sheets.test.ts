import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/core/entry.ts';
import { tombstone } from '../../src/core/forgetting.ts';
import { newKey } from '../../src/stores/seal.ts';
import { type Known, noTag } from '../../src/stores/sealed.ts';
import { bound, endOf, openWanted, type Row, sealAnew, sealNext, sheet, startOf, wanted } from '../../src/stores/sheets.ts';
import { SqliteLog } from '../../src/stores/sqlite-log.ts';
import { newFolder } from '../support/new-folder.ts';
import { remainsOf, sealedOf } from '../support/remains.ts';
import { seeded } from '../support/speech-like.ts';

const opened: Entry = { seq: 1, at: '2026-01-01T00:00:00.000Z', by: 'user', type: 'opened', kind: 'coach', title: 'a title' };
const said = (seq: number, text = `line ${seq}`): Entry => ({ seq, at: '2026-01-02T03:04:05.678Z', by: 'ear', type: 'said', via: 'voice', text });
const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => (from + index === 1 ? opened : said(from + index)));
const damaged = { code: 'storage_damaged' };

/** What a database does with rows, and nothing else. */
function shelf() {
  const rows = new Map<number, Row>();
  let known: Known = { key: newKey(), last: 0, tag: noTag, sounds: 0 };
  const between = ({ from, last }: { from: number; last: number }) => {
    const all = [...rows.values()].sort((one, other) => one.seq - other.seq);
    const first = all.findLast(({ seq }) => seq < from)?.seq ?? from;
    return all.filter(({ seq }) => seq >= first && seq <= last);
  };
  const keep = (done: { rows: Row[]; known: Known }) => {
    for (const row of done.rows) rows.set(row.seq, row);
    known = done.known;
  };
  return {
    rows,
    append: (entries: readonly Entry[]) => keep(sealNext('a', known, entries)),
    read(after: number, limit: number): Entry[] {
      const part = wanted(known, after, limit);
      return JSON.parse(openWanted('a', known, between(part), part));
    },
    scrub: (gone: readonly number[]) => keep(sealAnew('a', known, between(wanted(known, Math.min(...gone) - 1, known.last)), new Set(gone))),
    bind(start: number): boolean {
      const row = bound('a', known, between({ from: start, last: endOf(start) }), start);
      if (!row) return false;
      for (let seq = start; seq <= endOf(start); seq += 1) rows.delete(seq);
      rows.set(start, row);
      return true;
    },
  };
}

/** Two hundred entries that came one by one, and their rows before and after three sheets were bound. */
function twoHundred() {
  const here = shelf();
  for (const entry of lines(1, 200)) here.append([entry]);
  const older = new Map(here.rows);
  for (const start of [1, 65, 129]) here.bind(start);
  return { here, older, sheets: new Map(here.rows) };
}

describe('entries that are bound to sheets', () => {
  test('H1 whatever is appended, bound and taken off the record, in whatever order, reads as it was written from anywhere', () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const random = seeded(seed);
      const below = (limit: number) => Math.floor(random() * limit);
      const here = shelf();
      let should: Entry[] = [];
      for (let turn = 0; turn < 120; turn += 1) {
        const last = should.length;
        const what = last < 2 ? 0 : below(10);
        if (what < 3) {
          const fresh = lines(last + 1, last + 1 + below(turn % 10 === 0 ? 150 : 12));
          here.append(fresh);
          should = [...should, ...fresh];
        } else if (what === 3) {
          const gone = new Set(Array.from({ length: 1 + below(3) }, () => 2 + below(last - 1)));
          here.scrub([...gone]);
          should = should.map((entry) => (gone.has(entry.seq) ? tombstone(entry) : entry));
        } else if (what < 6) {
          const start = startOf(1 + below(last));
          if (endOf(start) <= last) here.bind(start);
        }
        const [after, limit] = [below(should.length), 1 + below(turn % 2 === 0 ? 5 : 300)];
        expect(here.read(after, limit)).toEqual(should.slice(after, after + limit));
      }
      expect(here.read(0, should.length)).toEqual(should);
      expect(here.rows.size).toBeLessThan(should.length);
    }
  });

  test('H2 many at once are bound as they come, and what is bound is not bound again', () => {
    const here = shelf();
    here.append(lines(1, 200));
    expect([...here.rows.keys()]).toEqual([1, 65, 129, ...lines(193, 200).map(({ seq }) => seq)]);
    expect(here.bind(1)).toBe(false);
    here.append(lines(201, 300));
    expect(here.bind(193)).toBe(true);
    expect(here.bind(193)).toBe(false);
    expect(here.read(190, 70).map(({ seq }) => seq)).toEqual(lines(191, 260).map(({ seq }) => seq));
  });

  test('H3 binding changes nothing that follows', () => {
    const here = shelf();
    for (const entry of lines(1, 130)) here.append([entry]);
    const behind = [...here.rows.values()].filter(({ seq }) => seq > 64);
    here.bind(1);
    expect([...here.rows.values()].filter(({ seq }) => seq > 64)).toEqual(behind);
    expect(here.read(0, 130)).toEqual(lines(1, 130));
  });

  test('H4 nobody gives a number that was given, or whose turn has not come', () => {
    const here = shelf();
    here.append(lines(1, 70));
    for (const wrong of [lines(70, 71), lines(72, 73), [said(71), said(73)]])
      expect(() => here.append(wrong)).toThrow(expect.objectContaining({ code: 'storage_failed' }));
    expect(here.read(0, 99)).toEqual(lines(1, 70));
  });

  test('H5 a sheet that was changed, moved, swapped, taken out or taken apart is never handed out; its own entries in its place are', () => {
    const { here: single, older, sheets } = twoHundred();
    const put = (rows: ReadonlyMap<number, Row>) => {
      single.rows.clear();
      for (const [seq, row] of rows) single.rows.set(seq, row);
    };
    const without = (...seqs: number[]) => new Map([...sheets].filter(([seq]) => !seqs.includes(seq)));
    const body = (seq: number) => sheets.get(seq)!.body;
    const turned = (bytes: Uint8Array, at: number) =>
      Uint8Array.from(bytes, (byte, index) => (index === (at + bytes.length) % bytes.length ? byte ^ 1 : byte));
    const as = (seq: number, changed: Uint8Array) => new Map(sheets).set(seq, { seq, body: changed });
    const faults: Record<string, ReadonlyMap<number, Row>> = {
      'without the first': without(1),
      'without one': without(65),
      'without the last': without(129),
      'without its end': new Map([...sheets].filter(([seq]) => seq <= 129)),
      'with nothing': new Map(),
      'another instead': as(65, body(129)),
      'a single one instead': as(65, older.get(65)!.body),
      'its last one instead': as(65, older.get(128)!.body),
      'a bit of its words': as(65, turned(body(65), 40)),
      'a bit of its own seal': as(65, turned(body(65), -20)),
      'a bit of the seal that it hands on': as(65, turned(body(65), -1)),
      'cut off': as(65, body(65).subarray(0, 20)),
      'a single one beside it': new Map(sheets).set(66, older.get(66)!),
      'half taken apart': new Map([...sheets, ...[...older].filter(([seq]) => seq >= 65 && seq < 96)]),
      'an entry called a sheet': new Map([...older].filter(([seq]) => seq < 66 || seq > 128)),
    };
    for (const [fault, rows] of Object.entries(faults)) {
      put(rows);
      expect(() => single.read(0, 200), fault).toThrow(expect.objectContaining(damaged));
    }
    put(new Map([...sheets, ...[...older].filter(([seq]) => seq >= 65 && seq <= 128)]));
    expect(single.read(0, 200)).toEqual(lines(1, 200));
  });

  test('H9 what stands before a gap or before damage is given, as far as its own rows are there', () => {
    const { here, older: single, sheets } = twoHundred();
    const readTo = (rows: ReadonlyMap<number, Row>, gone: number, to: number) => {
      here.rows.clear();
      for (const [seq, row] of rows) if (seq !== gone) here.rows.set(seq, row);
      expect(here.read(60, to - 60)).toEqual(lines(61, to));
      expect(() => here.read(60, to - 59)).toThrow(expect.objectContaining(damaged));
    };
    for (const gone of [66, 70, 128, 129, 200]) readTo(single, gone, gone - 1);
    for (const gone of [129, 200]) readTo(sheets, gone, gone - 1);
  });

  test('H6 an older version of a sheet, or the entries that it was bound from, do not open where something was taken off the record', () => {
    const here = shelf();
    for (const entry of lines(1, 200)) here.append([entry]);
    const older = new Map(here.rows);
    here.bind(65);
    const sheetOf = here.rows.get(65)!;
    here.scrub([70]);
    const now = new Map(here.rows);
    expect(here.read(60, 20)[9]).toEqual(tombstone(said(70)));
    for (const back of [new Map([[65, sheetOf]]), new Map([...older].filter(([seq]) => seq >= 65 && seq <= 128))]) {
      for (const [seq, row] of [...now, ...back]) here.rows.set(seq, row);
      expect(() => here.read(0, 200)).toThrow(expect.objectContaining(damaged));
    }
  });

  test('H7 of a sheet, and of the entries that it was bound from, nothing is in any file when the line was taken off the record', () => {
    const folder = newFolder();
    const path = join(folder, 'aside.db');
    const log = new SqliteLog({ path });
    for (const entry of lines(1, 150)) log.together([{ type: 'append', id: 'a', entries: [entry] }]);
    log.close();
    const single = sealedOf(path, 'a');
    const again = new SqliteLog({ path });
    again.read('a', 0, 200);
    while (again.isLoose) again.tidy();
    again.close();
    const bodies = sealedOf(path, 'a');
    expect({ before: single.length, after: bodies.length }).toEqual({ before: 1 + 150, after: 1 + 2 + 150 - 2 * sheet });
    const last = new SqliteLog({ path });
    last.scrub('a', [2]);
    expect(remainsOf([...single.slice(1), ...bodies.slice(1)], folder)).toEqual([]);
    expect(JSON.parse(last.read('a', 0, 200).entries)).toEqual(lines(1, 150).map((entry) => (entry.seq === 2 ? tombstone(entry) : entry)));
    last.erase('a');
    expect(remainsOf([...single, ...bodies], folder)).toEqual([]);
    last.close();
  });

  test('H8 a file of before, in which every entry lies singly, is read and bound', () => {
    const path = join(newFolder(), 'aside.db');
    const before = new SqliteLog({ path });
    for (const entry of lines(1, 150)) before.together([{ type: 'append', id: 'a', entries: [entry] }]);
    before.close();
    const db = new DatabaseSync(path);
    db.exec('pragma user_version = 2');
    db.close();
    const log = new SqliteLog({ path });
    expect(log.isLoose).toBe(false);
    expect(JSON.parse(log.read('a', 100, 20).entries)).toEqual(lines(101, 120));
    expect(log.isLoose).toBe(true);
    while (log.isLoose) log.tidy();
    expect(JSON.parse(log.read('a', 0, 150).entries)).toEqual(lines(1, 150));
    log.close();
    const after = new DatabaseSync(path);
    expect(after.prepare('pragma user_version').get()).toEqual({ user_version: 3 });
    after.close();
  });

  test('H10 a sheet that cannot be bound is tried once and left as it lies, the others are bound, and a closed file has nothing to bind', () => {
    const path = join(newFolder(), 'aside.db');
    const before = new SqliteLog({ path });
    for (const entry of lines(1, 200)) before.together([{ type: 'append', id: 'a', entries: [entry] }]);
    expect(before.isLoose).toBe(true);
    before.close();
    expect(before.isLoose).toBe(false);
    const db = new DatabaseSync(path);
    db.exec("update entries set body = zeroblob(length(body)) where id = 'a' and seq = 70");
    db.close();
    const log = new SqliteLog({ path });
    for (const after of [0, 64, 128]) expect(JSON.parse(log.read('a', after, 5).entries)).toEqual(lines(after + 1, after + 5));
    for (const left of [true, true, false]) {
      log.tidy();
      expect(log.isLoose).toBe(left);
    }
    expect(JSON.parse(log.read('a', 0, 69).entries)).toEqual(lines(1, 69));
    expect(() => log.read('a', 0, 70)).toThrow(expect.objectContaining(damaged));
    log.close();
    const after = new DatabaseSync(path);
    expect(after.prepare("select count(*) as rows from entries where id = 'a'").get()).toEqual({ rows: 1 + sheet + 1 + 8 });
    after.close();
  });
});
