import { LARGEST_HEADER } from './demuxer.ts';
import { unreadable } from './unreadable.ts';

const boxAt = (bytes: Uint8Array, at: number, name: string): boolean =>
  [...name].every((letter, index) => bytes[at + 4 + index] === letter.charCodeAt(0));

/** Keeps the beginning of a fragmented MP4, up to its first fragment: enough to go on with this recorder elsewhere. */
export class FragmentsHeader {
  #bytes: Uint8Array = new Uint8Array(0);
  #box = 0;
  #done = false;

  /** The header, from the push that completes it on. */
  get header(): Uint8Array | undefined {
    return this.#done ? this.#bytes : undefined;
  }

  push(bytes: Uint8Array): void {
    if (this.#done) return;
    const all = new Uint8Array(this.#bytes.length + bytes.length);
    all.set(this.#bytes);
    all.set(bytes, this.#bytes.length);
    const view = new DataView(all.buffer);
    while (this.#box + 8 <= all.length) {
      if (boxAt(all, this.#box, 'moof') || boxAt(all, this.#box, 'mdat')) {
        this.#bytes = all.slice(0, this.#box);
        this.#done = true;
        return;
      }
      const size = view.getUint32(this.#box);
      if (size < 8) throw unreadable('its MP4 header is damaged');
      this.#box += size;
      if (this.#box > LARGEST_HEADER) throw unreadable('its header is larger than 8 KiB');
    }
    this.#bytes = all;
  }
}

/** A recorder's kept header, and then its sound from the first whole fragment on, though the bytes begin anywhere. */
export async function* continuedFragments(header: Uint8Array, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let rest: Uint8Array | undefined = new Uint8Array(0);
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
    while (at + 8 <= all.length && !boxAt(all, at, 'moof')) at += 1;
    rest = at + 8 <= all.length ? undefined : all.slice(Math.max(0, all.length - 7));
    if (!rest) yield all.subarray(at);
  }
}
