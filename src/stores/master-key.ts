import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../core/problem.ts';
import { isMissing, keepName } from './on-disk.ts';
import { isKey, newKey } from './seal.ts';

/** The key of all keys: the one that was given, or the file in the data folder, which is made where no database needs one: `keyless` says what to do where one does. */
export function masterKey(folder: string, given: Uint8Array | undefined, keyless?: Problem): Uint8Array {
  if (given) return given;
  const path = join(folder, 'aside.key');
  try {
    return checked(readFileSync(path));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  if (keyless) throw keyless;
  const key = newKey();
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, key);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  keepName(folder);
  return key;
}

function checked(key: Uint8Array): Uint8Array {
  if (isKey(key)) return key;
  throw new Problem(
    'settings',
    'aside.key in the data folder is no key: it should be 32 bytes. Put the right one back; where nothing is kept yet, delete it and start again.',
  );
}
