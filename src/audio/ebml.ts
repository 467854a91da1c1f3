import { unreadable } from './unreadable.ts';

/** What the reader does with an element: look inside, read its value, take its sound, or step over it. */
type Duty = 'enter' | 'read' | 'block' | 'skip';

/** The WebM elements that are understood, by id. */
export const ids = {
  ebml: 0x1a45dfa3,
  docType: 0x4282,
  segment: 0x18538067,
  tracks: 0x1654ae6b,
  entry: 0xae,
  number: 0xd7,
  codec: 0x86,
  codecPrivate: 0x63a2,
  encodings: 0x6d80,
  audio: 0xe1,
  channels: 0x9f,
  cluster: 0x1f43b675,
  timecode: 0xe7,
  group: 0xa0,
  block: 0xa1,
  simpleBlock: 0xa3,
} as const;

const NO_CAP = Number.POSITIVE_INFINITY;
const known: ReadonlyMap<number, readonly [Duty, number]> = new Map<number, readonly [Duty, number]>([
  [ids.ebml, ['enter', 1024]],
  [ids.docType, ['read', 16]],
  // these two are never waited for as a whole, so their size needs no cap; only they may have none
  [ids.segment, ['enter', NO_CAP]],
  [ids.cluster, ['enter', NO_CAP]],
  [ids.tracks, ['enter', 8192]],
  [ids.entry, ['enter', 8192]],
  [ids.audio, ['enter', 1024]],
  [ids.number, ['read', 8]],
  [ids.codec, ['read', 64]],
  [ids.codecPrivate, ['read', 4096]],
  [ids.channels, ['read', 8]],
  [ids.encodings, ['read', 256]],
  [ids.group, ['enter', 4 << 20]],
  // blocks of another track (a picture) are stepped over without being kept, therefore they may be large
  [ids.block, ['block', 4 << 20]],
  [ids.simpleBlock, ['block', 4 << 20]],
  [0x114d9b74, ['skip', 4096]], // table of contents
  [0x1549a966, ['skip', 4096]], // title, writing program
  [0x1254c367, ['skip', 1 << 16]], // tags
  [0x1c53bb6b, ['skip', 1 << 20]], // cues
  [0xec, ['skip', 1 << 16]], // void
]);
const OTHERS = ['skip', 4096] as const;

/** The head of an element: what it is, how much it holds (`undefined`: unknown), what to do with it, and how long the head itself is. */
export type ElementHead = { readonly id: number; readonly size: number | undefined; readonly duty: Duty; readonly length: number };

/** Length of the number that begins with this byte; 0 when there is no such number. */
export const vintLength = (first: number): number => (first === 0 ? 0 : Math.clz32(first) - 23);

/** Value of the number of `length` bytes at `at`; `undefined` when all its bits are set, which means «unknown». */
export function vintValue(bytes: Uint8Array, at: number, length: number): number | undefined {
  const mask = 0xff >> length;
  let value = bytes[at]! & mask;
  let full = value === mask;
  for (let index = 1; index < length; index += 1) {
    const next = bytes[at + index]!;
    full = full && next === 0xff;
    value = value * 256 + next;
  }
  return full ? undefined : value;
}

/** Reads the head of an element from the first `have` bytes; `undefined` when it is not complete. Sizes above their cap are refused, not awaited. */
export function elementHead(bytes: Uint8Array, have: number): ElementHead | undefined {
  const idLength = vintLength(bytes[0]!);
  if (idLength === 0 || idLength > 4) throw unreadable('it holds something that is not WebM');
  if (have <= idLength) return undefined;
  const sizeLength = vintLength(bytes[idLength]!);
  if (sizeLength === 0) throw unreadable('it holds a WebM element without a size');
  if (have < idLength + sizeLength) return undefined;
  let id = 0;
  for (let index = 0; index < idLength; index += 1) id = id * 256 + bytes[index]!;
  const size = vintValue(bytes, idLength, sizeLength);
  const [duty, cap] = known.get(id) ?? OTHERS;
  if ((size ?? NO_CAP) > cap) throw unreadable('it holds a WebM element that is far too large');
  return { id, size, duty, length: idLength + sizeLength };
}
