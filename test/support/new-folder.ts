import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own for one story; it is gone when the stories are told. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'aside-'));
  folders.push(folder);
  return folder;
}
