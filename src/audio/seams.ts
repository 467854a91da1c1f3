/** So many bytes after the first belong to a header for sure. */
const SURE = 4;

const O = 0x4f;
const R = 0x52;
const EBML = 0x1a;

type Verdict = 'yes' | 'no' | 'maybe';

/** A pattern: each entry is a value, a range, or `undefined` for anything. */
type Pattern = readonly (number | readonly [number, number] | undefined)[];
const letters = (word: string): number[] => [...word].map((letter) => letter.charCodeAt(0));

const patterns: ReadonlyMap<number, readonly Pattern[]> = new Map<number, readonly Pattern[]>([
  // EBML, with its size in one byte (Chromium) or eight (Firefox), and an element of its own inside
  [
    EBML,
    [
      [EBML, 0x45, 0xdf, 0xa3, [0x80, 0xfe], 0x42, [0x82, 0xf7]],
      [EBML, 0x45, 0xdf, 0xa3, 0x01, 0, 0, 0, 0, 0, undefined, undefined],
    ],
  ],
  [O, [[...letters('OggS'), 0, 2]]],
  [R, [[...letters('RIFF'), undefined, undefined, undefined, undefined, ...letters('WAVE')]]],
  [0, [[0, 0, 0, [0x10, 0xff], ...letters('ftyp')]]],
]);

function matches(bytes: Uint8Array, at: number, pattern: Pattern): Verdict {
  for (let index = 0; index < pattern.length; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return 'maybe';
    const wanted = pattern[index];
    if (typeof wanted === 'number' ? byte !== wanted : wanted && (byte < wanted[0] || byte > wanted[1])) return 'no';
  }
  return 'yes';
}

function headerAt(bytes: Uint8Array, at: number): Verdict {
  let best: Verdict = 'no';
  for (const pattern of patterns.get(bytes[at]!) ?? []) {
    const verdict = matches(bytes, at, pattern);
    if (verdict === 'yes') return 'yes';
    if (verdict === 'maybe') best = 'maybe';
  }
  return best;
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}

/** Bytes of one recorder; `starts` when a new recorder's header begins with them. */
export type Piece = { readonly bytes: Uint8Array; readonly starts: boolean };

/**
 * Finds where a new recorder begins, wherever the bytes are cut. A header's first byte also goes to the recorder before it, always:
 * it has often been handed on before the second one shows what it was, and waiting for that would hold up every chunk that ends alike.
 */
export class Seams {
  /** The end of what came before, from a byte that could begin a header; its first `#given` bytes were handed on already. */
  #open: Uint8Array = new Uint8Array(0);
  #given = 0;
  #fresh = true;

  push(bytes: Uint8Array): Piece[] {
    const all = this.#open.length > 0 ? joined(this.#open, bytes) : bytes;
    const pieces: Piece[] = [];
    let from = this.#given;
    let starts = false;
    this.#open = new Uint8Array(0);
    this.#given = 0;
    const handOn = (to: number) => {
      if (to <= from) return;
      pieces.push({ bytes: all.subarray(from, to), starts });
      starts = false;
      this.#fresh = false;
      from = to;
    };
    for (let at = 0; at < all.length; at += 1) {
      const byte = all[at];
      if (byte !== 0 && byte !== EBML && byte !== O && byte !== R) continue;
      const verdict = headerAt(all, at);
      if (verdict === 'no') continue;
      // there is nobody before the very first recorder
      const alone = this.#fresh && at === 0;
      if (!alone) handOn(at + 1);
      if (verdict === 'maybe') {
        this.#open = all.slice(at);
        this.#given = alone ? 0 : 1;
        return pieces;
      }
      from = at;
      starts = true;
      at += SURE;
    }
    handOn(all.length);
    return pieces;
  }

  /** What was held back because it could have become a header. */
  end(): Piece[] {
    const bytes = this.#open.subarray(this.#given);
    this.#open = new Uint8Array(0);
    this.#given = 0;
    return bytes.length > 0 ? [{ bytes, starts: false }] : [];
  }
}
