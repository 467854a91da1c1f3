import type { Client } from 'pg';
import type { Entry, Kind } from '../core/entry.ts';
import { overAt, talkEventOf } from '../insight/talk-record.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether the tables of the realtime backend have a place for this conversation. */
export const isReadable = (kind: Kind, id: string): boolean => kind === 'talk' && uuid.test(id);

/** Writes down, for any SQL client, what was just added to a talk; to be called in the transaction that adds it. */
export async function tellReadable(client: Client, id: string, entries: readonly Entry[]): Promise<void> {
  const [first] = entries;
  if (first?.type === 'opened')
    await client.query('insert into public.sessions (session_id, user_id, start_time) values ($1, $2, $3)', [
      id,
      plain(first.user ?? first.by),
      first.at,
    ]);
  const events = entries.flatMap((entry) => talkEventOf(entry) ?? []);
  if (events.length > 0)
    await client.query(
      `insert into public.session_events (session_id, event_type, role, content, created_at)
       select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[])`,
      [
        id,
        events.map(({ event_type }) => event_type),
        events.map(({ role }) => role),
        events.map(({ content }) => content && plain(content)),
        events.map(({ created_at }) => created_at),
      ],
    );
  for (const entry of entries) {
    if (entry.type === 'ended')
      await client.query(
        'update public.sessions set end_time = $2, duration_seconds = greatest(0, round(extract(epoch from $2::timestamptz - start_time))) where session_id = $1',
        [id, overAt([entry])],
      );
    if (entry.type === 'summed') await client.query('update public.sessions set summary = $2 where session_id = $1', [id, plain(entry.text)]);
  }
}

/** Tells it again from the beginning, after something of it was taken off the record. */
export async function tellAgain(client: Client, id: string, entries: readonly Entry[]): Promise<void> {
  await client.query('delete from public.session_events where session_id = $1', [id]);
  await tellReadable(client, id, entries.slice(1));
}

export async function forgetReadable(client: Client, id: string): Promise<void> {
  if (uuid.test(id)) await client.query('delete from public.sessions where session_id = $1', [id]);
}

/** PostgreSQL has no text with a zero in it. */
const plain = (text: string) => text.replaceAll('\0', '\uFFFD');
