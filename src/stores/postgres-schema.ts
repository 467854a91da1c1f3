import type { Client } from 'pg';
import { Problem } from '../core/problem.ts';
import { masterKey } from './master-key.ts';
import { checkName, nameStore } from './sealed.ts';

/** How the tables came to be, step by step: the number of steps that a database has seen stands in it. Only append to this list. */
export const steps: readonly string[] = [
  `create table aside.conversations (id text primary key, kind text not null, at text not null, key bytea not null, last integer not null, sounds integer not null);
   create table aside.entries (id text references aside.conversations on delete cascade, seq integer, body bytea not null, primary key (id, seq));
   create table aside.sounds (id text references aside.conversations on delete cascade, chunk bigint, body bytea not null, primary key (id, chunk));
   alter table aside.sounds alter body set storage external;`,
  // the tables of the realtime backend, for any SQL client: only talks, only their words
  `create table public.sessions (session_id uuid primary key, user_id text, start_time timestamptz not null, end_time timestamptz, duration_seconds integer, summary text);
   create table public.session_events (id bigint generated always as identity primary key, session_id uuid not null references public.sessions on delete cascade, event_type text not null, role text, content text, created_at timestamptz not null);
   create index session_events_in_order on public.session_events (session_id, id);`,
  `comment on table aside.entries is 'A row holds one entry, or a whole sheet of 64 that were written at once: seq is the first one''s.'`,
];

type Named = { epoch: string; proof: Uint8Array; steps: number };

/** Makes or moves the tables, and finds the key that opens them; to be called with the lock. */
export async function prepareTables(client: Client, folder: string, given: Uint8Array | undefined): Promise<{ epoch: string; master: Uint8Array }> {
  await checkServer(client);
  await client.query(
    `create schema if not exists aside;
     create table if not exists aside.store (one boolean primary key default true check (one), epoch text not null, proof bytea not null, steps integer not null, owner text not null);`,
  );
  const found = (await client.query<Named>('select epoch, proof, steps from aside.store')).rows[0];
  if (found && found.steps > steps.length) throw newer();
  const master = masterKey(folder, given, found && keyless());
  await client.query('begin');
  try {
    const named = found ?? { ...nameStore(master), steps: 0 };
    if (!found) await client.query("insert into aside.store (epoch, proof, steps, owner) values ($1, $2, 0, '')", [named.epoch, named.proof]);
    check(master, named);
    for (const step of steps.slice(named.steps)) await client.query(step);
    if (named.steps < steps.length) await client.query('update aside.store set steps = $1', [steps.length]);
    await client.query('commit');
    return { epoch: named.epoch, master };
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function checkServer(client: Client): Promise<void> {
  const { rows } = await client.query<{ fsync: string; version: number; encoding: string }>(
    "select current_setting('fsync') as fsync, current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding",
  );
  const { fsync, version, encoding } = rows[0]!;
  if (version < 13_00_00) throw new Problem('settings', 'DATABASE_URL leads to a PostgreSQL older than 13. Update it, or give another one.');
  if (encoding !== 'UTF8')
    throw new Problem(
      'settings',
      `The database of DATABASE_URL is encoded as ${encoding}, not as UTF8. Make one with createdb -E UTF8 -T template0.`,
    );
  if (fsync !== 'on')
    throw new Problem(
      'settings',
      'PostgreSQL runs with fsync = off, so that a power cut would take what was shown already. Turn it on in postgresql.conf.',
    );
}

function check(master: Uint8Array, named: Named): void {
  try {
    checkName(master, named);
  } catch (cause) {
    throw new Problem(
      'storage_damaged',
      'The key does not open what is in the database of DATABASE_URL: it is the key of another one. Set the DATA_KEY or put back the aside.key that belong to it, or give another database.',
      { cause },
    );
  }
}

const newer = () =>
  new Problem(
    'storage_failed',
    'The database of DATABASE_URL was written by a newer Aside, which this one cannot read. Update Aside, or give another database.',
  );

const keyless = () =>
  new Problem(
    'settings',
    'The database of DATABASE_URL is sealed, and the key to it is not here: there is no aside.key in the data folder. Put it back, set DATA_KEY, or give another database.',
  );
