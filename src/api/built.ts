import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** A file for browsers, and the same file compressed. */
export type Built = { readonly name: string; readonly type: string; readonly plain: Buffer; readonly zipped: Buffer };

const types: Record<string, string> = { '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.html': 'text/html' };

/** The files of a folder that browsers load, as they were built with their compressed twins; none where nothing was built. */
export function builtFiles(folder: string): Built[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => types[extname(name)] && existsSync(join(folder, `${name}.gz`)))
    .map((name) => ({
      name,
      type: types[extname(name)]!,
      plain: readFileSync(join(folder, name)),
      zipped: readFileSync(join(folder, `${name}.gz`)),
    }));
}
