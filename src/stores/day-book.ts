import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Clock } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';

/** What a day has cost so far: how much of what, by name. */
type Day = { readonly date: string; readonly spent: Readonly<Record<string, number>> };

/** Between two writings, in ms: a crash forgets no more. */
const between = 1_000;

/** Remembers in a small file what the day has cost, so that a restart begins no new one. */
export async function dayBook(path: string, clock: Clock) {
  const before = await read(path);
  const closing = new AbortController();
  let waiting: Day | undefined;
  let writing: Promise<void> | undefined;

  async function write(): Promise<void> {
    for (let day = waiting; day; day = waiting) {
      waiting = undefined;
      // what a full disk does not take is written with the next expense
      await put(path, JSON.stringify(day)).catch(() => undefined);
      await clock.sleep(between, closing.signal).catch(() => undefined);
    }
    writing = undefined;
  }

  return {
    before,
    note(day: Day): void {
      waiting = day;
      writing ??= write();
    },
    async close(): Promise<void> {
      closing.abort();
      await writing;
    },
  };
}

/** Whole or not at all, whenever the process dies. */
async function put(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

async function read(path: string): Promise<Day | undefined> {
  const text = await readFile(path, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw unknown(path, error);
  });
  if (text === undefined) return undefined;
  try {
    const { date, spent } = JSON.parse(text) as Day;
    if (typeof date === 'string' && Object.values(spent).every((amount) => Number.isFinite(amount) && amount >= 0)) return { date, spent };
  } catch (cause) {
    throw unknown(path, cause);
  }
  throw unknown(path);
}

const unknown = (path: string, cause?: unknown) =>
  new Problem(
    'storage_damaged',
    `${path} cannot be read, so it is not known what today has cost so far, and no cap could hold. Take the file away to count from nothing.`,
    { cause },
  );
