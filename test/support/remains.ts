import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { halves } from '../../src/stores/jottings.ts';
import { withoutMargin } from '../../src/stores/sqlite-margin.ts';

const width = 16;

/** Every 16 bytes in a row of these. */
const windowsOf = (bytes: Uint8Array): string[] => {
  const text = Buffer.from(bytes).toString('latin1');
  return Array.from({ length: Math.max(0, text.length - width + 1) }, (_, index) => text.slice(index, index + width));
};

/** In which files of a folder any 16 bytes in a row of the searched ones are still to be found. */
export function remainsOf(searched: readonly Uint8Array[], folder: string): string[] {
  const windows = new Set(searched.flatMap(windowsOf));
  return readdirSync(folder).filter((file) => {
    const text = readFileSync(join(folder, file)).toString('latin1');
    for (let from = 0; from + width <= text.length; from += 1) if (windows.has(text.slice(from, from + width))) return true;
    return false;
  });
}

/** In which files of a folder and those in it any of the searched stands whole. */
export function remainsIn(searched: readonly Uint8Array[], folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return files
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => {
      const bytes = readFileSync(file);
      return searched.some((each) => bytes.includes(each));
    });
}

/** What is on disk of one conversation: its wrapped key, and every sealed body. Nobody may have the file open. */
export function sealedOf(path: string, id: string): Uint8Array[] {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return [
      'select key as bytes from conversations where id = ?',
      'select body as bytes from entries where id = ?',
      'select body as bytes from sounds where id = ?',
    ]
      .flatMap((query) => db.prepare(query).all(id))
      .map((row) => withoutMargin(row.bytes as Uint8Array));
  } finally {
    db.close();
  }
}

/** What lies jotted down in a folder, sealed as it is, and where; not what is left of an earlier round behind it. */
export function jottedIn(folder: string): { at: number; bytes: Buffer }[] {
  const file = readFileSync(join(folder, 'aside.jot'));
  return halves.flatMap((start) => {
    const found: { at: number; bytes: Buffer }[] = [];
    const round = file.readUInt32LE(start + 4);
    for (let at = start; round > 0 && file.readUInt32LE(at + 4) === round; at += 8 + file.readUInt32LE(at))
      found.push({ at, bytes: file.subarray(at + 8, at + 8 + file.readUInt32LE(at)) });
    return found;
  });
}
