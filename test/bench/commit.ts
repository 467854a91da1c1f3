import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry } from '../../src/core/entry.ts';
import type { Store } from '../../src/core/ports.ts';
import { realClock } from '../../src/engines/real-clock.ts';
import { postgresStore } from '../../src/stores/postgres.ts';
import { sqliteStore } from '../../src/stores/sqlite.ts';
import { postgresPrograms, postgresServer } from '../support/postgres.ts';
import { pause, quantile } from './bench-measure.ts';

const conversations = 50;
const lines = 60;

/** From a line to its being safe on disk, and how soon a conversation is read back: in SQLite, and where there is one in PostgreSQL. */
export async function bench(print: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'aside-'));
  await measure('SQLite', await sqliteStore(join(folder, 'aside.db')), print);
  if (postgresPrograms) {
    const server = await postgresServer();
    const options = { folder, clock: realClock, mark: crypto.randomUUID() };
    await measure('PostgreSQL on the same machine', await postgresStore(server.url(await server.newDatabase()), options), print);
    await server.end();
  }
  rmSync(folder, { recursive: true });
}

async function measure(name: string, store: Store, print: (line: string) => void): Promise<void> {
  const delays: number[] = [];
  const write = async (index: number) => {
    const id = crypto.randomUUID();
    await store.append(id, [{ seq: 1, at: new Date().toISOString(), by: 'user', type: 'opened', kind: 'coach', title: '' }]);
    await pause((index * 100) / conversations);
    for (let seq = 2; seq <= lines; seq += 1) {
      const entry: Entry = {
        seq,
        at: new Date().toISOString(),
        by: 'ear',
        type: 'said',
        via: 'voice',
        text: 'what was said in an interview '.repeat(6),
      };
      const from = performance.now();
      await store.append(id, [entry]);
      delays.push(performance.now() - from);
      await pause(100);
    }
    return id;
  };
  const ids = await Promise.all(Array.from({ length: conversations }, (_, index) => write(index)));
  print(
    `${name}: a line → safe on disk, ${conversations} conversations that each write ten lines a second: p50 ${quantile(delays, 0.5).toFixed(2)} ms, p99 ${quantile(delays, 0.99).toFixed(2)} ms (goal p99 ≤ 10)`,
  );
  const from = performance.now();
  let read = 0;
  for (const id of ids) for await (const page of store.read(id)) read += page.length;
  print(`${name}: read back: ${((1_000 * (performance.now() - from)) / read).toFixed(1)} µs a line`);
  await store.close();
}
