import { hkdfSync } from 'node:crypto';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { KeptSound } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { atATime, type Job, type Page } from './asked-store.ts';
import type { Jotting } from './jottings.ts';
import { masterKey } from './master-key.ts';
import type { Listed } from './sealed.ts';
import { Conversations } from './sqlite-conversations.ts';
import { Entries } from './sqlite-entries.ts';
import { pageSize } from './sqlite-margin.ts';
import { migratePlain } from './sqlite-migration.ts';
import { epochOf, layoutOf, makeTables, setLayout } from './sqlite-schema.ts';
import { Sounds } from './sqlite-sounds.ts';
import { isFull, isLocked } from './storage-problem.ts';

/** Where the file is, its key unless that lies beside it, its greatest size in pages, and how long to wait for another who has it (ms). */
export type LogOptions = { readonly path: string; readonly key?: Uint8Array; readonly pages?: number; readonly patience?: number };

/** The conversations of one SQLite file; every call is done, and safe on disk, when it returns. */
export class SqliteLog {
  readonly epoch: string;
  readonly #db: DatabaseSync;
  readonly #conversations: Conversations;
  readonly #entries: Entries;
  readonly #sounds: Sounds;
  readonly #master: Uint8Array;
  readonly #steps;

  constructor({ path, key, pages, patience = 0 }: LogOptions, waits = () => {}) {
    this.#db = openFile(path, patience, waits);
    try {
      if (pages) this.#db.exec(`pragma max_page_count = ${Math.trunc(pages)}`);
      const master = this.#prepare(path, key);
      this.#master = master;
      this.epoch = epochOf(this.#db, master);
      this.#conversations = new Conversations(this.#db, master);
      this.#entries = new Entries(this.#db, this.#conversations);
      this.#sounds = new Sounds(this.#db, this.#conversations);
      // what comes with each line is read once
      this.#steps = {
        begin: this.#db.prepare('begin immediate'),
        savepoint: this.#db.prepare('savepoint one'),
        release: this.#db.prepare('release one'),
        commit: this.#db.prepare('commit'),
      };
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  /** Makes, moves or accepts the file, and finds its key. */
  #prepare(path: string, given: Uint8Array | undefined): Uint8Array {
    const layout = layoutOf(this.#db);
    const fresh = layout === 'new' || layout === 'plain';
    const master = masterKey(dirname(path), given, fresh ? undefined : keyless());
    if (layout === 'new') inOneCommit(this.#db, () => makeTables(this.#db, master));
    if (layout === 'plain') inOneCommit(this.#db, () => migratePlain(this.#db, master));
    if (layout === 'plain' || layout === 'uncleaned') {
      this.#db.exec(`pragma journal_mode = delete; pragma page_size = ${pageSize}; vacuum; pragma journal_mode = wal;`);
    }
    if (layout !== 'new' && layout !== 'current') inOneCommit(this.#db, () => setLayout(this.#db, 'current'));
    // an erasure that a crash cut short ends here; on a full disk it waits, so that what there is can still be read
    try {
      this.#clean();
    } catch (error) {
      if (!isFull(error)) throw error;
    }
    return master;
  }

  /** Does all of it in one commit; what fails takes only itself down, and is told in its place. */
  together(jobs: readonly Job[]): (Error | undefined)[] {
    const errors: (Error | undefined)[] = jobs.map(() => undefined);
    const fail = (index: number, error: unknown) => {
      this.#conversations.forget(jobs[index]!.id);
      errors[index] ??= asError(error);
    };
    // one that comes alone stands or falls with the commit
    const alone = jobs.length === 1;
    try {
      this.#steps.begin.run();
      for (const [index, job] of jobs.entries()) {
        if (!alone) this.#steps.savepoint.run();
        try {
          if (job.type === 'append') this.#entries.append(job.id, job.entries);
          else this.#sounds.keep(job.id, job.chunk, job.bytes);
        } catch (error) {
          fail(index, error);
          if (alone || !this.#db.isTransaction) throw error;
          this.#db.exec('rollback to one');
        }
        if (!alone) this.#steps.release.run();
      }
      this.#steps.commit.run();
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('rollback');
      for (const index of jobs.keys()) fail(index, error);
    }
    return errors;
  }

  /** A key for a file that lies beside this one. */
  keyBeside(salt: Uint8Array): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.#master, salt, `beside|${this.epoch}`, 32));
  }

  /** Takes in what was jotted down and is not here yet; answers with that for which there is no room. */
  takeUp(jottings: readonly Jotting[]): Jotting[] {
    const jobs = jottings.flatMap(({ id, entries }) => {
      const rest = this.#entries.comingNext(id, entries);
      return rest.length > 0 ? [{ type: 'append' as const, id, entries: rest }] : [];
    });
    if (jobs.length === 0) return [];
    const errors = this.together(jobs);
    const lost = errors.find((error) => error && !isFull(error));
    if (lost) throw lost;
    return jobs.filter((_, index) => errors[index]);
  }

  read(id: string, after: number, limit: number): Page {
    return this.#entries.read(id, after, limit);
  }

  sounds(id: string, after: number, limit: number): KeptSound[] {
    return this.#sounds.read(id, after, limit);
  }

  list(): Listed {
    return this.#conversations.list();
  }

  scrub(id: string, seqs: readonly number[]): void {
    this.#whole(id, () => this.#entries.scrub(id, seqs));
    this.#clean();
  }

  /** Takes away so much of it that nobody has to wait long; whether that was all. */
  dropSounds(id: string, from: number, to: number): boolean {
    const all = this.#whole(id, () => this.#sounds.drop(id, from, to, atATime));
    if (all) this.#clean();
    return all;
  }

  erase(id: string): void {
    this.#whole(id, () => {
      this.#conversations.drop(id);
      this.#entries.drop(id);
      this.#sounds.clear(id);
    });
    this.#clean();
  }

  close(): void {
    this.#db.close();
  }

  #whole<T>(id: string, work: () => T): T {
    try {
      return inOneCommit(this.#db, work);
    } catch (error) {
      this.#conversations.forget(id);
      throw error;
    }
  }

  /** Brings home what is new; to be called now and then, where nobody waits for an answer. */
  bringHome(): void {
    try {
      this.#db.exec('pragma wal_checkpoint(passive)');
    } catch {
      // all of it is on disk already; why it cannot be moved is told by the next commit
    }
  }

  /** Whether there is something to tidy up. */
  get isLoose(): boolean {
    return this.#db.isOpen && this.#entries.hasLoose;
  }

  /** Binds the entries of one full sheet together, which nobody has to wait for. */
  tidy(): void {
    const sheet = this.#entries.takeLoose();
    if (!sheet) return;
    try {
      inOneCommit(this.#db, () => this.#entries.bind(sheet));
    } catch {
      // they can be read as they lie; what is wrong with them is told to whoever does
    }
  }

  /** What was deleted is zeros in the file already; this also empties the log that still has it. */
  #clean(): void {
    this.#db.exec('pragma wal_checkpoint(truncate)');
  }
}

const keyless = () =>
  new Problem(
    'settings',
    'The data folder has an aside.db but no aside.key, and without its key nothing in it can be read. Put aside.key back, set DATA_KEY, or move aside.db away to begin anew.',
  );

/** Pages of what is new before they are brought home in the middle of a commit, where each is large: 4 MiB. */
const checkpointEvery = 4_096;

const nap = 50;

/** Opens the file for this process alone, once another has let go of it: a second one would number entries on its own. */
function openFile(path: string, patience: number, waits = () => {}): DatabaseSync {
  for (let waited = 0; ; waited += nap) {
    const db = new DatabaseSync(path, { timeout: 0 });
    try {
      db.exec(
        `pragma page_size = ${pageSize}; pragma locking_mode = exclusive; pragma journal_mode = wal; pragma wal_autocheckpoint = ${checkpointEvery}; pragma synchronous = full; pragma secure_delete = on; pragma temp_store = memory; pragma cell_size_check = on; begin immediate; commit;`,
      );
      return db;
    } catch (error) {
      db.close();
      if (waited >= patience || !isLocked(error)) throw error;
      if (waited === 0) waits();
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, nap);
    }
  }
}

/** All of it or nothing. */
function inOneCommit<T>(db: DatabaseSync, work: () => T): T {
  db.exec('begin immediate');
  try {
    const result = work();
    db.exec('commit');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('rollback');
    throw error;
  }
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));
