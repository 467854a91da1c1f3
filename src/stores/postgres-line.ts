import { Socket } from 'node:net';
import { Client } from 'pg';
import type { Clock } from '../core/ports.ts';
import type { Problem } from '../core/problem.ts';
import { closed, inUse, isLost, Lost, refusedAtStart, takenOver } from './postgres-problem.ts';

/** “Asid”: whoever holds this lock of a database is the one Aside that writes there. */
const lock = 0x41736964;

/** A database sends this often when nothing is said, and a line is given up when nothing comes back; in seconds. */
const keepAlive = { after: 5, every: 2, times: 3 };

/** So long it may take, in ms: to connect, to be let in, to make or move the tables, and to say farewell. */
const [connecting, arriving, preparing, farewell] = [5_000, 8_000, 600_000, 1_000];

/** So long it is waited before the next attempt, at first and at most, in ms. */
const [soon, later] = [50, 1_000];

/** Where the database is, who this process is among those that use it, and how long to wait for it or for another who has it (ms). */
export type LineOptions = { readonly url: string; readonly name: string; readonly mark: string; readonly patience: number; readonly clock: Clock };

/** The one connection of this process. It holds the lock by which there is only one writer, so that whatever was lost with it was lost with the lock. */
export class PostgresLine {
  readonly #options: LineOptions;
  readonly #closing = new AbortController();
  #client: Client | undefined;
  #coming: Promise<Client> | undefined;
  #gone: Problem | undefined;

  private constructor(options: LineOptions) {
    this.#options = options;
  }

  /** Connects for the first time; `prepare` makes or accepts the tables once nobody else can. */
  static async open<T>(options: LineOptions, prepare: (client: Client) => Promise<T>): Promise<{ line: PostgresLine; prepared: T }> {
    const line = new PostgresLine(options);
    const { patience, name, mark, clock } = options;
    const until = clock.now() + patience;
    const goesOn = async () => clock.now() < until;
    for (let nap = soon; ; nap = Math.min(later, nap * 2)) {
      const client = line.#dial();
      try {
        await line.#arrive(client, goesOn);
        const prepared = await line.#within(preparing, client, () => prepare(client));
        await client.query('update aside.store set owner = $1', [mark]);
        line.#client = client;
        return { line, prepared };
      } catch (error) {
        line.#drop(client);
        if (!isLost(error) || !(await goesOn())) throw refusedAtStart(error, name);
        await line.#nap(nap);
      }
    }
  }

  /** Does something over the line as soon as it is up, and for at most so long; throws what `isLost` knows when the line failed in between. */
  async use<T>(work: (client: Client) => Promise<T>, within: number): Promise<T> {
    const client = await this.#up();
    try {
      return await this.#within(within, client, () => work(client));
    } catch (error) {
      if (isLost(error)) this.#drop(client);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#gone ??= closed();
    this.#closing.abort();
    const client = this.#client;
    this.#client = undefined;
    if (!client) return;
    await this.#within(farewell, client, () => client.end()).catch(() => undefined);
  }

  #up(): Promise<Client> {
    if (this.#gone) return Promise.reject(this.#gone);
    if (this.#client) return Promise.resolve(this.#client);
    this.#coming ??= this.#comeBack().finally(() => {
      this.#coming = undefined;
    });
    return this.#coming;
  }

  /** Tries until it is back, or until another Aside has been there. */
  async #comeBack(): Promise<Client> {
    for (let nap = soon; !this.#gone; nap = Math.min(later, nap * 2)) {
      const client = this.#dial();
      try {
        await this.#within(arriving, client, async () => {
          await this.#arrive(client, () => this.#stillOurs(client));
          if (!(await this.#stillOurs(client))) throw this.#gone;
        });
        this.#client = client;
        return client;
      } catch {
        this.#drop(client);
        if (!this.#gone) await this.#nap(nap);
      }
    }
    throw this.#gone;
  }

  #dial(): Client {
    const socket = new Socket();
    const client = new Client({
      connectionString: this.#options.url,
      connectionTimeoutMillis: connecting,
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAlive.after * 1_000,
      stream: () => socket,
    });
    sockets.set(client, socket);
    for (const event of ['error', 'end'] as const) client.on(event, () => this.#drop(client));
    return client;
  }

  /** Connects and takes the lock; while another has it, `goesOn` says whether to wait. */
  async #arrive(client: Client, goesOn: () => Promise<boolean>): Promise<void> {
    await client.connect();
    await this.#within(arriving, client, () => this.#greet(client));
    for (let nap = soon; !(await takesLock(client)); nap = Math.min(later, nap * 2)) {
      if (!(await goesOn())) throw inUse(this.#options.name);
      await this.#nap(nap);
    }
  }

  /** Lets go of the line when this takes longer: then it throws what `isLost` knows. */
  async #within<T>(ms: number, client: Client, work: () => Promise<T>): Promise<T> {
    const done = new AbortController();
    this.#options.clock.sleep(ms, done.signal).then(
      () => this.#drop(client),
      () => undefined,
    );
    try {
      return await work();
    } finally {
      done.abort();
    }
  }

  #nap(ms: number): Promise<void> {
    return this.#options.clock.sleep(ms, this.#closing.signal).catch(() => undefined);
  }

  /** A commit is on disk when it is answered; a line that is down is noticed there too; and what is left of our lines before goes. */
  async #greet(client: Client): Promise<void> {
    const { mark } = this.#options;
    await client.query(
      `set application_name = 'aside ${mark}'; set client_encoding = 'UTF8'; set statement_timeout = 0; set lock_timeout = 0; set tcp_keepalives_idle = ${keepAlive.after}; set tcp_keepalives_interval = ${keepAlive.every}; set tcp_keepalives_count = ${keepAlive.times}`,
    );
    const { rows } = await client.query<{ copy: boolean }>('select pg_is_in_recovery() as copy');
    if (rows[0]?.copy) throw new Lost('this is only a copy of a database, for now');
    await client.query("select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'");
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()', [
      `aside ${mark}`,
    ]);
  }

  async #stillOurs(client: Client): Promise<boolean> {
    const { rows } = await client.query<{ owner: string }>('select owner from aside.store');
    if (rows[0]?.owner !== this.#options.mark) this.#gone = takenOver();
    return !this.#gone;
  }

  /** Lets go of a line that is not to be trusted any more; who waits for an answer from it is told that it is lost. */
  #drop(client: Client): void {
    if (client === this.#client) this.#client = undefined;
    sockets.get(client)?.destroy();
  }
}

/** The sockets under the connections: to end one that does not answer, nothing may be said over it. */
const sockets = new WeakMap<Client, Socket>();

async function takesLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ ours: boolean }>('select pg_try_advisory_lock($1) as ours', [lock]);
  return rows[0]?.ours === true;
}
