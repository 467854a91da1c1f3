import { randomBytes } from 'node:crypto';
import type { Kind } from '../core/entry.ts';
import type { Opened } from '../core/ports.ts';
import { seal, unseal } from './seal.ts';
import { damagedConversation } from './storage-problem.ts';

/** What is known of one conversation: its own key, its last number and seal, and how many pieces of sound are kept. */
export type Known = { readonly key: Uint8Array; readonly last: number; readonly tag: Uint8Array; readonly sounds: number };

/** What of a conversation can be read by everybody, and is sealed together with its key. */
export type Opening = { readonly id: string; readonly kind: Kind; readonly at: string };

/** No entry comes before the first. */
export const noTag: Uint8Array = new Uint8Array();

/** A new name of a store, and the proof by which its key is known. */
export function nameStore(master: Uint8Array): { epoch: string; proof: Uint8Array } {
  const epoch = randomBytes(16).toString('hex');
  return { epoch, proof: seal(master, '', ofStore(epoch)) };
}

/** Whether the store of this name was made with this key; throws where it was not. */
export const checkName = (master: Uint8Array, { epoch, proof }: { epoch: string; proof: Uint8Array }): void =>
  void unseal(master, proof, ofStore(epoch));

export const sealKey = (master: Uint8Array, key: Uint8Array, opening: Opening): Uint8Array => seal(master, key, ofKey(opening));

export const openKey = (master: Uint8Array, sealed: Uint8Array, opening: Opening): Uint8Array => open(master, sealed, ofKey(opening));

export const sealSound = (key: Uint8Array, bytes: Uint8Array, id: string, chunk: number): Uint8Array => seal(key, bytes, ofSound(id, chunk));

export const openSound = (key: Uint8Array, sealed: Uint8Array, id: string, chunk: number): Uint8Array => open(key, sealed, ofSound(id, chunk));

/** The conversations of a list of which the seal proves which they are, and whether the list is what was written. */
export type Listed = { readonly opened: Opened[]; readonly isWhole: boolean };

type ListedRow = Opening & { readonly key: Uint8Array; readonly sounds: number; readonly hasSound: boolean };

export function listed(master: Uint8Array, rows: readonly ListedRow[]): Listed {
  const certain = rows.filter((row) => isCertain(master, row));
  // the figure alone is under no seal, and a row that hides is not seen: where they differ there may be sound
  const opened = certain.map(({ id, kind, at, hasSound, sounds }) => ({ id, kind, at, hasSound: hasSound || sounds > 0 }));
  return { opened, isWhole: opened.length === rows.length && certain.every(({ hasSound, sounds }) => hasSound === sounds > 0) };
}

function isCertain(master: Uint8Array, row: ListedRow): boolean {
  try {
    openKey(master, row.key, row);
    return true;
  } catch {
    return false;
  }
}

/** Opens what was sealed for this place, or says that it is damaged. */
export function open(key: Uint8Array, sealed: Uint8Array, place: string): Buffer {
  try {
    return unseal(key, sealed, place);
  } catch {
    throw damagedConversation();
  }
}

// the places: what is sealed for one of them opens nowhere else
const ofStore = (epoch: string) => `store|${epoch}`;
const ofKey = ({ id, kind, at }: Opening) => `key|${id}|${kind}|${at}`;
const ofSound = (id: string, chunk: number) => `sound|${id}|${chunk}`;
