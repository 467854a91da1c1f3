import type { DatabaseSync } from 'node:sqlite';
import type { Entry, Kind } from '../core/entry.ts';
import { Conversations } from './sqlite-conversations.ts';
import { Entries } from './sqlite-entries.ts';
import { makeTables } from './sqlite-schema.ts';

/** Moves a file of the first layout, whose words could be read by everybody, into the sealed one; to be called inside a transaction. */
export function migratePlain(db: DatabaseSync, master: Uint8Array): void {
  db.exec('alter table conversations rename to plain_conversations; alter table entries rename to plain_entries;');
  makeTables(db, master, 'uncleaned');
  const conversations = new Conversations(db, master);
  const entries = new Entries(db, conversations);
  const bodies = db.prepare('select body from plain_entries where id = ? order by seq');
  for (const { id } of db.prepare('select id from plain_conversations').all() as { id: string; kind: Kind }[])
    for (const { body } of bodies.iterate(id)) entries.append(id, [JSON.parse(String(body)) as Entry]);
  db.exec('drop table plain_entries; drop table plain_conversations;');
}
