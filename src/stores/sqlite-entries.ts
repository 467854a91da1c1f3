import type { DatabaseSync } from 'node:sqlite';
import type { Entry } from '../core/entry.ts';
import { tombstone } from '../core/forgetting.ts';
import { isScrubbable, notInTurn, notKept, notScrubbable } from './promises.ts';
import { seal, tagOf, unseal } from './seal.ts';
import { type Conversations, noTag } from './sqlite-conversations.ts';
import { withMargin, withoutMargin } from './sqlite-margin.ts';
import { damagedConversation } from './storage-problem.ts';

type Row = { seq: number; body: Uint8Array };

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
  }

  append(id: string, entries: readonly Entry[]): void {
    const [first] = entries;
    if (!first) return;
    if (first.type === 'opened' && this.#conversations.find(id)) throw notInTurn();
    const known = first.type === 'opened' ? this.#conversations.add(id, first.kind, first.at) : this.#conversations.find(id);
    if (!known) throw notKept();
    let { last, tag } = known;
    for (const entry of entries) {
      if (entry.seq !== last + 1) throw notInTurn();
      const body = seal(known.key, JSON.stringify(entry), placeOf(id, entry.seq, tag));
      this.#statements.add.run(id, entry.seq, withMargin(body));
      last = entry.seq;
      tag = tagOf(body);
    }
    this.#conversations.set(id, { ...known, last, tag });
  }

  /** The words of at most `limit` entries after `after`; throws rather than give one that is not what was written. */
  read(id: string, after: number, limit: number): string[] {
    const known = this.#conversations.find(id);
    if (!known || after >= known.last) return [];
    const words: string[] = [];
    this.#walk(id, known.key, Math.max(1, after), Math.min(known.last, after + limit), (seq, plain) => {
      if (seq > after) words.push(plain());
    });
    return words;
  }

  /** Puts a tombstone where each of these entries stood, and seals all that follows anew. */
  scrub(id: string, seqs: readonly number[]): void {
    const known = this.#conversations.find(id);
    if (!known) throw notKept();
    if (seqs.some((seq) => !isScrubbable(seq, known.last))) throw notScrubbable();
    const gone = new Set(seqs);
    if (gone.size === 0) return;
    const before = Math.min(...gone) - 1;
    let { tag } = known;
    this.#walk(id, known.key, before, known.last, (seq, plain, body) => {
      if (seq > before) {
        const sealed = seal(known.key, gone.has(seq) ? JSON.stringify(tombstone(JSON.parse(plain()))) : plain(), placeOf(id, seq, tag));
        this.#statements.change.run(withMargin(sealed), id, seq);
        tag = tagOf(sealed);
      } else tag = tagOf(body);
    });
    this.#conversations.set(id, { ...known, tag });
  }

  drop(id: string): void {
    this.#statements.drop.run(id);
  }

  /** Goes through entries in order; `plain` opens one, or throws. The first can only be opened when it is the very first. */
  #walk(id: string, key: Uint8Array, from: number, to: number, visit: (seq: number, plain: () => string, body: Uint8Array) => void): void {
    let tag = noTag;
    let expected = from;
    for (const { seq, body } of this.#statements.some.all(id, from, to) as Row[]) {
      if (seq !== expected) throw damagedConversation();
      const place = placeOf(id, seq, tag);
      visit(seq, () => open(key, body, place), body);
      tag = tagOf(body);
      expected += 1;
    }
    if (expected !== to + 1) throw damagedConversation();
  }
}

function open(key: Uint8Array, body: Uint8Array, place: string): string {
  try {
    return unseal(key, withoutMargin(body), place).toString('utf8');
  } catch {
    throw damagedConversation();
  }
}

const placeOf = (id: string, seq: number, before: Uint8Array) => `entry|${id}|${seq}|${Buffer.from(before).toString('hex')}`;
