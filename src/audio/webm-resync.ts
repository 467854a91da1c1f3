import { vintLength, vintValue } from './ebml.ts';

/** The largest block that is believed when the place in the stream is unknown. */
const LARGEST_GUESS = 4096;

type Verdict = 'yes' | 'no' | 'more';

const CLUSTER = [0x1f, 0x43, 0xb6, 0x75];
const FIRST_IN_CLUSTER = new Set([0xe7, 0xbf, 0xec, 0xa3, 0xa0, 0xab, 0xa7]);

function clusterAt(bytes: Uint8Array, at: number): Verdict {
  for (const [index, value] of CLUSTER.entries()) {
    const byte = bytes[at + index];
    if (byte === undefined) return 'more';
    if (byte !== value) return 'no';
  }
  const first = bytes[at + 4];
  if (first === undefined) return 'more';
  if (first === 0) return 'no';
  const child = bytes[at + 4 + vintLength(first)];
  return child === undefined ? 'more' : FIRST_IN_CLUSTER.has(child) ? 'yes' : 'no';
}

/** Whether a block of this track could begin here, and where it would end. */
function blockAt(bytes: Uint8Array, at: number, track: number): Verdict | number {
  if (bytes[at] !== 0xa3) return at < bytes.length ? 'no' : 'more';
  const first = bytes[at + 1];
  if (first === undefined) return 'more';
  const length = vintLength(first);
  if (length === 0 || length > 4) return 'no';
  if (at + 1 + length + 4 > bytes.length) return 'more';
  const size = vintValue(bytes, at + 1, length) ?? 0;
  if (size < 5 || size > LARGEST_GUESS) return 'no';
  const start = at + 1 + length;
  if (bytes[start] !== (0x80 | track) || (bytes[start + 3]! & 0x7e) !== 0) return 'no';
  return start + size;
}

/** Whether the stream can be read on from here: a cluster begins, or a block that is followed by another. */
export function readableFrom(bytes: Uint8Array, at: number, track: number): Verdict {
  const cluster = clusterAt(bytes, at);
  if (cluster !== 'no') return cluster;
  const end = blockAt(bytes, at, track);
  if (typeof end !== 'number') return end;
  const next = clusterAt(bytes, end);
  if (next !== 'no') return next;
  const block = blockAt(bytes, end, track);
  return typeof block === 'number' ? 'yes' : block;
}
