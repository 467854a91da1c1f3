import type { DatabaseSync } from 'node:sqlite';
import { Problem } from '../core/problem.ts';
import { checkName, nameStore } from './sealed.ts';
import { damagedFile } from './storage-problem.ts';

/** “Asid”: the mark by which a file is known as ours, whatever else is lost of it. */
const mark = 0x41736964;

/** `uncleaned` was moved from the plain layout and not yet cleaned of it; in `single` no row holds more than one entry. */
const versions = { uncleaned: 1, single: 2, current: 3 } as const;

type Layout = keyof typeof versions;

/** On disk in the clear: how many conversations there are, their ids, kinds and dates, and how far each goes. */
const tables = {
  conversations:
    '(id text primary key, kind text not null, at text not null, key blob not null, last integer not null, sounds integer not null) without rowid',
  entries: '(id text not null, seq integer not null, body blob not null, primary key (id, seq)) without rowid',
  sounds: '(id text not null, chunk integer not null, body blob not null, primary key (id, chunk)) without rowid',
  store: '(epoch text not null, proof blob not null, kept integer not null)',
};

const statements = Object.entries(tables).map(([name, columns]) => `CREATE TABLE ${name} ${columns}`);

/** What kind of file this is; one that is neither empty nor a log of ours is refused. */
export function layoutOf(db: DatabaseSync): 'new' | 'plain' | Layout {
  const schema = db.prepare('select name, sql from sqlite_schema order by name').all();
  const [known, version] = [number(db, 'application_id'), number(db, 'user_version')];
  if (known === 0 && version === 0) {
    if (schema.length === 0) return 'new';
    const names = schema.map((row) => row.name).join();
    if (names === 'conversations,entries' && String(schema[1]!.sql).includes('type text')) return 'plain';
  }
  if (known !== mark) throw damagedFile();
  if (version > versions.current)
    throw new Problem(
      'storage_failed',
      'aside.db in the data folder was written by a newer Aside, which this one cannot read. Update Aside, or give another folder with DATA_DIR.',
    );
  // a schema that reads a little otherwise would find rows where none were written
  const same = schema.length === statements.length && schema.every((row, index) => row.sql === statements[index]);
  const [layout] = Object.keys(versions).filter((name): name is Layout => versions[name as Layout] === version);
  if (!same || !layout || text(db, 'encoding') !== 'UTF-8') throw damagedFile();
  return layout;
}

/** Makes the tables, and the name and the lock of this store; to be called inside a transaction. */
export function makeTables(db: DatabaseSync, master: Uint8Array, layout: Layout = 'current'): void {
  for (const statement of statements) db.exec(statement);
  const { epoch, proof } = nameStore(master);
  db.prepare('insert into store (epoch, proof, kept) values (?, ?, 0)').run(epoch, proof);
  db.exec(`pragma application_id = ${mark}`);
  setLayout(db, layout);
}

/** Notes how the file is laid out. */
export function setLayout(db: DatabaseSync, layout: Layout): void {
  db.exec(`pragma user_version = ${versions[layout]}`);
}

/** The name of this store, if this is the key that it was made with. */
export function epochOf(db: DatabaseSync, master: Uint8Array): string {
  const row = db.prepare('select epoch, proof from store').get() as { epoch: string; proof: Uint8Array } | undefined;
  if (!row) throw damagedFile();
  try {
    checkName(master, row);
    return row.epoch;
  } catch (cause) {
    throw new Problem(
      'storage_damaged',
      'The key does not open aside.db: it is the key of another one, or the file is damaged. Put back the key and the database that belong together, or give another folder with DATA_DIR.',
      { cause },
    );
  }
}

const text = (db: DatabaseSync, pragma: string) => String(Object.values(db.prepare(`pragma ${pragma}`).get() ?? {})[0]);

const number = (db: DatabaseSync, pragma: string) => Number(text(db, pragma));
