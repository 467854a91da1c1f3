import type { DatabaseSync } from 'node:sqlite';
import type { KeptSound } from '../core/ports.ts';
import { isEvery } from './asked-store.ts';
import { isNumber, notKept, notNumbered } from './promises.ts';
import { openSound, sealSound } from './sealed.ts';
import type { Conversations } from './sqlite-conversations.ts';
import { withMargin, withoutMargin } from './sqlite-margin.ts';
import { damagedConversation } from './storage-problem.ts';

type Row = { chunk: number; body: Uint8Array };

/** The sound that people agreed to keep, piece by numbered piece, each sealed with its number. */
export class Sounds {
  readonly #conversations: Conversations;
  readonly #statements;

  constructor(db: DatabaseSync, conversations: Conversations) {
    this.#conversations = conversations;
    this.#statements = {
      add: db.prepare('insert into sounds (id, chunk, body) values (?, ?, ?) on conflict do nothing'),
      some: db.prepare('select chunk, body from sounds where id = ? and chunk > ? order by chunk limit ?'),
      // counted from both ends, as they are looked for: a number that rotted may hide those beside it from one of them
      count: db.prepare(
        'select (select count(*) from sounds where id = ?1 and chunk <= ?2) + (select count(*) from sounds where id = ?1 and chunk > ?2) as sounds',
      ),
      last: db.prepare('select chunk from sounds where id = ? and chunk between ? and ? order by chunk limit 1 offset ?'),
      drop: db.prepare('delete from sounds where id = ? and chunk between ? and ?'),
    };
  }

  /** The same piece once more changes nothing. */
  keep(id: string, chunk: number, bytes: Uint8Array): void {
    const known = this.#conversations.find(id);
    if (!known) throw notKept();
    if (!isNumber(chunk)) throw notNumbered();
    const added = Number(this.#statements.add.run(id, chunk, withMargin(sealSound(known.key, bytes, id, chunk))).changes);
    this.#conversations.set(id, { ...known, sounds: known.sounds + added });
  }

  /** At most `limit` pieces after the piece `after`, in order. */
  read(id: string, after: number, limit: number): KeptSound[] {
    const known = this.#conversations.find(id);
    if (!known) return [];
    const rows = this.#statements.some.all(id, after, limit) as Row[];
    const whole = rows.length === limit || this.#statements.count.get(id, after)?.sounds === known.sounds;
    if (!whole || rows.some(({ chunk }, index) => chunk <= (rows[index - 1]?.chunk ?? after))) throw damagedConversation();
    return rows.map(({ chunk, body }) => ({ chunk, bytes: openSound(known.key, withoutMargin(body), id, chunk) }));
  }

  /** Takes away at most `limit` pieces; whether that was all. */
  drop(id: string, from: number, to: number, limit: number): boolean {
    const known = this.#conversations.find(id);
    if (!known) return true;
    const last = this.#statements.last.get(id, from, to, limit - 1)?.chunk as number | undefined;
    const dropped = Number(this.#statements.drop.run(id, from, last ?? to).changes);
    const isAll = last === undefined;
    // a figure that rotted ends with what it counted
    this.#conversations.set(id, { ...known, sounds: isAll && isEvery(from, to) ? 0 : known.sounds - dropped });
    return isAll;
  }

  /** Takes all of it away, whatever state it is in. */
  clear(id: string): void {
    this.#statements.drop.run(id, 0, Number.MAX_SAFE_INTEGER);
  }
}
