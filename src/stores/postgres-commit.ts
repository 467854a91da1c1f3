import type { Client } from 'pg';
import type { Entry, Kind } from '../core/entry.ts';
import type { Problem } from '../core/problem.ts';
import type { Job } from './asked-store.ts';
import { postgresProblem } from './postgres-problem.ts';
import { isNumber, notInTurn, notKept, notNumbered } from './promises.ts';
import { isReadable, tellReadable } from './readable-talks.ts';
import { newKey, tagOf } from './seal.ts';
import { type Known, noTag, type Opening, openKey, sealKey, sealSound } from './sealed.ts';
import { type Row as EntryRow, isLast, sealNext } from './sheets.ts';
import { damagedConversation } from './storage-problem.ts';

/** What is known of a conversation, and what kind it is. */
export type Found = Known & { readonly kind: Kind };

type Row = Opening & { key: Uint8Array; last: number; sounds: number; seq: number | null; body: Uint8Array | null };

/** PostgreSQL has no text with a zero in it, so nothing of such a name can be there. */
export const isPossible = (id: string): boolean => !id.includes('\0');

/** What is known of those of these conversations that are there. */
export async function find(client: Client, master: Uint8Array, ids: readonly string[]): Promise<Map<string, Found>> {
  const asked = ids.filter(isPossible);
  if (asked.length === 0) return new Map();
  const { rows } = await client.query<Row>(
    `select c.id, kind, at, key, last, sounds, e.seq, e.body from aside.conversations c
     left join lateral (select seq, body from aside.entries where id = c.id order by seq desc limit 1) e on true where c.id = any($1)`,
    [asked],
  );
  return new Map(
    rows.map((row) => {
      const { id, kind, last, sounds, seq, body } = row;
      if (!body || seq === null || !isLast(seq, last)) throw damagedConversation();
      return [id, { kind, key: openKey(master, row.key, row), last, sounds, tag: tagOf(body) }];
    }),
  );
}

/** What goes into one commit: sealed once, so that it can be recognised when nobody said whether it was done. */
export class PostgresCommit {
  /** What cannot be done, in the order of the jobs. */
  readonly refused: (Problem | undefined)[] = [];
  readonly #master: Uint8Array;
  readonly #found: Map<string, Found>;
  readonly #opened: (Opening & { key: Uint8Array })[] = [];
  readonly #entries: (EntryRow & { id: string })[] = [];
  readonly #sounds: { id: string; chunk: number; body: Uint8Array }[] = [];
  readonly #readable = new Map<string, Entry[]>();
  readonly #touched = new Set<string>();

  constructor(master: Uint8Array, found: Map<string, Found>) {
    this.#master = master;
    this.#found = found;
  }

  add(job: Job): void {
    try {
      if (job.type === 'append') this.#append(job.id, job.entries);
      else this.#keep(job.id, job.chunk, job.bytes);
      this.refused.push(undefined);
    } catch (error) {
      this.refused.push(postgresProblem(error));
    }
  }

  /** All of it or nothing. */
  async write(client: Client): Promise<void> {
    if (this.#touched.size === 0) return;
    if (this.#opened.length === 0 && this.#readable.size === 0) return await this.#writeLines(client);
    await client.query('begin');
    try {
      if (this.#opened.length > 0)
        await client.query(
          'insert into aside.conversations (id, kind, at, key, last, sounds) select *, 0, 0 from unnest($1::text[], $2::text[], $3::text[], $4::bytea[])',
          columns(
            this.#opened,
            ({ id }) => id,
            ({ kind }) => kind,
            ({ at }) => at,
            ({ key }) => key,
          ),
        );
      await this.#writeLines(client);
      for (const [id, entries] of this.#readable) await tellReadable(client, id, entries);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    }
  }

  /** Whether it was written, as far as it cannot be written twice. */
  async isThere(client: Client): Promise<boolean> {
    const [first] = this.#entries;
    if (!first) return false;
    const { rowCount } = await client.query('select 1 from aside.entries where id = $1 and seq = $2 and body = $3', [
      first.id,
      first.seq,
      first.body,
    ]);
    return rowCount === 1;
  }

  /** How far the conversations go when it is written. */
  get written(): (readonly [id: string, found: Found])[] {
    return [...this.#touched].map((id) => [id, this.#found.get(id)!]);
  }

  #append(id: string, entries: readonly Entry[]): void {
    const [first] = entries;
    if (!first) return;
    const before = this.#found.get(id);
    if (first.type === 'opened' && before) throw notInTurn();
    const { kind, key } = first.type === 'opened' ? { kind: first.kind, key: newKey() } : (before ?? refuse(notKept()));
    const { rows, known } = sealNext(id, before ?? { key, last: 0, tag: noTag, sounds: 0 }, entries);
    if (!before) this.#opened.push({ id, kind, at: first.at, key: sealKey(this.#master, key, { id, kind, at: first.at }) });
    for (const row of rows) this.#entries.push({ id, ...row });
    this.#found.set(id, { ...known, kind });
    this.#touched.add(id);
    if (isReadable(kind, id)) this.#readable.set(id, [...(this.#readable.get(id) ?? []), ...entries]);
  }

  #keep(id: string, chunk: number, bytes: Uint8Array): void {
    const known = this.#found.get(id);
    if (!known) throw notKept();
    if (!isNumber(chunk)) throw notNumbered();
    this.#sounds.push({ id, chunk, body: sealSound(known.key, bytes, id, chunk) });
    this.#touched.add(id);
  }

  async #writeLines(client: Client): Promise<void> {
    const { rows } = await client.query<{ id: string; sounds: number }>({
      // planned once a connection
      name: 'lines',
      text: `with written as (insert into aside.entries (id, seq, body) select * from unnest($1::text[], $2::integer[], $3::bytea[])),
       kept as (insert into aside.sounds (id, chunk, body) select * from unnest($4::text[], $5::bigint[], $6::bytea[]) on conflict do nothing returning id)
       update aside.conversations c set last = n.last, sounds = c.sounds + (select count(*) from kept where kept.id = c.id)
       from unnest($7::text[], $8::integer[]) n (id, last) where c.id = n.id returning c.id, c.sounds`,
      values: [
        ...columns(
          this.#entries,
          ({ id }) => id,
          ({ seq }) => seq,
          ({ body }) => body,
        ),
        ...columns(
          this.#sounds,
          ({ id }) => id,
          ({ chunk }) => chunk,
          ({ body }) => body,
        ),
        ...columns(
          [...this.#touched],
          (id) => id,
          (id) => this.#found.get(id)!.last,
        ),
      ],
    });
    for (const { id, sounds } of rows) this.#found.set(id, { ...this.#found.get(id)!, sounds });
  }
}

function refuse(problem: Problem): never {
  throw problem;
}

/** The same values by columns, as one statement takes any number of rows. */
const columns = <T>(items: readonly T[], ...of: ((item: T) => unknown)[]): unknown[][] => of.map((column) => items.map(column));
