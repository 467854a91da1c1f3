import { randomBytes } from 'node:crypto';
import type { Entry } from '../core/entry.ts';
import { Problem } from '../core/problem.ts';
import { seal, unseal } from './seal.ts';

/** What happened next in one conversation, jotted down until the database has it. */
export type Jotting = { readonly id: string; readonly entries: readonly Entry[] };

/** Where one is to stand: each half is filled anew under a higher number. */
export type Place = { readonly round: number; readonly at: number };

// a mark, what the key is made of, and two halves: one is filled while what is in the other goes into the database
const family = 'aside jottings ';
const mark = Buffer.from(`${family}1\n`);
const saltSize = 32;
export const halves: readonly number[] = [4_096, 4_096 + 524_288];
export const halfSize = 524_288;
export const fileSize = halves.at(-1)! + halfSize;
const headSize = 8;

/** A file in which nothing stands yet, for a key of its own. */
export function blank(): { bytes: Buffer; salt: Buffer } {
  const salt = randomBytes(saltSize);
  return { bytes: Buffer.concat([mark, salt], fileSize), salt };
}

/** What its key is made of; `undefined` where this is no such file. */
export function saltOf(bytes: Buffer): Buffer | undefined {
  const isOther = bytes.toString('latin1', 0, family.length) === family && !bytes.subarray(0, mark.length).equals(mark);
  if (isOther) throw newer();
  if (bytes.length !== fileSize || !bytes.subarray(0, mark.length).equals(mark)) return undefined;
  return bytes.subarray(mark.length, mark.length + saltSize);
}

/** Seals the text of a jotting for its place. */
export function sealJotting(key: Uint8Array, text: string, place: Place): Buffer {
  const sealed = seal(key, text, named(place));
  const head = Buffer.allocUnsafe(headSize);
  head.writeUInt32LE(sealed.length, 0);
  head.writeUInt32LE(place.round, 4);
  return Buffer.concat([head, sealed]);
}

/** What stands in both halves, in order, and the last round; each ends where something was not written to its end, or stood before. */
export function readJottings(bytes: Buffer, key: Uint8Array): { jottings: Jotting[]; round: number } {
  const found = halves.map((start) => ({ round: bytes.readUInt32LE(start + 4), jottings: readHalf(bytes, key, start) }));
  found.sort((one, other) => one.round - other.round);
  return { jottings: found.flatMap(({ jottings }) => jottings), round: Math.max(...found.map(({ round }) => round)) };
}

function readHalf(bytes: Buffer, key: Uint8Array, start: number): Jotting[] {
  const jottings: Jotting[] = [];
  const round = bytes.readUInt32LE(start + 4);
  for (let at = start; at + headSize <= start + halfSize; ) {
    const end = at + headSize + bytes.readUInt32LE(at);
    if (end > start + halfSize) break;
    try {
      // what stood here in an earlier round does not open
      jottings.push(JSON.parse(unseal(key, bytes.subarray(at + headSize, end), named({ round, at })).toString('utf8')));
    } catch {
      break;
    }
    at = end;
  }
  return jottings;
}

const named = ({ round, at }: Place) => `jotting|${round}|${at}`;

const newer = () =>
  new Problem(
    'settings',
    'aside.jot in the data folder was written by a newer Aside, which this one cannot read. Update Aside, or give another folder with DATA_DIR.',
  );
