import { glued } from './opus-packets.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** A box of MP4: its length, its name, its body. */
export function boxOf(name: string, ...body: Uint8Array[]): Uint8Array {
  const whole = glued([new Uint8Array(4), text(name), ...body]);
  new DataView(whole.buffer).setUint32(0, whole.length);
  return whole;
}

const numbers = (...values: number[]): Uint8Array => {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setUint32(index * 4, value);
  });
  return bytes;
};

const shorts = (...values: number[]): Uint8Array => Uint8Array.from(values.flatMap((value) => [value >> 8, value & 255]));

/** A movie of one sound track whose samples lie, as it says, at another address: the oldest way to make a player fetch something. */
export function referringMovie(address: string): Uint8Array[] {
  const entry = boxOf('sowt', new Uint8Array(6), shorts(1), new Uint8Array(8), shorts(1, 16, 0, 0), numbers(16_000 << 16));
  // flags 0: the sound is not in this file
  const reference = boxOf('dref', numbers(0, 1), boxOf('url ', numbers(0), text(`${address}\0`)));
  const table = boxOf(
    'stbl',
    boxOf('stsd', numbers(0, 1), entry),
    boxOf('stts', numbers(0, 1, 1000, 1)),
    boxOf('stsc', numbers(0, 1, 1, 1000, 1)),
    boxOf('stsz', numbers(0, 2, 1000)),
    boxOf('stco', numbers(0, 1, 0)),
  );
  const media = boxOf(
    'mdia',
    boxOf('mdhd', numbers(0, 0, 0, 16_000, 1000, 0)),
    boxOf('hdlr', numbers(0, 0), text('soun'), new Uint8Array(13)),
    boxOf('minf', boxOf('smhd', numbers(0, 0)), boxOf('dinf', reference), table),
  );
  const matrix = numbers(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
  const header = boxOf('mvhd', numbers(0, 0, 0, 16_000, 1000, 0x10000, 0x1000000, 0, 0), matrix, new Uint8Array(24), numbers(2));
  const track = boxOf('tkhd', numbers(7, 0, 0, 1, 0, 1000, 0, 0, 0, 0x1000000), matrix, numbers(0, 0));
  return [
    boxOf('ftyp', text('qt  '), numbers(0), text('qt  ')),
    boxOf('moov', header, boxOf('trak', track, media)),
    boxOf('mdat', new Uint8Array(64)),
  ];
}
