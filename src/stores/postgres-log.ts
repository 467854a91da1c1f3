import type { Client } from 'pg';
import type { KeptSound, Opened } from '../core/ports.ts';
import type { Problem } from '../core/problem.ts';
import { atATime, isEvery, type Job, type Page } from './asked-store.ts';
import { type Found, find, isPossible, PostgresCommit } from './postgres-commit.ts';
import type { PostgresLine } from './postgres-line.ts';
import { isLost, postgresProblem } from './postgres-problem.ts';
import { isScrubbable, notKept, notScrubbable } from './promises.ts';
import { forgetReadable, isReadable, tellAgain } from './readable-talks.ts';
import { type Listed, listed, openSound } from './sealed.ts';
import { type Row as EntryRow, openWanted, sealAnew, type Wanted, wanted } from './sheets.ts';
import { damagedConversation } from './storage-problem.ts';

/** So long the database may take to answer before the line counts as down, in ms: most things, and those that go through a whole conversation. */
const [brief, thorough] = [8_000, 60_000];

/** What was not answered in time gets twice as long the next time, up to this, in ms: it may be large, and the line narrow. */
const utmost = 600_000;

/** Conversations whose key is at hand; a server has hundreds at a time. */
const atHand = 512;

type Row = Opened & { key: Uint8Array; sounds: number };

/** The conversations of one PostgreSQL database; what is answered is safe on its disk, and what a broken line left unanswered is asked again. */
export class PostgresLog {
  readonly #line: PostgresLine;
  readonly #master: Uint8Array;
  /** Conversations whose key is at hand; good for one connection, since the database behind the next may know less. */
  #atHand: { client?: Client; found: Map<string, Found> } = { found: new Map() };

  constructor(line: PostgresLine, master: Uint8Array) {
    this.#line = line;
    this.#master = master;
  }

  /** Does all of it in one commit; what fails takes only itself down, and is told in its place. */
  async together(jobs: readonly Job[]): Promise<(Problem | undefined)[]> {
    let tried: PostgresCommit | undefined;
    try {
      return await this.#ask(brief, async (client) => {
        // a commit whose answer was lost may be done all the same: its seals tell, and nobody has them but us
        if (tried && (await tried.isThere(client))) return tried.refused;
        const commit = new PostgresCommit(this.#master, await this.#findAll(client, jobs));
        for (const job of jobs) commit.add(job);
        tried = commit;
        await commit.write(client);
        for (const [id, found] of commit.written) this.#remember(id, found);
        return commit.refused;
      });
    } catch (error) {
      for (const { id } of jobs) this.#atHand.found.delete(id);
      if (jobs.length === 1) return [postgresProblem(error)];
      const refused: (Problem | undefined)[] = [];
      for (const job of jobs) refused.push(...(await this.together([job])));
      return refused;
    }
  }

  read(id: string, after: number, limit: number): Promise<Page> {
    return this.#ask(brief, async (client) => {
      const known = await this.#find(client, id);
      if (!known || after >= known.last) return { entries: '[]', isLast: true };
      const part = wanted(known, after, limit);
      return { entries: openWanted(id, known, await rows(client, id, part), part), isLast: part.to === known.last };
    });
  }

  sounds(id: string, after: number, limit: number): Promise<KeptSound[]> {
    return this.#ask(brief, async (client) => {
      const known = await this.#find(client, id);
      if (!known) return [];
      const found = await client.query<{ chunk: string; body: Uint8Array }>(
        'select chunk, body from aside.sounds where id = $1 and chunk > $2 order by chunk limit $3',
        [id, after, limit],
      );
      const counted = async () => Number((await client.query('select count(*) as count from aside.sounds where id = $1', [id])).rows[0].count);
      if (found.rows.length < limit && (await counted()) !== known.sounds) throw damagedConversation();
      return found.rows.map(({ chunk, body }) => ({ chunk: Number(chunk), bytes: openSound(known.key, body, id, Number(chunk)) }));
    });
  }

  /** All of them, newest first. */
  list(): Promise<Listed> {
    return this.#ask(thorough, async (client) => {
      const found = await client.query<Row>(
        'select id, kind, at, key, sounds, exists(select from aside.sounds s where s.id = c.id) as "hasSound" from aside.conversations c order by at desc, id',
      );
      return listed(this.#master, found.rows);
    });
  }

  scrub(id: string, seqs: readonly number[]): Promise<void> {
    return this.#whole(id, async (client) => {
      const known = await this.#find(client, id);
      if (!known) throw notKept();
      if (seqs.some((seq) => !isScrubbable(seq, known.last))) throw notScrubbable();
      if (seqs.length === 0) return;
      const anew = sealAnew(id, known, await rows(client, id, wanted(known, Math.min(...seqs) - 1, known.last)), new Set(seqs));
      await client.query(
        'update aside.entries e set body = n.body from unnest($2::integer[], $3::bytea[]) n (seq, body) where e.id = $1 and e.seq = n.seq',
        [id, anew.rows.map(({ seq }) => seq), anew.rows.map(({ body }) => body)],
      );
      if (!isReadable(known.kind, id)) return;
      const all = wanted(known, 0, known.last);
      await tellAgain(client, id, JSON.parse(openWanted(id, known, await rows(client, id, all), all)));
    });
  }

  /** Takes away so much of it that nobody has to wait long; whether that was all. */
  async dropSounds(id: string, from: number, to: number): Promise<boolean> {
    if (!isPossible(id)) return true;
    return this.#whole(id, async (client) => {
      const { rowCount } = await client.query(
        'delete from aside.sounds where id = $1 and chunk in (select chunk from aside.sounds where id = $1 and chunk between $2 and $3 order by chunk limit $4)',
        [id, from, to, atATime],
      );
      const isAll = (rowCount ?? 0) < atATime;
      // a figure that rotted ends with what it counted
      const left = isAll && isEvery(from, to) ? '0' : `sounds - ${rowCount}`;
      await client.query(`update aside.conversations set sounds = ${left} where id = $1`, [id]);
      return isAll;
    });
  }

  async erase(id: string): Promise<void> {
    if (!isPossible(id)) return;
    return this.#whole(id, async (client) => {
      await client.query('delete from aside.conversations where id = $1', [id]);
      await forgetReadable(client, id);
    });
  }

  /** Asks until there is an answer: what is asked here may be done twice. */
  async #ask<T>(within: number, work: (client: Client) => Promise<T>): Promise<T> {
    for (let patience = within; ; patience = Math.min(utmost, patience * 2)) {
      try {
        return await this.#line.use((client) => {
          if (this.#atHand.client !== client) this.#atHand = { client, found: new Map() };
          return work(client);
        }, patience);
      } catch (error) {
        if (!isLost(error)) throw postgresProblem(error);
      }
    }
  }

  /** All of it or nothing; what is known of the conversation is looked up anew. */
  #whole<T>(id: string, work: (client: Client) => Promise<T>): Promise<T> {
    return this.#ask(thorough, async (client) => {
      await client.query('begin');
      try {
        const result = await work(client);
        await client.query('commit');
        return result;
      } catch (error) {
        if (!isLost(error)) await client.query('rollback');
        throw error;
      } finally {
        this.#atHand.found.delete(id);
      }
    });
  }

  async #find(client: Client, id: string): Promise<Found | undefined> {
    return (await this.#findAll(client, [{ id }])).get(id);
  }

  /** What is known of those that are there. */
  async #findAll(client: Client, asked: readonly { readonly id: string }[]): Promise<Map<string, Found>> {
    const all = new Map<string, Found>();
    const unknown = new Set<string>();
    for (const { id } of asked) {
      const found = this.#atHand.found.get(id);
      if (found) all.set(id, found);
      else unknown.add(id);
    }
    for (const [id, found] of await find(client, this.#master, [...unknown])) {
      all.set(id, found);
      this.#remember(id, found);
    }
    return all;
  }

  #remember(id: string, known: Found): void {
    const { found } = this.#atHand;
    found.delete(id);
    found.set(id, known);
    if (found.size > atHand) found.delete(found.keys().next().value!);
  }
}

async function rows(client: Client, id: string, { from, last }: Wanted): Promise<EntryRow[]> {
  const text =
    'select seq, body from aside.entries where id = $1 and seq >= coalesce((select max(seq) from aside.entries where id = $1 and seq < $2), $2) and seq <= $3 order by seq';
  return (await client.query<EntryRow>(text, [id, from, last])).rows;
}
