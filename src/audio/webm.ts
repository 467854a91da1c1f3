import { type Demuxer, LARGEST_HEADER } from './demuxer.ts';
import { type ElementHead, elementHead, ids } from './ebml.ts';
import { LARGEST_PACKET, type OpusTrack } from './opus-packet.ts';
import { unreadable } from './unreadable.ts';
import { Resync } from './webm-resync.ts';
import { WebmTracks } from './webm-tracks.ts';

/** What the next bytes are: the head of an element, a value, the head of a block, its sound, or something to step over. */
type State = 'element' | 'value' | 'block' | 'packet' | 'skip';

/**
 * Takes the Opus packets out of WebM as browsers record it. Elements are read one after the other without regard to what lies in what,
 * so nothing nests and nothing is awaited but values and blocks below their cap.
 */
export class WebmDemuxer implements Demuxer {
  #state: State = 'element';
  #small = new Uint8Array(12);
  #room: Uint8Array = this.#small;
  #filled = 0;
  #wanted = 0;
  #element: ElementHead | undefined;
  #tracks: WebmTracks | undefined = new WebmTracks();
  #chosen: { number: number; track: OpusTrack } | undefined;
  #begun = false;
  #head: Uint8Array | undefined = new Uint8Array(256);
  #headLength = 0;
  #header: Uint8Array | undefined;
  #resync: Resync | undefined;

  /** With the header of a recorder that is known already, the bytes may begin anywhere in its later sound. */
  constructor(header?: Uint8Array) {
    if (!header) return;
    this.push(header, []);
    if (!this.#chosen) this.#complete(this.#headLength);
    this.#expect('element');
    this.#resync = new Resync(this.#chosen!.number);
  }

  get header(): Uint8Array | undefined {
    return this.#header;
  }

  get track(): OpusTrack | undefined {
    return this.#chosen?.track;
  }

  get buffered(): number {
    return this.#room.length + this.#small.length + (this.#head ?? this.#header!).length + (this.#resync?.kept ?? 0);
  }

  push(bytes: Uint8Array, packets: Uint8Array[]): void {
    const input = this.#resync ? this.#resync.find(bytes) : bytes;
    if (!input) return;
    this.#resync = undefined;
    for (let at = 0; at < input.length; ) at += this.#step(input, at, packets);
  }

  /** Reads on from `at` and says how many bytes it took. */
  #step(bytes: Uint8Array, at: number, packets: Uint8Array[]): number {
    switch (this.#state) {
      case 'element':
        return this.#headOfElement(bytes[at]!);
      case 'skip': {
        const taken = this.#keep(bytes, at, Math.min(this.#wanted, bytes.length - at));
        this.#wanted -= taken;
        if (this.#wanted === 0) this.#expect('element');
        return taken;
      }
      case 'value':
        return this.#gather(bytes, at, (value) => {
          this.#tracks!.read(this.#element!.id, value);
          this.#expect('element');
        });
      case 'block':
        return this.#gather(bytes, at, (head) => this.#headOfBlock(head));
      case 'packet':
        return this.#gather(bytes, at, (packet) => {
          packets.push(packet);
          this.#expect('element');
        });
    }
  }

  #expect(state: State, wanted = 0): void {
    this.#state = state;
    this.#wanted = wanted;
    this.#filled = 0;
    this.#room = this.#small;
  }

  #headOfElement(byte: number): number {
    this.#small[this.#filled] = byte;
    this.#filled += 1;
    const element = elementHead(this.#small, this.#filled);
    this.#keep(this.#small, this.#filled - 1, 1);
    if (element) this.#enter(element);
    return 1;
  }

  #enter(element: ElementHead): void {
    const { id, size = 0, duty } = element;
    this.#element = element;
    if (!this.#begun && id !== ids.ebml) throw unreadable('its WebM header is missing');
    if (this.#begun && id === ids.ebml) throw unreadable('a second WebM header begins within the first');
    this.#begun = true;
    if (id === ids.cluster && !this.#chosen) this.#complete(this.#headLength - element.length);
    else if (id === ids.entry) this.#tracks?.begin();
    const waits = duty !== 'enter' && this.#head !== undefined;
    if (waits && this.#headLength + size > LARGEST_HEADER) throw unreadable('its header is larger than 8 KiB');
    if (duty === 'block') {
      if (!this.#chosen) throw unreadable('sound comes before its header');
      if (size < 4) throw unreadable('it holds a block that is too short');
      this.#expect('block', 4);
    } else if (duty === 'enter' || size === 0) this.#expect('element');
    else if (duty === 'read' && this.#tracks) this.#expect('value', size);
    else this.#expect('skip', size);
  }

  #headOfBlock(head: Uint8Array): void {
    const size = this.#element!.size! - 4;
    if ((head[0]! & 0x80) === 0) throw unreadable('it has more tracks than can be told apart');
    const ours = head[0] === (0x80 | this.#chosen!.number);
    if (ours && (head[3]! & 0x06) !== 0) throw unreadable('it laces several packets into one block');
    if (ours && size > LARGEST_PACKET) throw unreadable('it holds a block that is far too large');
    this.#expect(size === 0 ? 'element' : ours ? 'packet' : 'skip', size);
  }

  /** Waits for `#wanted` bytes; when they lie in one piece they are not copied. */
  #gather(bytes: Uint8Array, at: number, done: (whole: Uint8Array) => void): number {
    const taken = this.#keep(bytes, at, Math.min(this.#wanted - this.#filled, bytes.length - at));
    if (taken === this.#wanted) done(bytes.subarray(at, at + taken));
    else {
      // a packet outlives this step, so it never lies in the small room that everybody uses
      if (this.#filled === 0 && (this.#state === 'packet' || this.#wanted > this.#small.length)) this.#room = new Uint8Array(this.#wanted);
      this.#room.set(bytes.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      if (this.#filled === this.#wanted) done(this.#room.subarray(0, this.#filled));
    }
    return taken;
  }

  /** Adds bytes to the header as long as it lasts. */
  #keep(bytes: Uint8Array, at: number, count: number): number {
    if (!this.#head) return count;
    const length = this.#headLength + count;
    if (length > LARGEST_HEADER + this.#small.length) throw unreadable('its header is larger than 8 KiB');
    if (length > this.#head.length) {
      const larger = new Uint8Array(Math.max(length, this.#head.length * 2));
      larger.set(this.#head.subarray(0, this.#headLength));
      this.#head = larger;
    }
    this.#head.set(bytes.subarray(at, at + count), this.#headLength);
    this.#headLength = length;
    return count;
  }

  #complete(length: number): void {
    if (length > LARGEST_HEADER) throw unreadable('its header is larger than 8 KiB');
    this.#chosen = this.#tracks!.choose();
    this.#header = this.#head!.slice(0, length);
    this.#head = undefined;
    this.#tracks = undefined;
  }
}
