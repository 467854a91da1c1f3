import { LARGEST_HEADER } from './demuxer.ts';
import { unreadable } from './unreadable.ts';

/** So much is passed over before the search for a fragment is given up. */
const PATIENCE = 1 << 18;

const boxAt = (bytes: Uint8Array, at: number, name: string): boolean =>
  [...name].every((letter, index) => bytes[at + 4 + index] === letter.charCodeAt(0));

/** Keeps the beginning of a fragmented MP4, up to its first fragment: enough to go on with this recorder elsewhere. */
export class FragmentsHeader {
  // the largest header, and the head of the fragment behind it
  #room = new Uint8Array(LARGEST_HEADER + 8);
  #filled = 0;
  #box = 0;
  #header: Uint8Array | undefined;

  /** The header, from the push that completes it on. */
  get header(): Uint8Array | undefined {
    return this.#header;
  }

  push(bytes: Uint8Array): void {
    if (this.#header) return;
    const taken = bytes.subarray(0, this.#room.length - this.#filled);
    this.#room.set(taken, this.#filled);
    this.#filled += taken.length;
    const view = new DataView(this.#room.buffer);
    while (this.#box + 8 <= this.#filled) {
      if (boxAt(this.#room, this.#box, 'moof') || boxAt(this.#room, this.#box, 'mdat')) {
        this.#header = this.#room.slice(0, this.#box);
        return;
      }
      const size = view.getUint32(this.#box);
      if (size < 8) throw unreadable('its MP4 header is damaged');
      this.#box += size;
      if (this.#box > LARGEST_HEADER) throw unreadable('its header is larger than 8 KiB');
    }
  }
}

/** A recorder's kept header, and then its sound from the first whole fragment on, though the bytes begin anywhere. */
export async function* continuedFragments(header: Uint8Array, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let rest: Uint8Array | undefined = new Uint8Array(0);
  let passed = 0;
  yield header;
  for await (const chunk of bytes) {
    if (!rest) {
      yield chunk;
      continue;
    }
    const all: Uint8Array = new Uint8Array(rest.length + chunk.length);
    all.set(rest);
    all.set(chunk, rest.length);
    let at = 0;
    for (; at + 8 <= all.length && !boxAt(all, at, 'moof'); at += 1) {
      passed += 1;
      if (passed > PATIENCE) throw unreadable('nothing in it belongs to the recording that it should continue');
    }
    rest = at + 8 <= all.length ? undefined : all.slice(at);
    if (!rest) yield all.subarray(at);
  }
}
