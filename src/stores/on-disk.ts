import { closeSync, fsyncSync, openSync } from 'node:fs';

/** A new file may lose its name in a power cut until its folder is on disk too. */
export function keepName(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Whether it is said that there is no such file. */
export const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
