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
  const path = join(settings.DATA_DIR, 'aside.db');
  const store = await sqliteStore(path, { ...(settings.DATA_KEY && { key: settings.DATA_KEY }), patience });
  const chosen = { name: 'sqlite', about: `${resolve(path)}: words and advice, sealed; sound only where everybody agreed.` };
  try {
    return { chosen, store, book: await dayBook(join(settings.DATA_DIR, 'spent.json'), clock) };
  } catch (error) {
    await store.close();
    throw error;
  }
}
