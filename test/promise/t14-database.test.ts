import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Entry } from '../../src/core/entry.ts';
import type { Store } from '../../src/core/ports.ts';
import { realClock } from '../../src/engines/real-clock.ts';
import { type PostgresOptions, postgresStore } from '../../src/stores/postgres.ts';
import { lossyLine } from '../support/lossy-line.ts';
import { needs, titled } from '../support/needs.ts';
import { newFolder } from '../support/new-folder.ts';
import { doorsAtOutage, wordsOfPeople } from '../support/outage-doors.ts';
import { planted } from '../support/planted.ts';
import { type PostgresServer, postgresPrograms, postgresServer } from '../support/postgres.ts';
import { interview, served } from '../support/served.ts';
import { figure, tier } from '../support/tier.ts';
import { type VirtualClock, virtualClock } from '../support/virtual-clock.ts';
import { wholeLog } from '../support/whole-log.ts';

const opened: Entry = { seq: 1, at: '2026-01-01T00:00:00.000Z', by: 'user', type: 'opened', kind: 'coach', title: '' };
const said = (seq: number, text: string): Entry => ({ seq, at: '2026-01-01T00:00:01.000Z', by: 'ear', type: 'said', via: 'voice', text });

/** Lets both times pass, that of the test and that of the machine. */
const both = (clock: VirtualClock, ms = 50) => Promise.all([clock.advance(ms), sleep(10)]);

describe.skipIf(!postgresPrograms)(titled(postgresPrograms, needs.postgres, 'T14 a PostgreSQL that is lost'), () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await postgresServer();
  });
  afterAll(() => server?.end());

  const open = (port: number, name: string, options: Partial<PostgresOptions> = {}, make = postgresStore) =>
    make(server.url(name, port), { folder: newFolder(), clock: realClock, mark: crypto.randomUUID(), ...options });

  /** Crashes PostgreSQL again and again under eight writers; tells what was acknowledged, and how much of it is lost, doubled or refused. */
  async function crashes(count: number, make = postgresStore): Promise<{ lines: number; astray: number }> {
    const store = await open(server.port, await server.newDatabase(), {}, make);
    let over = false;
    let [lines, astray] = [0, 0];
    async function write(id: string): Promise<void> {
      const log: Entry[] = [opened];
      await store.append(id, log);
      while (!over && astray === 0) {
        const entry = said(log.length + 1, `line ${log.length + 1} of ${id}`);
        try {
          await Promise.all([store.append(id, [entry]), store.keepSound(id, log.length, Uint8Array.of(log.length % 256))]);
          log.push(entry);
        } catch {
          astray += 1;
        }
      }
      const kept = await wholeLog(store, id);
      lines += log.length;
      astray += Math.abs(kept.length - log.length) + log.filter((entry, at) => JSON.stringify(entry) !== JSON.stringify(kept[at])).length;
      astray += Math.abs((await Array.fromAsync(store.sounds(id))).length - (log.length - 1));
    }
    const writing = Array.from({ length: 8 }, () => write(crypto.randomUUID()));
    for (let crash = 0; crash < count && astray === 0; crash += 1) {
      // so that there is something to lose each time
      for (let line = 0; line < 5; line += 1) await store.append(crypto.randomUUID(), [opened]);
      await server.crash();
      await server.start();
    }
    over = true;
    await Promise.all(writing);
    await store.close();
    return { lines, astray };
  }

  test('in the middle of everything, again and again, loses nothing that was acknowledged, and doubles nothing', async () => {
    const count = tier({ quick: 3, long: 40 });
    const { lines, astray } = await crashes(count);
    figure('T14', 'crashes of PostgreSQL', count);
    figure('T14', 'lines acknowledged meanwhile', lines, { least: 1 });
    figure('T14', 'acknowledged and lost or doubled by them', astray, { most: 0 });
  });

  test('planted: a store that does not wait for the disk is caught', async () => {
    const fault = {
      file: 'src/stores/postgres-line.ts',
      was: "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'",
      is: "select set_config('synchronous_commit', 'off', false)",
    };
    const copy = (await import(/* @vite-ignore */ new URL('src/stores/postgres.ts', planted(fault)).href)) as { postgresStore: typeof postgresStore };
    expect((await crashes(20, copy.postgresStore)).astray).toBeGreaterThan(0);
  });

  const linesTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => said(from + index, `line ${from + index}`));
  /** What is written at once, and the row in which the last of it lies: of the last portion all of it in one. */
  const portions = [
    { lines: linesTo(2, 2), row: 2 },
    { lines: linesTo(3, 3), row: 3 },
    { lines: linesTo(4, 64), row: 64 },
    { lines: linesTo(65, 128), row: 65 },
  ];

  /** What becomes of lines whose commits were done, and whose answers were lost with the line. */
  async function unanswered(make = postgresStore): Promise<{ refused: number; kept: Entry[] }> {
    await using line = await lossyLine(server.port);
    const name = await server.newDatabase();
    const store = await open(line.port, name, {}, make);
    await store.append('a', [opened]);
    let refused = 0;
    for (const { lines, row } of portions) {
      // so that the next thing that is said over the line is the line of the log
      await wholeLog(store, 'a');
      line.become('mute');
      const written = store.append('a', lines).catch(() => {
        refused += 1;
      });
      await expect.poll(() => server.say(name, 'select max(seq) as seq from aside.entries'), { timeout: 20_000 }).toEqual([{ seq: row }]);
      line.become('up');
      await written;
    }
    const kept = await wholeLog(store, 'a');
    await store.close();
    return { refused, kept };
  }

  test('just before it answers is asked whether it was done, and nothing is done twice', async () => {
    const { refused, kept } = await unanswered();
    expect(kept).toEqual([opened, ...linesTo(2, 128)]);
    figure('T14', 'lines refused that were kept', refused, { most: 0 });
  });

  test('planted: a store that only does it again is caught', async () => {
    const fault = { file: 'src/stores/postgres-log.ts', was: 'if (tried && (await tried.isThere(client))) return tried.refused;', is: '' };
    const copy = (await import(/* @vite-ignore */ new URL('src/stores/postgres.ts', planted(fault)).href)) as { postgresStore: typeof postgresStore };
    expect((await unanswered(copy.postgresStore)).refused).toBeGreaterThan(0);
  });

  test('without a word is given up after some seconds, and what waited is done over another line', async () => {
    await using line = await lossyLine(server.port);
    const clock = virtualClock();
    const store = await open(line.port, await server.newDatabase(), { clock });
    await store.append('a', [opened]);
    line.become('deaf');
    let done = false;
    const written = Promise.all([store.append('a', [said(2, 'said into nothing')]), wholeLog(store, 'a')]).finally(() => {
      done = true;
    });
    line.become('up');
    await clock.advance(7_000);
    expect(done).toBe(false);
    while (!done) await both(clock);
    expect((await written)[1]).toEqual([opened, said(2, 'said into nothing')]);
    line.become('deaf');
    let closed = false;
    const lost = expect(store.append('a', [said(3, 'nobody waits for this')])).rejects.toMatchObject({ code: 'restarting' });
    const closing = store.close().finally(() => {
      closed = true;
    });
    while (!closed) await both(clock);
    await Promise.all([closing, lost]);
  });

  test('and lets in without another word is given up too', async () => {
    await using line = await lossyLine(server.port);
    const clock = virtualClock();
    const store = await open(line.port, await server.newDatabase(), { clock });
    await store.append('a', [opened]);
    line.become('down');
    let done = false;
    const written = store.append('a', [said(2, 'said to a wall')]).finally(() => {
      done = true;
    });
    line.become('dull');
    let dulled = false;
    line.dulled.then(() => {
      dulled = true;
    });
    while (!dulled) await both(clock);
    line.become('up');
    for (let waited = 0; !done && waited < 60_000; waited += 50) await both(clock);
    expect(done).toBe(true);
    await written;
    expect(await wholeLog(store, 'a')).toEqual([opened, said(2, 'said to a wall')]);
    await store.close();
  });

  test('that is only slow gets twice as long each time, so that what is large is done one day', async () => {
    await using line = await lossyLine(server.port);
    const [clock, name] = [virtualClock(), await server.newDatabase()];
    const store = await open(line.port, name, { clock });
    await store.append('a', [opened]);
    const other = new Client({ connectionString: server.url(name) });
    await other.connect();
    await other.query('begin; lock table aside.entries');
    const written = store.append('a', [said(2, 'after a while')]);
    const waits = async (before?: number): Promise<number> => {
      for (;;) {
        const [found] = await server.say<{ pid: number }>(
          name,
          "select pid from pg_locks where not granted and relation = 'aside.entries'::regclass",
        );
        if (found && found.pid !== before) return found.pid;
        await both(clock, 10);
      }
    };
    const first = await waits();
    await clock.advance(8_001);
    await waits(first);
    const { made } = line;
    await clock.advance(8_001);
    for (let turn = 0; turn < 5; turn += 1) await both(clock);
    expect(line.made).toBe(made);
    await other.query('commit');
    await other.end();
    await written;
    expect(await wholeLog(store, 'a')).toEqual([opened, said(2, 'after a while')]);
    await store.close();
  });

  test('and asked for more and more says so to those who come last, and answers the others when it is back', async () => {
    await using line = await lossyLine(server.port);
    const store = await open(line.port, await server.newDatabase(), { most: 3 });
    await store.append('a', [opened]);
    line.become('down');
    // one is asked already, three wait
    const asked = Array.from({ length: 4 }, () => wholeLog(store, 'a'));
    const tooMuch = expect.objectContaining({ code: 'storage_slow', message: expect.stringMatching(/too much waits for it/) });
    await expect(store.append('a', [said(2, 'one too many')])).rejects.toEqual(tooMuch);
    line.become('up');
    expect(await Promise.all(asked)).toEqual(asked.map(() => [opened]));
    await store.append('a', [said(2, 'in its turn')]);
    await store.close();
  });

  /** What becomes of a process that lost its database, when another has used it meanwhile. */
  async function takenOver(make = postgresStore): Promise<{ store: Store; answer: unknown; kept: Entry[] }> {
    await using line = await lossyLine(server.port);
    const [name, folder] = [await server.newDatabase(), newFolder()];
    const store = await open(line.port, name, { folder }, make);
    await store.append('a', [opened, said(2, 'by the first')]);
    line.become('down');
    const late = store.append('a', [said(3, 'by the first, late')]).then(
      () => 'kept',
      (error: unknown) => error,
    );
    const other = await open(server.port, name, { folder, patience: 20_000 });
    await other.append('a', [said(3, 'by the other')]);
    line.become('up');
    await expect
      .poll(() =>
        server.say(
          name,
          "select count(distinct pid)::int as lines from pg_stat_activity where datname = current_database() and application_name like 'aside %'",
        ),
      )
      .toEqual([{ lines: 1 }]);
    await other.close();
    const answer = await late;
    await store.close();
    const again = await open(server.port, name, { folder });
    const kept = await wholeLog(again, 'a');
    await again.close();
    return { store, answer, kept };
  }

  test('and was used by another Aside meanwhile is written by this one no more, and it says so', async () => {
    const { store, answer, kept } = await takenOver();
    expect(answer).toMatchObject({
      code: 'storage_failed',
      message: expect.stringMatching(/^Another Aside has used the database while this one had lost it/),
    });
    expect(kept).toEqual([opened, said(2, 'by the first'), said(3, 'by the other')]);
    await expect(store.append('b', [opened])).rejects.toMatchObject({ code: 'storage_failed' });
  });

  test('for half a minute kills no session of any of the five doors: whoever speaks is sent away to come back, whoever listens stays, and each line is there once', async () => {
    const store = await open(server.port, await server.newDatabase());
    await using here = await served({}, { store, ...tier({ quick: { budgets: { append: 200, storage: 1_500 } }, long: {} }) });
    const doors = await Promise.all(
      doorsAtOutage(here).map(async (door) => ({ ...door, id: await door.open(), quiet: await door.open(), sentAway: 0, codes: new Set<unknown>() })),
    );
    type Door = (typeof doors)[number];
    const staying = await Promise.all(doors.map(({ listen, quiet }) => listen(quiet)));
    const away = doors.map(() => Promise.withResolvers<void>());

    /** Says it as a client does: again and again over one connection after the other, until it is acknowledged. */
    async function say(door: Door, ref: string, text = `line ${ref}`, id = door.id): Promise<void> {
      for (;;) {
        try {
          return await door.say(id, ref, text);
        } catch (error) {
          door.codes.add((error as { how?: unknown }).how ?? String(error));
          door.sentAway += 1;
          away[doors.indexOf(door)]!.resolve();
          await sleep(100);
        }
      }
    }
    const everybody = (ref: string) => Promise.all(doors.map((door) => say(door, ref)));

    await everybody('a');
    await server.crash();
    const late = everybody('b');
    await Promise.all(away.map(({ promise }) => promise));
    const stalls = monitorEventLoopDelay({ resolution: 5 });
    stalls.enable();
    expect((await here.post('/session', interview)).status).toBe(503);
    expect((await fetch(`${here.base}/ready`)).status).toBe(503);
    expect((await fetch(`${here.base}/health`)).status).toBe(200);
    // this is what is tested, not something that is waited for
    await sleep(tier({ quick: 0, long: 30_000 }));
    await server.start();
    const from = performance.now();
    await late;
    stalls.disable();
    figure('T14', 'longest stall of the main loop while PostgreSQL was away, ms', stalls.max / 1e6, { most: 50, soft: true });
    figure('T14', 'a line of every door is kept again after PostgreSQL is back, ms', performance.now() - from, { most: 5_000, soft: true });
    await everybody('c');
    await expect.poll(async () => (await fetch(`${here.base}/ready`)).status, { timeout: 20_000 }).toBe(200);
    await Promise.all(staying.map((isThere) => isThere()));
    // a busy machine may be slower than this store may be
    await Promise.all(doors.map((door) => say(door, 'd', 'still here', door.quiet)));
    const texts = async (id: string) => wordsOfPeople(await wholeLog(store, id));
    const found = await Promise.all(
      doors.map(async ({ door, id, quiet, codes }) => ({ door, said: await texts(id), quiet: await texts(quiet), codes: [...codes] })),
    );
    const wanted = { said: ['line a', 'line b', 'line c'], quiet: ['still here'], codes: [1013] };
    // at the desk, whoever comes back looks first, over REST
    const told = ({ door, codes }: (typeof found)[number]) => codes.filter((code) => !(door === 'desk' && code === 503));
    expect(found.map((each) => ({ ...each, codes: told(each) }))).toEqual(doors.map(({ door }) => ({ door, ...wanted })));
    const sentAway = doors.map(({ sentAway }) => sentAway);
    figure('T14', 'doors whose speakers were sent away to come back while PostgreSQL was away', sentAway.filter((times) => times > 0).length, {
      least: 5,
    });
  });
});
