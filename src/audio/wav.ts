import { RATE } from '../core/ports.ts';
import { Resampler } from './resample.ts';
import { unreadable } from './unreadable.ts';

/** The header of a 16-bit WAV; without a length it is one whose end nobody knows yet. */
export function wavHeader(rate: number, channels: number, dataBytes = 0xffffffff): Uint8Array {
  const bytes = new Uint8Array(44);
  const view = new DataView(bytes.buffer);
  const word = (at: number, text: string) =>
    bytes.set(
      [...text].map((letter) => letter.charCodeAt(0)),
      at,
    );
  word(0, 'RIFF');
  view.setUint32(4, Math.min(0xffffffff, dataBytes + 36), true);
  word(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  word(36, 'data');
  view.setUint32(40, dataBytes, true);
  return bytes;
}

/** Reads bare s16le sound: bytes cut anywhere, any rate and number of channels in, 16 kHz mono out. */
export class SampleReader {
  readonly #channels: number;
  readonly #resampler: Resampler | undefined;
  #carry = new Uint8Array(0);

  constructor(rate: number = RATE, channels = 1) {
    this.#channels = channels;
    this.#resampler = rate === RATE ? undefined : new Resampler(rate);
  }

  push(bytes: Uint8Array): Int16Array {
    const frame = 2 * this.#channels;
    const all = new Uint8Array(this.#carry.length + bytes.length);
    all.set(this.#carry);
    all.set(bytes, this.#carry.length);
    const count = Math.floor(all.length / frame);
    this.#carry = all.slice(count * frame);
    const view = new DataView(all.buffer);
    if (this.#channels === 1 && !this.#resampler) return new Int16Array(all.buffer, 0, count);
    const mono = new Float32Array(count);
    for (let index = 0; index < count; index += 1) {
      let sum = 0;
      for (let channel = 0; channel < this.#channels; channel += 1) sum += view.getInt16(index * frame + channel * 2, true);
      mono[index] = sum / this.#channels;
    }
    return this.#resampler ? this.#resampler.push(mono) : Int16Array.from(mono, Math.round);
  }

  end(): Int16Array {
    return this.#resampler?.end() ?? new Int16Array(0);
  }
}

/** What the next bytes of a WAV are: its first words, the name of a part, its format, a part to step over, sound, or nothing of interest. */
type State = 'riff' | 'part' | 'format' | 'skip' | 'sound' | 'over';

const PCM = 1;
const EXTENSIBLE = 0xfffe;
const LARGEST_PART = 1 << 20;

/** Reads a WAV whose bytes are cut anywhere; one that says nothing about its length goes on until its bytes end. */
export class WavReader {
  #state: State = 'riff';
  #small = new Uint8Array(64);
  #filled = 0;
  #wanted = 12;
  #format: { rate: number; channels: number } | undefined;
  #sound: SampleReader | undefined;

  /** With the header of a recorder that is known already, the bytes are the sound that follows. */
  constructor(header?: Uint8Array) {
    if (header) this.push(header);
  }

  /** The shortest header with which this sound can be read on. */
  get header(): Uint8Array | undefined {
    return this.#sound && this.#format && wavHeader(this.#format.rate, this.#format.channels);
  }

  /** The sound in these bytes. */
  push(bytes: Uint8Array): Int16Array[] {
    const sound: Int16Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const taken = Math.min(this.#wanted, bytes.length - at);
      const piece = bytes.subarray(at, at + taken);
      at += taken;
      this.#wanted -= taken;
      if (this.#state === 'sound') sound.push(this.#sound!.push(piece));
      else if (this.#state !== 'skip' && this.#state !== 'over') {
        this.#small.set(piece, this.#filled);
        this.#filled += taken;
      }
      if (this.#wanted === 0) this.#next();
    }
    return sound.filter((samples) => samples.length > 0);
  }

  end(): Int16Array {
    return this.#sound?.end() ?? new Int16Array(0);
  }

  #expect(state: State, wanted: number): void {
    this.#state = state;
    this.#wanted = wanted;
    this.#filled = 0;
  }

  #next(): void {
    const view = new DataView(this.#small.buffer, 0, this.#filled);
    if (this.#state === 'riff') {
      if (view.getUint32(0) !== 0x52494646 || view.getUint32(8) !== 0x57415645) throw unreadable('it calls itself RIFF but is no WAV');
      this.#expect('part', 8);
    } else if (this.#state === 'part') this.#part(view.getUint32(0), view.getUint32(4, true));
    else if (this.#state === 'format') this.#read(view);
    else if (this.#state === 'skip') this.#expect('part', 8);
    else this.#expect('over', Number.POSITIVE_INFINITY);
  }

  #part(name: number, size: number): void {
    if (name === 0x64617461) {
      if (!this.#format) throw unreadable('its sound comes before its format');
      this.#sound = new SampleReader(this.#format.rate, this.#format.channels);
      this.#expect('sound', size === 0 || size === 0xffffffff ? Number.POSITIVE_INFINITY : size);
    } else if (name === 0x666d7420) {
      if (size < 16 || size > 64) throw unreadable('its WAV header is damaged');
      this.#expect('format', size);
    } else {
      if (size > LARGEST_PART) throw unreadable('its WAV header is far too large');
      if (size > 0) this.#expect('skip', size + (size % 2));
      else this.#expect('part', 8);
    }
  }

  #read(view: DataView): void {
    const tag = view.getUint16(0, true);
    const kind = tag === EXTENSIBLE && view.byteLength >= 26 ? view.getUint16(24, true) : tag;
    const channels = view.getUint16(2, true);
    const rate = view.getUint32(4, true);
    const bits = view.getUint16(14, true);
    if (kind !== PCM || bits !== 16) throw unreadable('only WAV with 16-bit samples can be heard');
    if (channels < 1 || channels > 8) throw unreadable(`it has ${channels} channels; one to eight can be heard`);
    if (rate < 4000 || rate > 192_000) throw unreadable(`it has ${rate} samples a second; 4,000 to 192,000 can be heard`);
    this.#format = { rate, channels };
    this.#expect('part', 8);
  }
}
