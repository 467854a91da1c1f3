import { ids } from './ebml.ts';
import { type OpusTrack, opusHead } from './opus-packet.ts';
import { unreadable } from './unreadable.ts';

type Entry = { number?: number; codec?: string; codecPrivate?: Uint8Array; channels?: number; encoded?: boolean };

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes).replace(/\0+$/, '');
const whole = (bytes: Uint8Array): number => bytes.reduce((value, byte) => value * 256 + byte, 0);

/** Collects what a WebM header says about its tracks. */
export class WebmTracks {
  #entries: Entry[] = [];

  /** A new track begins. */
  begin(): void {
    if (this.#entries.length >= 64) throw unreadable('it has more than 64 tracks');
    this.#entries.push({});
  }

  /** A value of the current track, or of the file. */
  read(id: number, value: Uint8Array): void {
    if (id === ids.docType) {
      if (!['webm', 'matroska'].includes(text(value))) throw unreadable('it calls itself neither WebM nor Matroska');
      return;
    }
    const entry = this.#entries.at(-1);
    if (!entry) return;
    if (id === ids.number) entry.number = whole(value);
    else if (id === ids.codec) entry.codec = text(value);
    else if (id === ids.codecPrivate) entry.codecPrivate = value.slice();
    else if (id === ids.channels) entry.channels = whole(value);
    else if (id === ids.encodings) entry.encoded = true;
  }

  /** The first track with Opus in it, and its number in the blocks. */
  choose(): { number: number; track: OpusTrack } {
    const entry = this.#entries.find(({ codec, encoded }) => codec === 'A_OPUS' && !encoded);
    if (!entry) throw unreadable('it has no Opus sound in it');
    if (!entry.number || entry.number > 126) throw unreadable('its sound has no usable track number');
    const track: OpusTrack = entry.codecPrivate ? opusHead(entry.codecPrivate) : { channels: entry.channels === 2 ? 2 : 1, preSkip: 0, gain: 0 };
    return { number: entry.number, track };
  }
}
