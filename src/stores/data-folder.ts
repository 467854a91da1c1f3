import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Problem } from '../core/problem.ts';

/** Why there can be no folder, in words. */
const reasons: Record<string, string> = {
  EEXIST: 'there is a file of that name',
  ENOTDIR: 'a file is in the way',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'that disk can only be read',
  ENOSPC: 'the disk is full',
};

/** Makes a folder for what the service keeps, and those above it, for this user's eyes only. */
export async function makeDataFolder(path: string): Promise<void> {
  try {
    await make(path);
  } catch (cause) {
    const why = reasons[codeOf(cause)] ?? 'its place takes no folders';
    throw new Problem('storage_failed', `The data folder ${path} cannot be made: ${why}. Give one that can be written with DATA_DIR.`, { cause });
  }
}

// Node's own recursive way tries for ever where a folder is there and yet takes none, as /proc
async function make(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (await isFolder(path)) return;
    if (codeOf(error) !== 'ENOENT' || (await isFolder(dirname(path)))) throw error;
    await make(dirname(path));
    await make(path);
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');
