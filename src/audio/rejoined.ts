import { type Container, sniff } from './sniff.ts';
import { Resync } from './webm-resync.ts';

/** Every browser's recorder gives its only track this number. */
const track = 1;
const cluster = Uint8Array.of(0x1f, 0x43, 0xb6, 0x75);
/** A cluster of unknown length that begins at 0: blocks without one belong to none. */
const ownCluster = Uint8Array.of(...cluster, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xe7, 0x81, 0x00);
/** So much is searched for a place to go on. */
const patience = 1 << 18;

/** A header of 16 kHz mono samples for a stream whose length nobody knows yet. */
export function wavHeader(): Uint8Array {
  const header = new Uint8Array(44);
  const view = new DataView(header.buffer);
  const letters = (at: number, word: string) => header.set(new TextEncoder().encode(word), at);
  letters(0, 'RIFF');
  view.setUint32(4, 0xffff_ffff, true);
  letters(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, 16_000, true);
  view.setUint32(28, 32_000, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  letters(36, 'data');
  view.setUint32(40, 0xffff_ffff, true);
  return header;
}

const begins = (bytes: Uint8Array, start: Uint8Array): boolean => start.every((byte, index) => bytes[index] === byte);

/** Makes bytes that begin in the middle of a recording a recording of their own: its header, and everything from the first whole piece on. */
export function rejoined(format: Container, header: Uint8Array): (bytes: Uint8Array) => Uint8Array {
  const resync = format === 'webm' ? new Resync(track) : undefined;
  let searched = new Uint8Array(0);
  let found = false;

  function rest(bytes: Uint8Array): Uint8Array | undefined {
    if (resync) {
      const after = resync.find(bytes);
      return after && (begins(after, cluster) ? after : joined(ownCluster, after));
    }
    if (format !== 'ogg' && format !== 'mp4') return bytes;
    searched = joined(searched, bytes);
    const at = Buffer.from(searched).indexOf(format === 'ogg' ? 'OggS' : 'moof');
    return at === -1 ? undefined : searched.subarray(format === 'ogg' ? at : Math.max(0, at - 4));
  }

  return (bytes) => {
    if (found || searched.length > patience) return found ? bytes : new Uint8Array(0);
    const after = rest(bytes);
    if (!after) return new Uint8Array(0);
    found = true;
    return joined(header, after);
  };
}

/** What a recording is by its first bytes; bare samples where they say nothing. */
export const formatOf = (bytes: Uint8Array): Container => sniff(bytes) ?? 'pcm';

function joined(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}
