import { vintLength, vintValue } from './ebml.ts';
import { unreadable } from './unreadable.ts';

/** The largest block that is believed when the place in the stream is unknown. */
const LARGEST_GUESS = 4096;

/** So much is passed over before the search is given up. */
const PATIENCE = 1 << 18;

/** Whether something is so; a number says how many bytes must be there before more can be said. */
type Verdict = 'yes' | 'no' | number;

const FIRST_IN_CLUSTER = new Set([0xe7, 0xbf, 0xec, 0xa3, 0xa0, 0xab, 0xa7]);

/** Whether a cluster begins here, followed by what clusters begin with. */
function clusterAt(bytes: Uint8Array, at: number): Verdict {
  if (at >= bytes.length) return at + 1;
  if (bytes[at] !== 0x1f) return 'no';
  const first = bytes[at + 4];
  if (first === undefined) return at + 5;
  if (bytes[at + 1] !== 0x43 || bytes[at + 2] !== 0xb6 || bytes[at + 3] !== 0x75 || first === 0) return 'no';
  const child = at + 4 + vintLength(first);
  return child >= bytes.length ? child + 1 : FIRST_IN_CLUSTER.has(bytes[child]!) ? 'yes' : 'no';
}

/** Whether a block of this track could begin here, and where it would end. */
function blockAt(bytes: Uint8Array, at: number, track: number): Verdict | { readonly end: number } {
  if (bytes[at] !== 0xa3) return 'no';
  const first = bytes[at + 1];
  if (first === undefined) return at + 2;
  const length = vintLength(first);
  if (length === 0 || length > 4) return 'no';
  const start = at + 1 + length;
  if (start + 4 > bytes.length) return start + 4;
  const size = vintValue(bytes, at + 1, length) ?? 0;
  if (size < 5 || size > LARGEST_GUESS) return 'no';
  if (bytes[start] !== (0x80 | track) || (bytes[start + 3]! & 0x7e) !== 0) return 'no';
  return { end: start + size };
}

/** Whether the stream can be read on from here: a cluster begins, or a block that is followed by another. */
function readableFrom(bytes: Uint8Array, at: number, track: number): Verdict {
  const cluster = clusterAt(bytes, at);
  if (cluster !== 'no') return cluster;
  const block = blockAt(bytes, at, track);
  if (typeof block !== 'object') return block;
  const next = clusterAt(bytes, block.end);
  if (next !== 'no') return next;
  const second = blockAt(bytes, block.end, track);
  return typeof second === 'object' ? 'yes' : second;
}

/** Finds the place from which a recorder that is known already can be read on, wherever its bytes are cut. */
export class Resync {
  readonly #track: number;
  // a verdict needs two blocks at most; the rest of the room makes moving rare
  readonly #room = new Uint8Array(3 * LARGEST_GUESS);
  #filled = 0;
  #at = 0;
  #needed = 1;
  #passed = 0;

  constructor(track: number) {
    this.#track = track;
  }

  get kept(): number {
    return this.#room.length;
  }

  /** What follows the place, once it is found. */
  find(bytes: Uint8Array): Uint8Array | undefined {
    for (let taken = 0; taken < bytes.length; ) {
      const count = Math.min(this.#room.length - this.#filled, bytes.length - taken);
      this.#room.set(bytes.subarray(taken, taken + count), this.#filled);
      this.#filled += count;
      taken += count;
      if (this.#look()) {
        const found = new Uint8Array(this.#filled - this.#at + bytes.length - taken);
        found.set(this.#room.subarray(this.#at, this.#filled));
        found.set(bytes.subarray(taken), this.#filled - this.#at);
        return found;
      }
      if (this.#filled === this.#room.length) this.#move();
    }
    return undefined;
  }

  /** Goes on as far as anything can be said. */
  #look(): boolean {
    const known = this.#room.subarray(0, this.#filled);
    while (this.#filled >= this.#needed) {
      if (this.#passed + this.#at > PATIENCE) throw unreadable('nothing in it belongs to the recording that it should continue');
      const verdict = readableFrom(known, this.#at, this.#track);
      if (verdict === 'yes') return true;
      if (verdict === 'no') this.#at += 1;
      this.#needed = verdict === 'no' ? this.#at + 1 : verdict;
    }
    return false;
  }

  #move(): void {
    this.#room.copyWithin(0, this.#at, this.#filled);
    this.#passed += this.#at;
    this.#filled -= this.#at;
    this.#needed -= this.#at;
    this.#at = 0;
  }
}
