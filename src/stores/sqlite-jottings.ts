import { closeSync, constants, fsyncSync, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Entry } from '../core/entry.ts';
import { blank, type Jotting, readJottings, saltOf } from './jottings.ts';
import { isMissing, keepName } from './on-disk.ts';
import type { SqliteLog } from './sqlite-log.ts';
import { isFull } from './storage-problem.ts';

/** Where a file lies that lines can be jotted down in, the key and the last round of what stands there, and what could not be brought home. */
export type Taken = { readonly path: string; readonly key: Uint8Array; readonly round: number; readonly left: readonly Jotting[] };

/** Brings home what was jotted down before the service ended, and makes the file anew; `undefined` where the disk has no room for one. */
export function takeUp(log: SqliteLog, path: string): Taken | undefined {
  const bytes = readIfThere(path);
  const salt = bytes && saltOf(bytes);
  if (salt) {
    const key = log.keyBeside(salt);
    const { jottings, round } = readJottings(bytes, key);
    const left = log.takeUp(byConversation(jottings));
    // it stays as it is until there is room for what stands in it
    if (left.length > 0) return { path, key, round, left };
  }
  const fresh = blank();
  try {
    writeWhole(path, fresh.bytes);
  } catch (error) {
    if (!isFull(error)) throw error;
    // what there is of it takes room that the database may need
    rmSync(path, { force: true });
    return undefined;
  }
  return { path, key: log.keyBeside(fresh.salt), round: 0, left: [] };
}

function byConversation(jottings: readonly Jotting[]): Jotting[] {
  const lines = new Map<string, Entry[]>();
  for (const { id, entries } of jottings) lines.set(id, [...(lines.get(id) ?? []), ...entries]);
  return [...lines].map(([id, entries]) => ({ id, entries }));
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Over what stands there, so that nothing of it is left. */
function writeWhole(path: string, bytes: Uint8Array): void {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written, bytes.length - written, written);
    ftruncateSync(file, bytes.length);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  keepName(dirname(path));
}
