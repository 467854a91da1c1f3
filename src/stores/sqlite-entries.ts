import type { DatabaseSync } from 'node:sqlite';
import type { Entry } from '../core/entry.ts';
import type { Page } from './asked-store.ts';
import { isScrubbable, notInTurn, notKept, notScrubbable } from './promises.ts';
import { bound, endOf, openWanted, type Row, sealAnew, sealNext, startOf, type Wanted, wanted } from './sheets.ts';
import type { Conversations } from './sqlite-conversations.ts';
import { withMargin, withoutMargin } from './sqlite-margin.ts';
import { isGone } from './storage-problem.ts';

/** Which sheet: of this conversation, the one that begins with this number. */
type Sheet = { readonly id: string; readonly start: number };

/** What happened, row by row: each is sealed with the seal of the one before, so that none can be changed, moved or left out. */
export class Entries {
  readonly #conversations: Conversations;
  readonly #statements;
  /** Full sheets whose entries lie singly, by the number they begin with; as far as they were met since the start. */
  readonly #loose = new Map<string, Set<number>>();

  constructor(db: DatabaseSync, conversations: Conversations) {
    this.#conversations = conversations;
    this.#statements = {
      add: db.prepare('insert into entries (id, seq, body) values (?, ?, ?)'),
      some: db.prepare(
        'select seq, body from entries where id = ?1 and seq >= coalesce((select max(seq) from entries where id = ?1 and seq < ?2), ?2) and seq <= ?3 order by seq',
      ),
      change: db.prepare('update entries set body = ? where id = ? and seq = ?'),
      take: db.prepare('delete from entries where id = ? and seq between ? and ?'),
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
    for (const { seq, body } of rows) {
      this.#statements.add.run(id, seq, withMargin(body));
      if (seq === endOf(seq)) this.#note(id, startOf(seq));
    }
    this.#conversations.set(id, known);
  }

  /** Those of these entries that come next, without a hole; none where their conversation is not, or is damaged. */
  comingNext(id: string, entries: readonly Entry[]): Entry[] {
    const coming: Entry[] = [];
    try {
      const last = this.#conversations.find(id)?.last;
      if (last !== undefined) for (const entry of entries) if (entry.seq === last + 1 + coming.length) coming.push(entry);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
    return coming;
  }

  /** At most `limit` entries after `after`; throws rather than give one that is not what was written. */
  read(id: string, after: number, limit: number): Page {
    const known = this.#conversations.find(id);
    if (!known || after >= known.last) return { entries: '[]', isLast: true };
    const part = wanted(known, after, limit);
    const rows = this.#rows(id, part);
    for (const { seq } of rows) if (seq === endOf(seq)) this.#note(id, startOf(seq));
    return { entries: openWanted(id, known, rows, part), isLast: part.to === known.last };
  }

  /** Puts a tombstone where each of these entries stood, and seals all that follows anew. */
  scrub(id: string, seqs: readonly number[]): void {
    const known = this.#conversations.find(id);
    if (!known) throw notKept();
    if (seqs.some((seq) => !isScrubbable(seq, known.last))) throw notScrubbable();
    if (seqs.length === 0) return;
    const anew = sealAnew(id, known, this.#rows(id, wanted(known, Math.min(...seqs) - 1, known.last)), new Set(seqs));
    for (const { seq, body } of anew.rows) this.#statements.change.run(withMargin(body), id, seq);
    this.#conversations.set(id, anew.known);
  }

  drop(id: string): void {
    this.#statements.drop.run(id);
    this.#loose.delete(id);
  }

  get hasLoose(): boolean {
    return this.#loose.size > 0;
  }

  /** A full sheet whose entries lie singly; it is named once. */
  takeLoose(): Sheet | undefined {
    for (const [id, starts] of this.#loose)
      for (const start of starts) {
        starts.delete(start);
        if (starts.size === 0) this.#loose.delete(id);
        return { id, start };
      }
    return undefined;
  }

  /** Binds the entries of this sheet to one row, if they lie singly. */
  bind({ id, start }: Sheet): void {
    const known = this.#conversations.find(id);
    // what was noted may not have come to stay
    if (!known || known.last < endOf(start)) return;
    const row = bound(id, known, this.#rows(id, { from: start, last: endOf(start) }), start);
    if (!row) return;
    this.#statements.take.run(id, start + 1, endOf(start));
    this.#statements.change.run(withMargin(row.body), id, start);
  }

  #note(id: string, start: number): void {
    const noted = this.#loose.get(id);
    if (noted) noted.add(start);
    else this.#loose.set(id, new Set([start]));
  }

  #rows(id: string, { from, last }: Pick<Wanted, 'from' | 'last'>): Row[] {
    const rows = this.#statements.some.all(id, from, last) as unknown as [number, Uint8Array][];
    return rows.map(([seq, body]) => ({ seq, body: withoutMargin(body) }));
  }
}
