import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Chosen } from '../cli/greeting.ts';
import type { ServiceSettings } from '../config.ts';
import type { Budgets } from '../core/budgets.ts';
import type { Store } from '../core/ports.ts';
import type { Book } from '../engines/purse.ts';
import { realClock as clock } from '../engines/real-clock.ts';
import { makeDataFolder } from '../stores/data-folder.ts';
import { dayBook } from '../stores/day-book.ts';
import { memoryStore } from '../stores/memory.ts';
import { sqliteStore } from '../stores/sqlite.ts';

/** Where conversations are kept, and beside them what the day has cost. */
export type Kept = { chosen: Chosen; store: Store; book?: Book & { close(): Promise<void> } };

/** Where conversations are kept; whoever waits for another to leave is told so. */
export async function chooseStore(settings: ServiceSettings, { takeOver: patience }: Budgets, tell: (sentence: string) => void): Promise<Kept> {
  if (settings.STORE === 'memory')
    return {
      chosen: { name: 'memory', about: 'in memory: forgotten when this process ends.', better: 'STORE=sqlite keeps it.' },
      store: memoryStore(randomUUID()),
    };
  await makeDataFolder(settings.DATA_DIR);
  const kept = await (settings.DATABASE_URL ? inPostgres(settings, settings.DATABASE_URL, patience) : inSqlite(settings, patience, tell));
  try {
    return { ...kept, book: await dayBook(join(settings.DATA_DIR, 'spent.json'), clock) };
  } catch (error) {
    await kept.store.close();
    throw error;
  }
}

const about = 'words and advice, sealed; sound only where everybody agreed.';

async function inSqlite({ DATA_DIR, DATA_KEY }: ServiceSettings, patience: number, tell: (sentence: string) => void): Promise<Kept> {
  const path = join(DATA_DIR, 'aside.db');
  const waits = () => tell(`Another Aside still has the data folder ${DATA_DIR}. Waiting up to ${Math.ceil(patience / 1_000)} s for it to leave.`);
  const store = await sqliteStore(path, { ...(DATA_KEY && { key: DATA_KEY }), patience }, waits);
  return { chosen: { name: 'sqlite', about: `${resolve(path)}: ${about}` }, store };
}

async function inPostgres({ DATA_DIR, DATA_KEY }: ServiceSettings, url: string, patience: number): Promise<Kept> {
  // whoever keeps a file needs no driver
  const { databaseName, postgresStore } = await import('../stores/postgres.ts');
  const key = DATA_KEY && { key: DATA_KEY };
  const store = await postgresStore(url, { folder: DATA_DIR, ...key, patience, clock, mark: randomUUID() });
  return { chosen: { name: 'postgres', about: `PostgreSQL at ${databaseName(url)}: ${about}` }, store };
}
