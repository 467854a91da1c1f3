import type { DatabaseSync } from 'node:sqlite';
import type { Entry } from '../core/entry.ts';
import type { Page } from './asked-store.ts';
import { isScrubbable, notInTurn, notKept, notScrubbable } from './promises.ts';
import { openAfter, type Sealed, sealAnew, sealNext, span } from './sealed.ts';
import type { Conversations } from './sqlite-conversations.ts';
import { withMargin, withoutMargin } from './sqlite-margin.ts';

/** What happened, entry by entry: each is sealed with the seal of the one before, so that none can be changed, moved or left out. */
export class Entries {
  readonly #conversations: Conversations;
  readonly #statements;

  constructor(db: DatabaseSync, conversations: Conversations) {
    this.#conversations = conversations;
    this.#statements = {
      add: db.prepare('insert into entries (id, seq, body) values (?, ?, ?)'),
      some: db.prepare('select seq, body from entries where id = ? and seq between ? and ? order by seq'),
      change: db.prepare('update entries set body = ? where id = ? and seq = ?'),
      drop: db.prepare('delete from entries where id = ?'),
    };
    // an object for each of many rows takes longer than reading them
    this.#statements.some.setReturnArrays(true);
  }

  append(id: string, entries: readonly Entry[]): void {
    const [first] = entries;
    if (!first) return;
    if (first.type === 'opened' && this.#conversations.find(id)) throw notInTurn();
    const before = first.type === 'opened' ? this.#conversations.add(id, first.kind, first.at) : this.#conversations.find(id);
    if (!before) throw notKept();
    const { rows, known } = sealNext(id, before, entries);
    for (const { seq, body } of rows) this.#statements.add.run(id, seq, withMargin(body));
    this.#conversations.set(id, known);
  }

  /** At most `limit` entries after `after`; throws rather than give one that is not what was written. */
  read(id: string, after: number, limit: number): Page {
    const known = this.#conversations.find(id);
    if (!known || after >= known.last) return { entries: '[]', isLast: true };
    const { from, to } = span(known, after, limit);
    return { entries: openAfter(id, known, after, this.#rows(id, from, to), { from, to }), isLast: to === known.last };
  }

  /** Puts a tombstone where each of these entries stood, and seals all that follows anew. */
  scrub(id: string, seqs: readonly number[]): void {
    const known = this.#conversations.find(id);
    if (!known) throw notKept();
    if (seqs.some((seq) => !isScrubbable(seq, known.last))) throw notScrubbable();
    if (seqs.length === 0) return;
    const anew = sealAnew(id, known, this.#rows(id, Math.min(...seqs) - 1, known.last), new Set(seqs));
    for (const { seq, body } of anew.rows) this.#statements.change.run(withMargin(body), id, seq);
    this.#conversations.set(id, anew.known);
  }

  drop(id: string): void {
    this.#statements.drop.run(id);
  }

  #rows(id: string, from: number, to: number): Sealed[] {
    const rows = this.#statements.some.all(id, from, to) as unknown as [number, Uint8Array][];
    return rows.map(([seq, body]) => ({ seq, body: withoutMargin(body) }));
  }
}
