import type { DatabaseSync } from 'node:sqlite';
import type { Kind } from '../core/entry.ts';
import { newKey, tagOf } from './seal.ts';
import { type Known, type Listed, listed, noTag, openKey, sealKey } from './sealed.ts';
import { isLast } from './sheets.ts';
import { withMargin, withoutMargin } from './sqlite-margin.ts';
import { damagedConversation } from './storage-problem.ts';

type Row = { id: string; kind: Kind; at: string; key: Uint8Array; last: number; sounds: number };
type ListedRow = Omit<Row, 'last'> & { hasSound: number };

/** Conversations whose key is at hand; a server has hundreds at a time. */
const atHand = 512;

/** Which conversations there are, each under a key of its own that only the master key opens. */
export class Conversations {
  readonly #master: Uint8Array;
  readonly #known = new Map<string, Known>();
  readonly #statements;

  constructor(db: DatabaseSync, master: Uint8Array) {
    this.#master = master;
    this.#statements = {
      add: db.prepare('insert into conversations (id, kind, at, key, last, sounds) values (?, ?, ?, ?, 0, 0)'),
      find: db.prepare('select id, kind, at, key, last, sounds from conversations where id = ?'),
      all: db.prepare(
        'select id, kind, at, key, sounds, exists(select 1 from sounds s where s.id = c.id) as hasSound from conversations c order by id',
      ),
      set: db.prepare('update conversations set last = ?, sounds = ? where id = ?'),
      drop: db.prepare('delete from conversations where id = ?'),
      count: db.prepare('update store set kept = kept + ?'),
      kept: db.prepare('select kept from store'),
      end: db.prepare('select seq, body from entries where id = ? order by seq desc limit 1'),
      orphan: db.prepare('select 1 from entries where id = ?1 union all select 1 from sounds where id = ?1 limit 1'),
    };
  }

  add(id: string, kind: Kind, at: string): Known {
    const key = newKey();
    this.#statements.add.run(id, kind, at, withMargin(sealKey(this.#master, key, { id, kind, at })));
    this.#statements.count.run(1);
    return this.#remember(id, { key, last: 0, tag: noTag, sounds: 0 });
  }

  /** `undefined` when there is none, nor anything that would be its own. */
  find(id: string): Known | undefined {
    const known = this.#known.get(id);
    if (known) return this.#remember(id, known);
    const row = this.#statements.find.get(id) as Row | undefined;
    if (!row) {
      if (this.#statements.orphan.get(id)) throw damagedConversation();
      return undefined;
    }
    const { last, sounds } = row;
    const end = this.#statements.end.get(id) as { seq: number; body: Uint8Array } | undefined;
    if (!end || !isLast(end.seq, last)) throw damagedConversation();
    return this.#remember(id, { key: this.#keyOf(row), last, tag: tagOf(end.body), sounds });
  }

  /** Notes how far it goes now. */
  set(id: string, known: Known): void {
    this.#statements.set.run(known.last, known.sounds, id);
    this.#remember(id, known);
  }

  /** What was noted may not have come to stay: look again. */
  forget(id: string): void {
    this.#known.delete(id);
  }

  drop(id: string): boolean {
    this.forget(id);
    const there = this.#statements.drop.run(id).changes === 1;
    if (there) this.#statements.count.run(-1);
    return there;
  }

  list(): Listed {
    const rows = this.#statements.all.all() as ListedRow[];
    const kept = this.#statements.kept.get()?.kept;
    const { opened, isWhole } = listed(
      this.#master,
      rows.map((row) => ({ ...row, key: withoutMargin(row.key), hasSound: Boolean(row.hasSound) })),
    );
    // in the order of ids none comes twice, so that as many as there should be are all of them
    const isEvery = rows.length === kept && rows.every((row, index) => index === 0 || row.id > rows[index - 1]!.id);
    return { opened: opened.sort((a, b) => Number(a.at < b.at) - Number(a.at > b.at)), isWhole: isWhole && isEvery };
  }

  #keyOf(row: Omit<Row, 'last'>): Uint8Array {
    return openKey(this.#master, withoutMargin(row.key), row);
  }

  #remember(id: string, known: Known): Known {
    this.#known.delete(id);
    this.#known.set(id, known);
    if (this.#known.size > atHand) this.#known.delete(this.#known.keys().next().value!);
    return known;
  }
}
