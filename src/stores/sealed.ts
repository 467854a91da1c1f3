import { randomBytes } from 'node:crypto';
import type { Entry, Kind } from '../core/entry.ts';
import { tombstone } from '../core/forgetting.ts';
import { notInTurn } from './promises.ts';
import { seal, tagOf, unseal } from './seal.ts';
import { damagedConversation } from './storage-problem.ts';

/** What is known of one conversation: its own key, its last number and seal, and how many pieces of sound are kept. */
export type Known = { readonly key: Uint8Array; readonly last: number; readonly tag: Uint8Array; readonly sounds: number };

/** An entry as it lies in a database. */
export type Sealed = { readonly seq: number; readonly body: Uint8Array };

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

/** Seals what happened next, each entry with the seal of the one before; refuses a number that was given already, or whose turn has not come. */
export function sealNext(id: string, known: Known, entries: readonly Entry[]): { rows: Sealed[]; known: Known } {
  let { last, tag } = known;
  const rows = entries.map((entry) => {
    if (entry.seq !== last + 1) throw notInTurn();
    const body = seal(known.key, JSON.stringify(entry), ofEntry(id, entry.seq, tag));
    last = entry.seq;
    tag = tagOf(body);
    return { seq: entry.seq, body };
  });
  return { rows, known: { ...known, last, tag } };
}

/** From which row to which a reader needs them: the one before the first is not opened, but its seal is needed. */
export const span = (known: Known, after: number, limit: number): { from: number; to: number } => ({
  from: Math.max(1, after),
  to: Math.min(known.last, after + limit),
});

/** The entries after `after` as one JSON array; throws rather than give one that is not what was written. */
export function openAfter(id: string, known: Known, after: number, rows: Iterable<Sealed>, { from, to }: { from: number; to: number }): string {
  const words: string[] = [];
  for (const { seq, plain } of walk(id, known.key, rows, from, to)) if (seq > after) words.push(plain());
  return `[${words.join()}]`;
}

/** Puts a tombstone where each of these entries stood, and seals all that follows anew; the rows are those from the one before the first of them. */
export function sealAnew(id: string, known: Known, rows: Iterable<Sealed>, gone: ReadonlySet<number>): { rows: Sealed[]; known: Known } {
  const before = Math.min(...gone) - 1;
  let { tag } = known;
  const anew: Sealed[] = [];
  for (const { seq, plain, body } of walk(id, known.key, rows, before, known.last)) {
    if (seq > before) {
      const text = gone.has(seq) ? JSON.stringify(tombstone(JSON.parse(plain()))) : plain();
      const sealed = seal(known.key, text, ofEntry(id, seq, tag));
      anew.push({ seq, body: sealed });
      tag = tagOf(sealed);
    } else tag = tagOf(body);
  }
  return { rows: anew, known: { ...known, tag } };
}

/** Goes through entries in order; `plain` opens one, or throws. The first can only be opened when it is the very first. */
function* walk(id: string, key: Uint8Array, rows: Iterable<Sealed>, from: number, to: number): Generator<Sealed & { plain: () => string }> {
  let tag = noTag;
  let expected = from;
  for (const { seq, body } of rows) {
    if (seq !== expected) throw damagedConversation();
    const place = ofEntry(id, seq, tag);
    yield { seq, body, plain: () => open(key, body, place).toString('utf8') };
    tag = tagOf(body);
    expected += 1;
  }
  if (expected !== to + 1) throw damagedConversation();
}

function open(key: Uint8Array, sealed: Uint8Array, place: string): Buffer {
  try {
    return unseal(key, sealed, place);
  } catch {
    throw damagedConversation();
  }
}

// the places: what is sealed for one of them opens nowhere else
const ofStore = (epoch: string) => `store|${epoch}`;
const ofKey = ({ id, kind, at }: Opening) => `key|${id}|${kind}|${at}`;
const ofEntry = (id: string, seq: number, before: Uint8Array) => `entry|${id}|${seq}|${Buffer.from(before).toString('hex')}`;
const ofSound = (id: string, chunk: number) => `sound|${id}|${chunk}`;
