import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];

/** Where the first of these programs lies that is on this machine. */
export const programPath = (names: readonly string[]): string | undefined =>
  folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
