import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildPages } from './built-pages.ts';
import { newFolder } from './new-folder.ts';

/** A fault that is put into a copy of the house, to show that a test can fail: in this file, these words become those. */
export type Fault = { readonly file: string; readonly was: string | RegExp; readonly is: string };

const house = new URL('../../', import.meta.url);

/** Copies the house into a folder of its own and plants faults in it; the address of the copy, with a slash at its end. */
export function planted(...faults: readonly Fault[]): URL {
  const folder = newFolder();
  for (const part of ['src', 'tools', 'test/support', 'package.json']) cpSync(new URL(part, house), join(folder, part), { recursive: true });
  symlinkSync(new URL('node_modules', house), join(folder, 'node_modules'));
  for (const { file, was, is } of faults) {
    const path = join(folder, file);
    const before = readFileSync(path, 'utf8');
    const after = before.replace(was, () => is);
    if (after === before) throw new Error(`${file} has nothing like ${was} any more: plant this fault elsewhere`);
    writeFileSync(path, after);
  }
  const copy = pathToFileURL(`${folder}/`);
  // where the fault is not in the pages, theirs are those of the house
  if (faults.some(({ file }) => file.startsWith('src/web/'))) buildPages(copy);
  else if (existsSync(new URL('dist', house))) cpSync(new URL('dist', house), join(folder, 'dist'), { recursive: true });
  return copy;
}
