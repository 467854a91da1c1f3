import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Chosen } from '../cli/greeting.ts';
import type { ServiceSettings } from '../config.ts';
import type { Store } from '../core/ports.ts';
import type { Book } from '../engines/purse.ts';
import { realClock as clock } from '../engines/real-clock.ts';
import { makeDataFolder } from '../stores/data-folder.ts';
import { dayBook } from '../stores/day-book.ts';
import { memoryStore } from '../stores/memory.ts';
import { sqliteStore } from '../stores/sqlite.ts';

/** How long to wait for an Aside that is still leaving the data folder, in ms. */
const patience = 5_000;
/** How long to wait for a database elsewhere, and for an Aside that has it: one whose machine is gone is let go of after some seconds. */
const patienceFar = 15_000;

/** Where conversations are kept, and beside them what the day has cost. */
export type Kept = { chosen: Chosen; store: Store; book?: Book & { close(): Promise<void> } };

/** Where conversations are kept. */
export async function chooseStore(settings: ServiceSettings): Promise<Kept> {
  if (settings.STORE === 'memory')
    return {
      chosen: { name: 'memory', about: 'in memory: forgotten when this process ends.', better: 'STORE=sqlite keeps it.' },
      store: memoryStore(randomUUID()),
    };
  await makeDataFolder(settings.DATA_DIR);
  const kept = await (settings.DATABASE_URL ? inPostgres(settings, settings.DATABASE_URL) : inSqlite(settings));
  try {
    return { ...kept, book: await dayBook(join(settings.DATA_DIR, 'spent.json'), clock) };
  } catch (error) {
    await kept.store.close();
    throw error;
  }
}

const about = 'words and advice, sealed; sound only where everybody agreed.';

async function inSqlite({ DATA_DIR, DATA_KEY }: ServiceSettings): Promise<Kept> {
  const path = join(DATA_DIR, 'aside.db');
  const store = await sqliteStore(path, { ...(DATA_KEY && { key: DATA_KEY }), patience });
  return { chosen: { name: 'sqlite', about: `${resolve(path)}: ${about}` }, store };
}

async function inPostgres({ DATA_DIR, DATA_KEY }: ServiceSettings, url: string): Promise<Kept> {
  // whoever keeps a file needs no driver
  const { databaseName, postgresStore } = await import('../stores/postgres.ts');
  const key = DATA_KEY && { key: DATA_KEY };
  const store = await postgresStore(url, { folder: DATA_DIR, ...key, patience: patienceFar, clock, mark: randomUUID() });
  return { chosen: { name: 'postgres', about: `PostgreSQL at ${databaseName(url)}: ${about}` }, store };
}
