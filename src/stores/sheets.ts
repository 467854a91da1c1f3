import { randomBytes } from 'node:crypto';
import type { Entry } from '../core/entry.ts';
import { tombstone } from '../core/forgetting.ts';
import { notInTurn } from './promises.ts';
import { seal, tagOf, tagSize } from './seal.ts';
import { type Known, noTag, open } from './sealed.ts';
import { damagedConversation } from './storage-problem.ts';

/** A row as it lies in a database: an entry, or a sheet of them bound together; `seq` is the first one's. */
export type Row = { readonly seq: number; readonly body: Uint8Array };

/** So many entries are bound to a sheet, the first of which begins with 1: to open a seal takes ten times as long as to read an entry. */
export const sheet = 64;

/** The first and the last number on the sheet of this one. */
export const startOf = (seq: number): number => seq - ((seq - 1) % sheet);
export const endOf = (seq: number): number => startOf(seq) + sheet - 1;

/** Whether the last row of so many entries can begin with `seq`. */
export const isLast = (seq: number, last: number): boolean => seq === last || (seq === startOf(last) && last === endOf(last));

/** What of a conversation is wanted, and which rows that takes: those from `from` to `last`, and the one before, whose seal is needed. */
export type Wanted = { readonly after: number; readonly to: number; readonly from: number; readonly last: number };

export function wanted(known: Known, after: number, limit: number): Wanted {
  const to = Math.min(known.last, after + limit);
  return { after, to, from: startOf(after + 1), last: Math.min(known.last, endOf(to)) };
}

/** Seals what happened next, each row with the seal of the one before; refuses a number that was given already, or whose turn has not come. */
export function sealNext(id: string, known: Known, entries: readonly Entry[]): { rows: Row[]; known: Known } {
  if (entries.some(({ seq }, index) => seq !== known.last + 1 + index)) throw notInTurn();
  const last = known.last + entries.length;
  const rows: Row[] = [];
  let { tag } = known;
  for (let seq = known.last + 1; seq <= last; ) {
    const end = seq === startOf(seq) && endOf(seq) <= last ? endOf(seq) : seq;
    const text = entries.slice(seq - known.last - 1, end - known.last).map((entry) => JSON.stringify(entry));
    const body = sealRow(id, known.key, { seq, end, before: tag }, text.join());
    rows.push({ seq, body });
    tag = tagOf(body);
    seq = end + 1;
  }
  return { rows, known: { ...known, last, tag } };
}

/** What is wanted as one JSON array; throws rather than give an entry that is not what was written. */
export function openWanted(id: string, { key }: Known, rows: readonly Row[], { after, to, from, last }: Wanted): string {
  const texts: string[] = [];
  for (const { seq, end, text } of walk(id, key, rows, from, last)) {
    if (end <= after) continue;
    const isWhole = seq > after && end <= to;
    texts.push(isWhole ? text() : changed(text(), (entry) => (entry.seq > after && entry.seq <= to ? [entry] : [])));
    // what is wrong with the rest of the sheet is told to whoever wants that
    if (end >= to) break;
  }
  return `[${texts.join()}]`;
}

/** Puts a tombstone where each of these entries stood, and seals all that follows anew; the rows are those that `wanted` names from there to the end. */
export function sealAnew(id: string, known: Known, rows: readonly Row[], gone: ReadonlySet<number>): { rows: Row[]; known: Known } {
  const first = Math.min(...gone);
  const anew: Row[] = [];
  let tag = noTag;
  for (const { seq, end, body, text } of walk(id, known.key, rows, startOf(first), known.last)) {
    if (end < first) {
      tag = tagOf(body);
      continue;
    }
    const left = changed(text(), (entry) => [gone.has(entry.seq) ? tombstone(entry) : entry]);
    const sealed = sealRow(id, known.key, { seq, end, before: tag }, left);
    anew.push({ seq, body: sealed });
    tag = tagOf(sealed);
  }
  return { rows: anew, known: { ...known, tag } };
}

/** One row instead of all on the sheet that begins with `start`: it hands on the seal of their last, so that nothing behind it has to be sealed anew. `undefined` where there is nothing to bind. */
export function bound(id: string, { key }: Known, rows: readonly Row[], start: number): Row | undefined {
  const all = [...walk(id, key, rows, start, endOf(start))];
  const single = all.filter(({ seq }) => seq >= start);
  if (single.length !== sheet) return undefined;
  const place = { seq: start, end: endOf(start), before: tagOf(all.at(-sheet - 1)?.body ?? noTag) };
  return { seq: start, body: sealRow(id, key, place, single.map(({ text }) => text()).join(), tagOf(rows.at(-1)!.body)) };
}

type Place = { readonly seq: number; readonly end: number; readonly before: Uint8Array };

/** A single entry hands on its own seal; a sheet one that lies behind it. */
function sealRow(id: string, key: Uint8Array, { seq, end, before }: Place, text: string, next: Uint8Array = randomBytes(tagSize)): Uint8Array {
  if (seq === end) return seal(key, text, ofEntry(id, seq, before));
  return Buffer.concat([seal(key, text, ofSheet(id, seq, before, next)), next]);
}

type Found = Row & { readonly end: number; readonly text: () => string };

/** Goes through rows in order, beginning with the one before `from`, which cannot be opened unless it is given the one before it; `text` opens one, or throws. */
function* walk(id: string, key: Uint8Array, rows: readonly Row[], from: number, last: number): Generator<Found> {
  if (!rows[0] || rows[0].seq > from) throw damagedConversation();
  let before = noTag;
  for (const [index, { seq, body }] of rows.entries()) {
    const next = rows[index + 1]?.seq ?? last + 1;
    // where it is taken for what it is not, it does not open
    const end = seq === startOf(seq) && next > endOf(seq) ? endOf(seq) : seq;
    const place = before;
    const text = () =>
      seq === end
        ? open(key, body, ofEntry(id, seq, place)).toString('utf8')
        : open(key, body.subarray(0, -tagSize), ofSheet(id, seq, place, tagOf(body))).toString('utf8');
    yield { seq, end, body, text };
    // what stands before a gap is given
    if (next !== end + 1) throw damagedConversation();
    before = tagOf(body);
  }
}

/** The same entries, each as `change` leaves it. */
const changed = (text: string, change: (entry: Entry) => Entry[]): string =>
  (JSON.parse(`[${text}]`) as Entry[])
    .flatMap(change)
    .map((entry) => JSON.stringify(entry))
    .join();

// the places: what is sealed for one of them opens nowhere else
const hex = (tag: Uint8Array) => Buffer.from(tag).toString('hex');
const ofEntry = (id: string, seq: number, before: Uint8Array) => `entry|${id}|${seq}|${hex(before)}`;
const ofSheet = (id: string, seq: number, before: Uint8Array, next: Uint8Array) => `sheet|${id}|${seq}|${hex(before)}|${hex(next)}`;
