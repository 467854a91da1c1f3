import { wavHeader } from '../../src/audio/wav.ts';
import { boxOf, referringMovie } from './mp4-boxes.ts';
import { oggHeader, pageOf, withChecksums } from './ogg-writer.ts';
import { glued, opusHeadOf } from './opus-packets.ts';
import { blockOf, claimed, clusterOf, element, webmHeader } from './webm-writer.ts';

/** What is mutated: a container in pieces that mean something (heads, values, blocks, pages), and what is put between them to harm. */
type Grammar = {
  readonly seeds: readonly (readonly Uint8Array[])[];
  readonly evil: readonly Uint8Array[];
  /** A piece with a false length. */
  readonly lie: (piece: Uint8Array, random: () => number) => Uint8Array;
  readonly mend?: (bytes: Uint8Array) => Uint8Array;
};

export type Format = 'webm' | 'ogg' | 'mp4' | 'wav';

const EVIL_BYTES = [0, 1, 0x1a, 0x42, 0x63, 0x80, 0x81, 0xa0, 0xa3, 0xae, 0xe7, 0xec, 0xff];
const SIZES = [undefined, 0, 1, 3, 4, 20, 300, 4096, 4097, 8193, 61_440, 61_445, 70_000, 1 << 20, 4 << 20, 2 ** 32, 2 ** 40, 2 ** 53];
const pick = <T>(list: readonly T[], random: () => number): T => list[Math.floor(random() * list.length)]!;
const bytesOf = (...values: number[]): Uint8Array => Uint8Array.from(values);
const packet = (size: number): Uint8Array => new Uint8Array(size).map((_, index) => (index * 37 + size) & 255);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const idOf = (piece: Uint8Array): number => {
  const length = Math.min(4, Math.max(1, Math.clz32(piece[0] ?? 0) - 23));
  return piece.subarray(0, length).reduce((value, byte) => value * 256 + byte, 0);
};

const blocks = (count: number): Uint8Array[] => Array.from({ length: count }, (_, index) => blockOf(packet(5 + index * 7), index * 20));
const webm: Grammar = {
  seeds: [
    [webmHeader(), clusterOf(0), ...blocks(4), clusterOf(80), ...blocks(3)],
    [
      element(0x1a45dfa3, element(0x4282, text('webm'))),
      claimed(0x18538067),
      claimed(0x1654ae6b, 60),
      claimed(0xae, 40),
      element(0xd7, bytesOf(1)),
      element(0x86, text('A_OPUS')),
      element(0x63a2, opusHeadOf(1)),
      clusterOf(0),
      ...blocks(3),
    ],
    [webmHeader({ channels: 2, track: 3 }), clusterOf(0), blockOf(packet(9), 0, 3), blockOf(packet(4), 0, 1), blockOf(packet(300), 20, 3)],
    [webmHeader(), clusterOf(0), element(0xa0, element(0xa1, bytesOf(0x81, 0, 0, 0), packet(8)), element(0x9b, bytesOf(20))), ...blocks(2)],
  ],
  evil: [
    claimed(0xa3, 2 ** 40),
    claimed(0xa3),
    claimed(0xa0),
    claimed(0x1f43b675),
    claimed(0x1f43b675, 0),
    claimed(0x86),
    claimed(0x63a2, 1e6),
    element(0x63a2, packet(4096)),
    blockOf(packet(12), 0, 1, 0x86),
    blockOf(packet(12), 0, 1, 0x82),
    blockOf(packet(12), 0, 2),
    bytesOf(0xa3, 0x84, 0x81, 0, 0, 0x80),
    bytesOf(0xa3, 0x83, 0x81, 0, 0),
    bytesOf(0xa3, 0x80),
    new Uint8Array(9),
    webmHeader(),
    element(0xec, packet(40)),
    element(0x6d80, packet(3)),
    element(0xae),
    element(0xd7, new Uint8Array(8).fill(255)),
    element(0xd7, bytesOf(0)),
    bytesOf(0x1f, 0x43, 0xb6, 0x75, 0xff, 0x1f, 0x43, 0xb6, 0x75, 0xff, 0x1f, 0x43, 0xb6, 0x75, 0xff),
    oggHeader(),
  ],
  lie: (piece, random) => {
    const id = idOf(piece);
    // what the head had said it holds is left behind it
    return glued([claimed(id, pick(SIZES, random)), piece.subarray(Math.min(piece.length, 2 + Math.floor(random() * 3)))]);
  },
};

const ogg: Grammar = {
  seeds: [
    [oggHeader(), pageOf([packet(9), packet(30)], { sequence: 2 }), pageOf([packet(3)], { sequence: 3 })],
    [
      oggHeader({ channels: 2 }),
      pageOf([packet(7), packet(255)], { sequence: 2 }, true),
      pageOf([packet(255)], { continued: true }, true),
      pageOf([packet(20)], { continued: true }),
    ],
    [pageOf([opusHeadOf(1)], { first: true }), pageOf([text('OpusTags'), packet(6)]), pageOf([packet(40)], { serial: 8 }), pageOf([packet(41)])],
  ],
  evil: [
    oggHeader(),
    pageOf([opusHeadOf(2)], { first: true, serial: 9 }),
    pageOf([packet(30)], { serial: 9 }),
    pageOf([packet(30)], { continued: true }),
    pageOf([]),
    pageOf([new Uint8Array(0), new Uint8Array(0)]),
    pageOf([packet(510)], {}, true),
    text('OggOggSOgg'),
    new Uint8Array(60),
    webmHeader(),
  ],
  lie: (piece, random) => {
    const page = piece.slice();
    // the number of lacing values, or one of them
    const at = random() < 0.5 ? 26 : 27 + Math.floor(random() * 4);
    if (at < page.length) page[at] = pick([0, 1, 2, 254, 255], random);
    return page;
  },
  mend: withChecksums,
};

const word = (value: number): Uint8Array => bytesOf(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
const mp4: Grammar = {
  seeds: [
    [boxOf('ftyp', text('iso5')), boxOf('moov', packet(80)), boxOf('moof', packet(20)), boxOf('mdat', packet(50))],
    [boxOf('ftyp', text('iso5')), boxOf('free'), boxOf('moov', boxOf('trak', packet(20))), boxOf('mdat', packet(5))],
    [...referringMovie('http://127.0.0.1/')],
  ],
  evil: [boxOf('moof'), boxOf('free', packet(200)), glued([word(0), text('moov')]), glued([word(1), text('mdat')]), text('moofmoof'), webmHeader()],
  lie: (piece, random) => glued([word(pick([0, 1, 7, 8, 9, 300, 8192, 8193, 65_536, 2 ** 32 - 1], random)), piece.subarray(4)]),
};

const wav: Grammar = {
  seeds: [
    [wavHeader(16_000, 1).subarray(0, 36), text('data'), bytesOf(20, 0, 0, 0), packet(20)],
    [wavHeader(48_000, 2).subarray(0, 12), text('LIST'), bytesOf(3, 0, 0, 0), packet(4), wavHeader(48_000, 2).subarray(12), packet(90)],
  ],
  evil: [text('data'), text('fmt '), text('RIFF'), new Uint8Array(8), bytesOf(255, 255, 255, 255), wavHeader(8_000, 8)],
  lie: (piece, random) =>
    glued([piece.subarray(0, 4), pick([word(0), word(2 ** 32 - 1), bytesOf(255, 255, 15, 0), bytesOf(64, 0, 0, 0)], random), piece.subarray(8)]),
};

const grammars: Readonly<Record<Format, Grammar>> = { webm, ogg, mp4, wav };

/** One accident among the pieces: lost, doubled, exchanged, spliced from another recording, with a false length, or harm put between them. */
function accident(pieces: Uint8Array[], { seeds, evil, lie }: Grammar, random: () => number): void {
  const at = Math.floor(random() * pieces.length);
  const here = pieces[at]!;
  switch (Math.floor(random() * 8)) {
    case 0:
      pieces.splice(at, 1 + Math.floor(random() * 2));
      break;
    case 1:
      pieces.splice(at, 0, ...Array.from({ length: 1 + Math.floor(random() * 3) }, () => here));
      break;
    case 2:
      pieces[at] = pick(pieces, random);
      break;
    case 3:
      pieces.splice(at, 2, ...pick(seeds, random).slice(Math.floor(random() * 4)));
      break;
    case 4:
    case 5:
      pieces[at] = lie(here, random);
      break;
    case 6:
      pieces[at] = here.subarray(0, Math.floor(random() * here.length));
      break;
    default:
      pieces.splice(at, 0, pick(evil, random));
  }
  if (pieces.length === 0) pieces.push(pick(evil, random));
}

/** One accident among the bytes: a bit flipped, a byte exchanged, some lost, doubled or overwritten, the end cut off. */
function slip(bytes: Uint8Array, random: () => number): Uint8Array {
  const at = Math.floor(random() * bytes.length);
  const length = Math.floor(random() * 30);
  switch (Math.floor(random() * 6)) {
    case 0:
      bytes[at]! ^= 1 << Math.floor(random() * 8);
      return bytes;
    case 1:
      bytes[at] = pick(EVIL_BYTES, random);
      return bytes;
    case 2:
      return glued([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 3:
      return glued([bytes.subarray(0, at + length), bytes.subarray(at)]);
    case 4:
      return bytes.fill(pick(EVIL_BYTES, random), at, at + 1 + (length % 9));
    default:
      return bytes.slice(0, at);
  }
}

/** A recording of this kind after a few accidents, the same for the same random numbers. */
export function mutant(format: Format, random: () => number): Uint8Array {
  const grammar = grammars[format];
  const pieces = pick(grammar.seeds, random).slice();
  for (let left = Math.floor(random() * 4); left > 0; left -= 1) accident(pieces, grammar, random);
  let bytes = glued(pieces);
  // most harm lies in what is well formed, so half of the mutants keep their checksums and only a few are mere noise
  for (let left = Math.floor(random() * 3); left > 0 && bytes.length > 0; left -= 1) bytes = slip(bytes, random);
  return grammar.mend && random() < 0.7 ? grammar.mend(bytes) : bytes;
}

/** Other bytes after a few slips. */
export function harmed(bytes: Uint8Array, random: () => number): Uint8Array {
  let after: Uint8Array = bytes.slice();
  for (let left = Math.floor(random() * 4); left > 0 && after.length > 0; left -= 1) after = slip(after, random);
  return after;
}

/** The undamaged recordings that mutants are made of. */
export const seedsOf = (format: Format): Uint8Array[] => grammars[format].seeds.map(glued);
