import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { newFolder } from './new-folder.ts';

/** Whether SQLite finds the log of this data folder whole; it looks at a copy, so that the next service finds everything as it was left. */
export function isWhole(folder: string): boolean {
  const copy = newFolder();
  for (const name of ['aside.db', 'aside.db-wal']) if (existsSync(join(folder, name))) copyFileSync(join(folder, name), join(copy, name));
  const db = new DatabaseSync(join(copy, 'aside.db'));
  try {
    return db.prepare('pragma integrity_check').get()?.integrity_check === 'ok';
  } catch {
    return false;
  } finally {
    db.close();
    rmSync(copy, { recursive: true });
  }
}
