import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from './free-port.ts';
import { remainsIn } from './remains.ts';

/** PostgreSQL refuses to run as root: Debian's package brings a user for it. `undefined` where root finds none. */
const runAs = ((): { uid?: number; gid?: number } | undefined => {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout?.trim();
  const [uid, gid] = [id('-u'), id('-g')];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
})();

/** Where the programs of PostgreSQL are, Debian's first; `undefined` where there is none. */
export const postgresPrograms = ((): string | undefined => {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const places = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(':')];
  return runAs && places.find((place) => existsSync(join(place, 'initdb')));
})();

const leftovers: (() => void)[] = [];
process.on('exit', () => {
  for (const clear of leftovers) clear();
});

/** A real PostgreSQL of its own for one file of tests; it can be killed and started again. */
export async function postgresServer() {
  if (!postgresPrograms || !runAs) throw new Error('there is no PostgreSQL here');
  // the folder of a test run is for its own user only
  const folder = mkdtempSync('/tmp/aside-postgres-');
  if (runAs.uid !== undefined) chownSync(folder, runAs.uid, runAs.gid!);
  const data = join(folder, 'data');
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
  execFileSync(
    join(postgresPrograms, 'initdb'),
    ['-D', data, '-U', 'aside', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--wal-segsize=1', '--no-sync'],
    {
      ...runAs,
      env,
      cwd: folder,
      stdio: 'ignore',
    },
  );
  const port = await freePort();
  // whoever does not wait for the disk shall lose something; and after a crash it would bring every file of a folder home one by one
  const atOnce = process.platform === 'linux' ? ['recovery_init_sync_method=syncfs'] : [];
  const settings = ['shared_buffers=16MB', 'wal_writer_delay=10s', ...atOnce].flatMap((setting) => ['-c', setting]);
  let running = await start();
  leftovers.push(() => {
    running.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(more: readonly string[] = []) {
    const args = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', '', ...settings, ...more];
    const child = spawn(join(postgresPrograms!, 'postgres'), args, { ...runAs, env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    let told = '';
    child.stderr.setEncoding('utf8');
    await new Promise<void>((resolve, reject) => {
      child.stderr.on('data', (text: string) => {
        told += text;
        if (told.includes('ready to accept connections')) resolve();
      });
      child.once('exit', () => reject(new Error(`PostgreSQL did not start: ${told}`)));
    });
    return child;
  }

  const url = (name: string, at = port) => `postgres://aside@127.0.0.1:${at}/${name}`;
  let databases = 0;

  /** Says something to a database as any SQL client does. */
  async function say<T extends object>(name: string, text: string): Promise<T[]> {
    const client = new Client({ connectionString: url(name) });
    await client.connect();
    try {
      return (await client.query<T>(text)).rows;
    } finally {
      await client.end();
    }
  }

  return {
    port,
    url,
    say,
    /** The name of a new, empty database. */
    async newDatabase(): Promise<string> {
      databases += 1;
      const name = `story_${databases}`;
      await say('postgres', `create database ${name}`);
      return name;
    },
    /** A database of an earlier story without anything in it: sooner there than a new one. */
    async emptied(name: string): Promise<string> {
      await say(name, 'drop schema if exists aside cascade; drop table if exists session_events, sessions');
      return name;
    },
    /** In which of its files, the log of what is new among them, any of this stands. */
    async filesWith(name: string, searched: readonly Uint8Array[]): Promise<string[]> {
      const [found] = await say<{ oid: number }>(name, 'select oid from pg_database where datname = current_database()');
      return [join('base', String(found!.oid)), 'pg_wal'].flatMap((part) => remainsIn(searched, join(data, part)));
    },
    /** Kills every process of it at once, as a crash does: what was not on disk is gone. */
    async crash(): Promise<void> {
      const gone = once(running, 'exit');
      running.kill('SIGQUIT');
      await gone;
    },
    async start(more: readonly string[] = []): Promise<void> {
      running = await start(more);
    },
    async end(): Promise<void> {
      const gone = once(running, 'exit');
      running.kill('SIGQUIT');
      if (running.exitCode === null) await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type PostgresServer = Awaited<ReturnType<typeof postgresServer>>;
