import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Entry } from '../../src/core/entry.ts';
import { tombstone } from '../../src/core/forgetting.ts';
import { realClock } from '../../src/engines/real-clock.ts';
import type { TalkRecord } from '../../src/insight/talk-record.ts';
import { type PostgresOptions, postgresStore } from '../../src/stores/postgres.ts';
import { steps } from '../../src/stores/postgres-schema.ts';
import { storeContract } from '../contracts/store.ts';
import { childServer } from '../support/child-server.ts';
import { freePort } from '../support/free-port.ts';
import { needs, titled } from '../support/needs.ts';
import { newFolder } from '../support/new-folder.ts';
import { type PostgresServer, postgresPrograms, postgresServer } from '../support/postgres.ts';
import { interview, served } from '../support/served.ts';
import { textClient } from '../support/text-client.ts';
import { wholeLog } from '../support/whole-log.ts';

const opened: Entry = { seq: 1, at: '2026-01-01T00:00:00.000Z', by: 'user', type: 'opened', kind: 'coach', title: 'sentinel-title-4711' };
const said = (seq: number, text: string): Entry => ({ seq, at: '2026-01-02T03:04:05.678Z', by: 'ear', type: 'said', via: 'voice', text });
const log = [opened, ...Array.from({ length: 40 }, (_, index) => said(index + 2, `sentinel-line-4711 ${index}`))];
const damaged = { code: 'storage_damaged', message: expect.stringMatching(/^Part of this conversation is no longer on disk .*backup, or erase/) };

describe.skipIf(!postgresPrograms)(titled(postgresPrograms, needs.postgres, 'postgres'), () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await postgresServer();
  });
  afterAll(() => server?.end());

  const open = (name: string, options: Partial<PostgresOptions> = {}) =>
    postgresStore(server.url(name), { folder: newFolder(), clock: realClock, mark: crypto.randomUUID(), ...options });

  /** A database with two conversations in it; nobody has it open. */
  async function filled(): Promise<{ name: string; folder: string; epoch: string }> {
    const [name, folder] = [await server.newDatabase(), newFolder()];
    const store = await open(name, { folder });
    for (const id of ['a', 'b']) await store.append(id, log);
    await store.close();
    return { name, folder, epoch: store.epoch };
  }

  let contract: string | undefined;
  storeContract('postgres', async () => {
    contract ??= await server.newDatabase();
    return open(await server.emptied(contract));
  });

  test('S6 what was appended is there when the database is opened again, under the same name', async () => {
    const { name, folder, epoch } = await filled();
    const again = await open(name, { folder });
    expect(await wholeLog(again, 'a')).toEqual(log);
    expect(again.epoch).toBe(epoch);
    await again.append('a', [said(42, 'and on')]);
    await again.close();
    expect((await filled()).epoch).not.toBe(epoch);
  });

  test('S9 a full disk is one clear sentence, costs only whoever did not fit, and is forgotten when there is room', async () => {
    const name = await server.newDatabase();
    const store = await open(name);
    for (const id of ['greedy', 'modest']) await store.append(id, [opened]);
    await server.say(
      name,
      `create function full_disk() returns trigger language plpgsql as $$ begin raise exception 'no space left' using errcode = '53100'; end $$;
       create trigger full_disk before insert on aside.entries for each row when (length(new.body) > 50000) execute function full_disk()`,
    );
    const results = await Promise.allSettled([
      store.append('modest', [said(2, 'small')]),
      store.append('greedy', [said(2, 'x'.repeat(100_000))]),
      store.keepSound('modest', 1, Uint8Array.of(1)),
      store.append('greedy', [said(2, 'small enough')]),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'storage_full', message: expect.stringMatching(/^The disk of the database is full/) } });
    await server.say(name, 'drop trigger full_disk on aside.entries');
    await store.append('greedy', [said(3, 'x'.repeat(100_000))]);
    expect((await wholeLog(store, 'greedy')).map((entry) => entry.type === 'said' && entry.text.length)).toEqual([false, 12, 100_000]);
    await store.close();
  });

  test('S10 two processes on one database would number entries twice: the second is refused in words, and let in when the first has left', async () => {
    const { name, folder } = await filled();
    const one = await open(name, { folder });
    await expect(open(name, { folder })).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringMatching(/^Another Aside is already using the database 127\.0\.0\.1:\d+\/story_\d+\. Stop it, or/),
    });
    const other = open(name, { folder, patience: 20_000 });
    await one.append('a', [said(42, 'still the first')]);
    await one.close();
    const store = await other;
    expect((await wholeLog(store, 'a')).length).toBe(42);
    await store.close();
  });

  test('S17 of many that start at once on an empty database each comes in in its turn, and the tables are made once', async () => {
    const [name, folder] = [await server.newDatabase(), newFolder()];
    const names = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const store = await open(name, { folder, patience: 60_000 });
        await store.append(crypto.randomUUID(), log);
        await store.close();
        return store.epoch;
      }),
    );
    expect(new Set(names).size).toBe(1);
    expect(await server.say(name, 'select count(*)::int as count from aside.conversations')).toEqual([{ count: 4 }]);
  });

  test('S18 a database of before is moved on, step by step, with everything in it; one of a newer Aside is left alone', async () => {
    const { name, folder } = await filled();
    await server.say(name, 'drop table session_events, sessions; update aside.store set steps = 1');
    const store = await open(name, { folder });
    expect(await wholeLog(store, 'b')).toEqual(log);
    await store.close();
    expect(await server.say(name, 'select steps from aside.store')).toEqual([{ steps: steps.length }]);
    expect(await server.say(name, 'select * from session_events')).toEqual([]);
    await server.say(name, 'update aside.store set steps = steps + 1');
    await expect(open(name, { folder })).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringContaining('written by a newer Aside'),
    });
  });

  test('S18b two that start at once on a database of before: both come in, and it is moved on once', async () => {
    const { name, folder } = await filled();
    await server.say(name, 'drop table session_events, sessions; update aside.store set steps = 1');
    const come = async () => {
      const store = await open(name, { folder, patience: 60_000 });
      const kept = await wholeLog(store, 'b');
      await store.close();
      return kept;
    };
    expect(await Promise.all([come(), come()])).toEqual([log, log]);
    expect(await server.say(name, 'select steps from aside.store')).toEqual([{ steps: steps.length }]);
    expect(await server.say(name, 'select * from session_events')).toEqual([]);
  });

  test('S19 why it cannot begin is said in one sentence, without the password', async () => {
    const nobody = await freePort();
    const refusal = (url: string) => postgresStore(url, { folder: newFolder(), clock: realClock, mark: 'm' }).then(() => '', String);
    expect(await refusal(`postgres://me:sesame@127.0.0.1:${nobody}/aside`)).toBe(
      `Problem: The database 127.0.0.1:${nobody}/aside cannot be used: it does not answer. Start it, or look at the address (DATABASE_URL).`,
    );
    expect(await refusal(server.url('nowhere'))).toMatch(/there is no database of that name\. Make one with createdb/);
    expect(await refusal(server.url('postgres').replace('aside@', 'stranger:sesame@'))).toMatch(/does not let this user in(?!.*sesame)/);
    const name = await server.newDatabase();
    await server.say(name, 'create table public.sessions (somebody text)');
    expect(await refusal(server.url(name))).toMatch(/has tables sessions or session_events that are not Aside’s/);
    expect(await server.say(name, 'select * from sessions')).toEqual([]);
    expect(await server.say(name, "select 1 from pg_tables where schemaname = 'aside' and tablename <> 'store'")).toEqual([]);
  });

  describe('what is in it is sealed', () => {
    test('D1 nobody reads a word or the time of a line in any file of the server, nor after it was erased', async () => {
      const { name, folder } = await filled();
      const words = ['sentinel-title-4711', 'sentinel-line-4711', '2026-01-02T03:04', '"type":"said"'].map((word) => Buffer.from(word));
      expect(await server.filesWith(name, [Buffer.from('2026-01-01T00:00')])).not.toEqual([]);
      expect(await server.filesWith(name, words)).toEqual([]);
      const store = await open(name, { folder });
      await store.scrub('a', [5]);
      await store.erase('b');
      await store.close();
      expect(await server.say(name, "select id from aside.conversations where id = 'b' union select id from aside.entries where id = 'b'")).toEqual(
        [],
      );
      expect(await server.filesWith(name, words)).toEqual([]);
    });

    test('D2 a row that was changed, swapped, taken out, put back or cut off at the end is never handed out', async () => {
      const { name, folder } = await filled();
      const changes = [
        "update aside.entries set body = (select body from aside.entries where id = 'b' and seq = 20) where id = 'a' and seq = 20",
        "update aside.entries set body = (select body from aside.entries where id = 'a' and seq = 21) where id = 'a' and seq = 20",
        "delete from aside.entries where id = 'a' and seq = 20",
        "delete from aside.entries where id = 'a' and seq = 1",
        "delete from aside.entries where id = 'a' and seq > 20",
        "delete from aside.entries where id = 'a'",
        "update aside.conversations set last = 20 where id = 'a'",
        "update aside.conversations set last = 0 where id = 'a'",
        "update aside.conversations set kind = 'room' where id = 'a'",
        "update aside.conversations set key = (select key from aside.conversations where id = 'b') where id = 'a'",
        "update aside.conversations set id = 'other' where id = 'a'; update aside.entries set id = 'other' where id = 'a'",
      ];
      const before = await open(name, { folder });
      for (const index of changes.keys()) await before.append(`a${index}`, log);
      await before.close();
      await server.say(name, 'alter table aside.entries drop constraint entries_id_fkey');
      for (const [index, change] of changes.entries()) await server.say(name, change.replaceAll("'a'", `'a${index}'`));
      const store = await open(name, { folder });
      for (const [index, change] of changes.entries()) {
        const read = wholeLog(store, change.includes("'other'") ? 'other' : `a${index}`);
        await expect(read, change).rejects.toMatchObject(damaged);
        await store.erase(`a${index}`);
      }
      expect(await wholeLog(store, 'b')).toEqual(log);
      await store.close();
    });

    test('D4 sound of which another number is told is refused, in a list where there is none or none is told of, until all of it is let go of', async () => {
      const { name, folder } = await filled();
      const before = await open(name, { folder });
      for (const chunk of [1, 2]) await before.keepSound('b', chunk, Uint8Array.of(chunk));
      await before.close();
      for (const told of [0, 3]) {
        await server.say(name, `update aside.conversations set sounds = ${told} where id = 'b'`);
        const store = await open(name, { folder });
        await expect(Array.fromAsync(store.sounds('b'))).rejects.toMatchObject(damaged);
        if (told === 0)
          await expect(Array.fromAsync(store.list())).rejects.toMatchObject({
            code: 'storage_damaged',
            message: expect.stringMatching(/^The list of/),
          });
        else await store.dropSounds('b');
        await store.close();
      }
      const after = await open(name, { folder });
      expect((await Array.fromAsync(after.list())).map(({ hasSound }) => hasSound)).toEqual([false, false]);
      await after.close();
    });

    test('D12 a sheet of entries that were written at once lies in one row, loses what is taken off the record, and is never handed out changed', async () => {
      const [name, folder] = [await server.newDatabase(), newFolder()];
      const long = [opened, ...Array.from({ length: 299 }, (_, index) => said(index + 2, `line ${index + 2}`))];
      const before = await open(name, { folder });
      const changes = [
        "update aside.entries set body = (select body from aside.entries where id = 'a' and seq = 129) where id = 'a' and seq = 65",
        "update aside.entries set body = set_byte(body, 40, get_byte(body, 40) # 1) where id = 'a' and seq = 65",
        "update aside.entries set body = set_byte(body, length(body) - 1, get_byte(body, length(body) - 1) # 1) where id = 'a' and seq = 65",
        "delete from aside.entries where id = 'a' and seq = 65",
        "insert into aside.entries select 'a', 66, body from aside.entries where id = 'a' and seq = 65",
      ];
      for (const id of ['whole', ...changes.keys()]) await before.append(String(id), long);
      expect(await server.say(name, "select seq from aside.entries where id = 'whole' order by seq limit 5")).toEqual(
        [1, 65, 129, 193, 257].map((seq) => ({ seq })),
      );
      const [older] = await server.say<{ body: Uint8Array }>(name, "select body from aside.entries where id = 'whole' and seq = 65");
      await before.scrub('whole', [70]);
      await before.close();
      for (const [index, change] of changes.entries()) await server.say(name, change.replaceAll("'a'", `'${index}'`));
      const store = await open(name, { folder });
      const without = long.map((entry) => (entry.seq === 70 ? tombstone(entry) : entry));
      expect(await wholeLog(store, 'whole')).toEqual(without);
      await store.append('whole', [said(301, 'and on')]);
      expect(await wholeLog(store, 'whole', 66)).toEqual([...without.slice(66), said(301, 'and on')]);
      for (const [index, change] of changes.entries()) {
        const read: Entry[] = [];
        const reading = async () => {
          for await (const page of store.read(String(index))) read.push(...page);
        };
        await expect(reading(), change).rejects.toMatchObject(damaged);
        expect(read.length, change).toBeGreaterThanOrEqual(64);
        expect(read, change).toEqual(long.slice(0, read.length));
      }
      await server.say(name, `update aside.entries set body = '\\x${Buffer.from(older!.body).toString('hex')}' where id = 'whole' and seq = 65`);
      await expect(wholeLog(store, 'whole')).rejects.toMatchObject(damaged);
      await store.close();
    });

    test('D6 its key lies in the data folder or is given; without it, or with another, nothing begins and nothing is made', async () => {
      const { name, folder } = await filled();
      const file = join(folder, 'aside.key');
      expect(existsSync(file)).toBe(true);
      await expect(open(name, { folder, key: Buffer.alloc(32, 7) })).rejects.toMatchObject({
        code: 'storage_damaged',
        message: expect.stringMatching(/^The key does not open what is in the database/),
      });
      writeFileSync(file, 'too short');
      await expect(open(name, { folder })).rejects.toMatchObject({ code: 'settings', message: expect.stringContaining('should be 32 bytes') });
      rmSync(file);
      await expect(open(name, { folder })).rejects.toMatchObject({
        code: 'settings',
        message: expect.stringMatching(/is sealed, and the key to it is not here/),
      });
      expect(existsSync(file)).toBe(false);
      const given = { folder: newFolder(), key: Buffer.alloc(32, 7) };
      const other = await server.newDatabase();
      await (await open(other, given)).close();
      expect(existsSync(join(given.folder, 'aside.key'))).toBe(false);
      await (await open(other, given)).close();
    });
  });

  describe('the tables of the realtime backend', () => {
    const id = 'a3bb189e-8bf9-4f3e-8e57-5a2d1c0d4e11';
    const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`;
    const talk: Entry[] = [
      { seq: 1, at: at(0), by: 'alex', type: 'opened', kind: 'talk', title: '', user: 'alex' },
      { seq: 2, at: at(1), by: 'alex', type: 'said', via: 'text', text: 'what time \u0000 is it' },
      { seq: 3, at: at(2), by: 'assistant', type: 'called', call: 'c1', tool: 'time', input: { zone: 'UTC' } },
      { seq: 4, at: at(3), by: 'assistant', type: 'returned', call: 'c1', output: '12:00' },
      { seq: 5, at: at(4), by: 'assistant', type: 'said', via: 'text', text: 'it is noon' },
      { seq: 6, at: at(20), by: 'house', type: 'summed', text: 'They spoke about noon.', engine: 'rules' },
      { seq: 7, at: at(21), by: 'house', type: 'ended', why: 'gone', since: at(9) },
    ];
    const events = (name: string) => server.say(name, 'select event_type, role, content from session_events order by id');

    test('P1 can be read by any SQL client, and hold talks alone', async () => {
      const name = await server.newDatabase();
      const store = await open(name);
      await store.append('a', log);
      await store.append(id, talk.slice(0, 3));
      await store.append(id, talk.slice(3));
      await store.append('no-uuid', [{ ...talk[0]!, seq: 1 }]);
      expect(await server.say(name, 'select session_id, user_id, start_time, end_time, duration_seconds, summary from sessions')).toEqual([
        {
          session_id: id,
          user_id: 'alex',
          start_time: new Date(at(0)),
          end_time: new Date(at(9)),
          duration_seconds: 9,
          summary: 'They spoke about noon.',
        },
      ]);
      const told = [
        { event_type: 'message', role: 'user', content: 'what time \uFFFD is it' },
        { event_type: 'tool_call', role: 'assistant', content: '{"tool":"time","input":{"zone":"UTC"}}' },
        { event_type: 'tool_result', role: 'tool', content: '"12:00"' },
        { event_type: 'message', role: 'assistant', content: 'it is noon' },
      ];
      expect(await events(name)).toEqual(told);
      const psql = (query: string) => execFileSync(join(postgresPrograms!, 'psql'), [server.url(name), '-XAtc', query], { encoding: 'utf8' }).trim();
      expect(psql('select user_id, duration_seconds, summary from sessions')).toBe('alex|9|They spoke about noon.');
      expect(psql('select role from session_events order by id').split('\n')).toEqual(told.map(({ role }) => role));
      expect(await server.say(name, 'select distinct session_id, created_at from session_events order by created_at limit 1')).toEqual([
        { session_id: id, created_at: new Date(at(1)) },
      ]);
      await store.scrub(id, [2]);
      expect(await events(name)).toEqual(told.slice(1));
      expect(await wholeLog(store, id)).toEqual(talk.map((entry) => (entry.seq === 2 ? { seq: 2, at: at(1), by: 'user', type: 'removed' } : entry)));
      await store.erase(id);
      expect(await events(name)).toEqual([]);
      expect(await server.say(name, 'select * from sessions')).toEqual([]);
      await store.close();
    });

    test('P3 say of a real talk what its door says, when it is over', async () => {
      const name = await server.newDatabase();
      const store = await open(name);
      await using house = await served({}, { store, budgets: { talkGrace: 50 } });
      // as some systems write it
      const talked = crypto.randomUUID().toUpperCase();
      const client = textClient(`${house.base.replace('http', 'ws')}/ws/session/${talked}?user_id=ann`);
      await client.opened;
      client.send('What is 6 * 7?');
      await client.until((text) => text.includes('42'));
      client.close();
      const record = async () => (await (await fetch(`${house.base}/api/talks/${talked}`)).json()) as TalkRecord;
      await expect.poll(async () => (await record()).end_time, { timeout: 20_000 }).toEqual(expect.any(String));
      const { events: told, summary_by: _, ...session } = await record();
      expect(told.length).toBeGreaterThan(1);
      const rows = await server.say<Record<string, unknown>>(name, 'select * from sessions');
      expect(JSON.parse(JSON.stringify(rows))).toEqual([{ ...session, session_id: talked.toLowerCase() }]);
      const written = await server.say(name, 'select event_type, role, content, created_at from session_events order by id');
      expect(JSON.parse(JSON.stringify(written))).toEqual(told.map(({ id: _, ...event }) => event));
      await house.house.hub.erase(talked);
      expect(await server.say(name, 'select 1 from sessions union all select 1 from session_events')).toEqual([]);
    });

    test('P2 tell of a line if and only if it is kept', async () => {
      const name = await server.newDatabase();
      const store = await open(name);
      await store.append(id, talk.slice(0, 2));
      await server.say(name, 'alter table session_events add check (content <> $$it is noon$$)');
      await expect(store.append(id, talk.slice(2, 5))).rejects.toMatchObject({ code: 'storage_failed' });
      expect((await wholeLog(store, id)).length).toBe(2);
      expect((await events(name)).length).toBe(1);
      await store.close();
    });
  });

  test('S21 npm start with DATABASE_URL keeps sessions there, over kill -9, and names the database without its password', async () => {
    const name = await server.newDatabase();
    const environment = {
      DATABASE_URL: server.url(name).replace('aside@', 'aside:sesame@'),
      DATA_DIR: newFolder(),
      BRAIN: 'reflexes',
      VOICE: 'none',
    };
    const { session_id: id, token } = await (async () => {
      await using service = await childServer(environment);
      expect(service.said()).toMatch(/Log {4}PostgreSQL at 127\.0\.0\.1:\d+\/story_\d+: words and advice, sealed/);
      expect(service.said() + service.complained()).not.toContain('sesame');
      const answer = await fetch(`${service.base}/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(interview),
      });
      return (await answer.json()) as { session_id: string; token: string };
    })();
    await using again = await childServer(environment);
    expect((await fetch(`${again.base}/session/${id}/export`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    expect(existsSync(join(environment.DATA_DIR, 'aside.db'))).toBe(false);
    await again.end();
    const store = await open(name, { folder: environment.DATA_DIR });
    expect((await wholeLog(store, id))[0]).toMatchObject({ type: 'opened', context: interview.context });
    await store.close();
  });

  // last, since it starts the server anew
  test('S20 a server that is not there yet is waited for, and one that does not wait for its disk is refused', async () => {
    const { name, folder } = await filled();
    await server.crash();
    await server.start(['-c', 'fsync=off']);
    await expect(open(name, { folder })).rejects.toMatchObject({ code: 'settings', message: expect.stringContaining('fsync = off') });
    await server.crash();
    const waiting = open(name, { folder, patience: 60_000 });
    await server.start();
    await (await waiting).close();
  });
});
