import { type Demuxer, LARGEST_HEADER } from './demuxer.ts';
import { LARGEST_PACKET, type OpusTrack, opusHead } from './opus-packet.ts';
import { unreadable } from './unreadable.ts';

const OGGS = [0x4f, 0x67, 0x67, 0x53];
const HEAD = 27;
const PATIENCE = 1 << 18;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value;
});

/** The checksum of an Ogg page, whose own four bytes count as zero. */
export function oggChecksum(page: Uint8Array): number {
  let crc = 0;
  for (let at = 0; at < page.length; at += 1) {
    const byte = at >= 22 && at < 26 ? 0 : page[at]!;
    crc = (crc << 8) ^ table[(crc >>> 24) ^ byte]!;
  }
  return crc >>> 0;
}

const startsWith = (bytes: Uint8Array, word: string): boolean => [...word].every((letter, index) => bytes[index] === letter.charCodeAt(0));

const join = (pieces: readonly Uint8Array[], length: number): Uint8Array => {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};

/** Takes the Opus packets out of Ogg; a damaged page is left out, and reading goes on at the next. */
export class OggDemuxer implements Demuxer {
  /** The page so far: its head and lacing table at first, then room for all of it. */
  #page: Uint8Array = new Uint8Array(HEAD + 255);
  #filled = 0;
  #length = 0;
  #strays = 0;
  #damaged = 0;
  #serial: number | undefined;
  #track: OpusTrack | undefined;
  #pages: Uint8Array[] | undefined = [];
  #pagesLength = 0;
  #header: Uint8Array | undefined;
  #parts: Uint8Array[] = [];
  #partsLength = 0;

  /** With the header of a recorder that is known already, the bytes may begin anywhere in its later sound. */
  constructor(header?: Uint8Array) {
    if (!header) return;
    this.push(header, []);
    if (!this.#header) throw unreadable('the header kept of it is not complete');
  }

  get header(): Uint8Array | undefined {
    return this.#header;
  }

  get track(): OpusTrack | undefined {
    return this.#header && this.#track;
  }

  get buffered(): number {
    return this.#page.length + this.#partsLength + (this.#header?.length ?? this.#pagesLength);
  }

  push(bytes: Uint8Array, packets: Uint8Array[]): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#length === 0) {
        this.#capture(bytes[at]!);
        at += 1;
      } else {
        const taken = Math.min(this.#length - this.#filled, bytes.length - at);
        this.#page.set(bytes.subarray(at, at + taken), this.#filled);
        this.#filled += taken;
        at += taken;
      }
      if (this.#length > 0 && this.#filled === this.#length) this.#finish(packets);
    }
  }

  /** Reads the head of a page byte by byte, starting over wherever it cannot be one. */
  #capture(byte: number): void {
    if (this.#filled < 4 && byte !== OGGS[this.#filled]) {
      if (this.#serial === undefined) throw unreadable('its Ogg header is missing');
      this.#strays += this.#filled + 1;
      if (this.#strays > PATIENCE) throw unreadable('nothing in it is an Ogg page');
      this.#filled = 0;
      if (byte !== OGGS[0]) return;
    }
    this.#page[this.#filled] = byte;
    this.#filled += 1;
    if (this.#filled < HEAD || this.#filled < HEAD + this.#page[26]!) return;
    const body = this.#page.subarray(HEAD, this.#filled).reduce((sum, size) => sum + size, 0);
    this.#length = this.#filled + body;
    const whole = new Uint8Array(this.#length);
    whole.set(this.#page.subarray(0, this.#filled));
    this.#page = whole;
  }

  #finish(packets: Uint8Array[]): void {
    const page = this.#page;
    this.#page = new Uint8Array(HEAD + 255);
    this.#filled = 0;
    this.#length = 0;
    const view = new DataView(page.buffer);
    if (page[4] !== 0 || view.getUint32(22, true) !== oggChecksum(page)) {
      this.#damaged += 1;
      if (this.#serial === undefined || this.#damaged > 16) throw unreadable('its Ogg pages are damaged');
      return;
    }
    this.#strays = 0;
    this.#damaged = 0;
    const serial = view.getUint32(14, true);
    if (page[5]! & 2) this.#begin(page, serial);
    else if (this.#serial === undefined) throw unreadable('its Ogg header is missing');
    if (this.#pages) {
      this.#pages.push(page);
      this.#pagesLength += page.length;
      if (this.#pagesLength > LARGEST_HEADER) throw unreadable('its header is larger than 8 KiB');
    }
    if (serial === this.#serial) this.#packets(page, packets);
  }

  #begin(page: Uint8Array, serial: number): void {
    if (this.#track) throw unreadable('a second Ogg header begins within the first');
    const body = page.subarray(HEAD + page[26]!);
    if (!startsWith(body, 'OpusHead')) throw unreadable('it has no Opus sound in it');
    this.#serial = serial;
  }

  /** Puts the pieces of a page together to packets; one may go on over several pages. */
  #packets(page: Uint8Array, packets: Uint8Array[]): void {
    const count = page[26]!;
    const continued = (page[5]! & 1) !== 0;
    let lost = continued && this.#partsLength === 0;
    if (!continued) this.#forget();
    let at = HEAD + count;
    let start = at;
    for (let index = 0; index < count; index += 1) {
      const size = page[HEAD + index]!;
      at += size;
      if (size === 255 && index < count - 1) continue;
      if (!lost) {
        if (this.#partsLength + at - start > (this.#header ? LARGEST_PACKET : LARGEST_HEADER))
          throw unreadable('it holds a packet that is far too large');
        // what waits for the next page must not keep all of this one
        this.#parts.push(size < 255 ? page.subarray(start, at) : page.slice(start, at));
        this.#partsLength += at - start;
        if (size < 255) {
          const packet = this.#parts.length === 1 ? this.#parts[0]! : join(this.#parts, this.#partsLength);
          this.#forget();
          if (packet.length > 0) this.#packet(packet, packets);
        }
      }
      if (size < 255) lost = false;
      start = at;
    }
  }

  #forget(): void {
    this.#parts = [];
    this.#partsLength = 0;
  }

  #packet(packet: Uint8Array, packets: Uint8Array[]): void {
    if (this.#header) packets.push(packet);
    else if (!this.#track) this.#track = opusHead(packet);
    else {
      if (!startsWith(packet, 'OpusTags')) throw unreadable('its Ogg header is damaged');
      this.#header = join(this.#pages!, this.#pagesLength);
      this.#pages = undefined;
    }
  }
}
