import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../core/problem.ts';
import { storageProblem } from './storage-problem.ts';

/** Where a file stands and what opens it: whoever keeps the key decides whether it can be read. */
export type Shelved = { readonly file: string; readonly key: string };

/** Files that people hand round, each sealed with a key of its own that is not kept here. */
export interface FileShelf {
  put(id: string, bytes: Uint8Array): Promise<Shelved>;
  take(id: string, shelved: Shelved): Promise<Uint8Array>;
  /** Takes away all files of a conversation. */
  drop(id: string): Promise<void>;
}

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

const damaged = 'This file is damaged or gone, so it is not handed out. Ask whoever sent it to send it again.';

type Place = { write(name: string, bytes: Uint8Array): Promise<void>; read(name: string): Promise<Uint8Array>; drop(): Promise<void> };

function seal(bytes: Uint8Array, key: Uint8Array, iv: Uint8Array): Buffer {
  const sealing = createCipheriv(cipher, key, iv);
  return Buffer.concat([iv, sealing.update(bytes), sealing.final(), sealing.getAuthTag()]);
}

function open(sealed: Uint8Array, key: Uint8Array): Buffer {
  const opening = createDecipheriv(cipher, key, sealed.subarray(0, ivBytes));
  opening.setAuthTag(sealed.subarray(-tagBytes));
  return Buffer.concat([opening.update(sealed.subarray(ivBytes, -tagBytes)), opening.final()]);
}

function shelf(placeOf: (id: string) => Place, randomBytes: (count: number) => Buffer): FileShelf {
  return {
    async put(id, bytes) {
      const [file, key] = [randomBytes(16).toString('hex'), randomBytes(32)];
      await placeOf(id).write(file, seal(bytes, key, randomBytes(ivBytes)));
      return { file, key: key.toString('base64') };
    },
    async take(id, { file, key }) {
      try {
        return open(await placeOf(id).read(file), Buffer.from(key, 'base64'));
      } catch (cause) {
        throw new Problem('storage_damaged', damaged, { cause });
      }
    },
    drop: (id) => placeOf(id).drop(),
  };
}

/** Keeps them in a folder that nobody else may read, under names that say nothing. */
export function folderShelf(folder: string, randomBytes: (count: number) => Buffer): FileShelf {
  return shelf((id) => {
    const own = join(folder, createHash('sha256').update(id).digest('hex').slice(0, 32));
    return {
      async write(name, bytes) {
        try {
          await mkdir(own, { recursive: true, mode: 0o700 });
          await writeFile(join(own, name), bytes, { mode: 0o600, flag: 'wx', flush: true });
        } catch (error) {
          throw storageProblem(error);
        }
      },
      read: (name) => readFile(join(own, name)),
      drop: () => rm(own, { recursive: true, force: true }),
    };
  }, randomBytes);
}

/** Keeps them in memory, as long as the process lives. */
export function memoryShelf(randomBytes: (count: number) => Buffer): FileShelf {
  const kept = new Map<string, Map<string, Uint8Array>>();
  return shelf(
    (id) => ({
      async write(name, bytes) {
        kept.set(id, (kept.get(id) ?? new Map()).set(name, bytes));
      },
      async read(name) {
        return kept.get(id)!.get(name)!;
      },
      async drop() {
        kept.delete(id);
      },
    }),
    randomBytes,
  );
}
