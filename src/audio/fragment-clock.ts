/** The largest box that is read; what is larger has no place before the sound. */
const LARGEST = 65_536;

type Box = { readonly name: string; readonly from: number; readonly to: number };

/** The boxes that lie side by side in this stretch of bytes. */
function* boxesIn(view: DataView, from: number, to: number): Generator<Box> {
  for (let at = from; at + 8 <= to; ) {
    const size = view.getUint32(at);
    if (size < 8 || at + size > to) return;
    yield { name: nameAt(view, at + 4), from: at + 8, to: at + size };
    at += size;
  }
}

const nameAt = (view: DataView, at: number): string => String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, 4));

/** The first box at the end of this path of names. */
function find(view: DataView, { from, to }: Omit<Box, 'name'>, ...[name, ...rest]: string[]): Box | undefined {
  const box = boxesIn(view, from, to).find((each) => each.name === name);
  return box && rest.length > 0 ? find(view, box, ...rest) : box;
}

/** Tells how long the sound is in the fragments of an MP4 that have begun: whoever decodes it may be far behind. */
export class FragmentClock {
  #scale = 0;
  #usual = 0;
  #units = 0;
  #first: number | undefined;
  #lost = false;
  #head = new Uint8Array(8);
  #filled = 0;
  #body: Uint8Array | undefined;
  #wanted = 0;

  /** The end of all sound that has begun, in ms; infinite where the file does not say. */
  get ms(): number {
    if (this.#lost) return Number.POSITIVE_INFINITY;
    return this.#scale === 0 ? 0 : (this.#units * 1_000) / this.#scale;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && !this.#lost; ) at += this.#wanted === 0 ? this.#headOf(bytes, at) : this.#bodyOf(bytes, at);
  }

  #headOf(bytes: Uint8Array, at: number): number {
    const taken = Math.min(8 - this.#filled, bytes.length - at);
    this.#head.set(bytes.subarray(at, at + taken), this.#filled);
    this.#filled += taken;
    if (this.#filled < 8) return taken;
    this.#filled = 0;
    const view = new DataView(this.#head.buffer);
    const name = nameAt(view, 4);
    this.#wanted = view.getUint32(0) - 8;
    const read = name === 'moov' || name === 'moof';
    // a box without an end, or far too large
    if (this.#wanted < 0 || (read && this.#wanted > LARGEST)) this.#lost = true;
    else this.#body = read ? new Uint8Array(this.#wanted) : undefined;
    return taken;
  }

  #bodyOf(bytes: Uint8Array, at: number): number {
    const taken = Math.min(this.#wanted, bytes.length - at);
    this.#body?.set(bytes.subarray(at, at + taken), this.#body.length - this.#wanted);
    this.#wanted -= taken;
    if (this.#wanted > 0 || !this.#body) return taken;
    const whole = this.#body;
    this.#body = undefined;
    const view = new DataView(whole.buffer);
    if (nameAt(new DataView(this.#head.buffer), 4) === 'moov') this.#movie(view);
    else this.#fragment(view);
    return taken;
  }

  #movie(view: DataView): void {
    const all = { from: 0, to: view.byteLength };
    const media = find(view, all, 'trak', 'mdia', 'mdhd');
    const usual = find(view, all, 'mvex', 'trex');
    if (media) this.#scale = view.getUint32(media.from + (view.getUint8(media.from) === 1 ? 20 : 12));
    if (usual) this.#usual = view.getUint32(usual.from + 12);
    if (this.#scale === 0) this.#lost = true;
  }

  #fragment(view: DataView): void {
    const track = find(view, { from: 0, to: view.byteLength }, 'traf');
    const head = track && find(view, track, 'tfhd');
    if (!head) return;
    const flags = view.getUint32(head.from) & 0xffffff;
    const before = (flags & 1 ? 8 : 0) + (flags & 2 ? 4 : 0);
    const usual = flags & 8 ? view.getUint32(head.from + 8 + before) : this.#usual;
    const time = find(view, track, 'tfdt');
    if (time) {
      // what the lengths of samples add up to is not always where the next fragment begins
      const since = view.getUint8(time.from) === 1 ? Number(view.getBigUint64(time.from + 4)) : view.getUint32(time.from + 4);
      this.#first ??= since;
      this.#units = Math.max(this.#units, since - this.#first);
    }
    for (const run of boxesIn(view, track.from, track.to)) if (run.name === 'trun') this.#units += unitsOf(view, run, usual);
  }
}

/** How long the samples of a run are together. */
function unitsOf(view: DataView, { from, to }: Box, usual: number): number {
  const flags = view.getUint32(from) & 0xffffff;
  const count = view.getUint32(from + 4);
  if (!(flags & 0x100)) return count * usual;
  const each = 4 * [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length;
  let units = 0;
  for (let at = from + 8 + (flags & 1 ? 4 : 0) + (flags & 4 ? 4 : 0), left = count; left > 0 && at + 4 <= to; left -= 1, at += each)
    units += view.getUint32(at);
  return units;
}
