import { wavHeader } from '../../src/audio/wav.ts';
import { cutAtRandom, difference, readPieces } from './container-fuzz.ts';
import type { Subject } from './container-readers.ts';
import { boxOf } from './mp4-boxes.ts';
import { oggHeader, pageOf, withChecksums } from './ogg-writer.ts';
import { glued, opusHeadOf } from './opus-packets.ts';
import { seeded } from './speech-like.ts';
import { blockOf, claimed, clusterOf, element, webmHeader } from './webm-writer.ts';

/** A recording that was made by hand to harm: for which reader, and how it ends — refused with these words, or read into so many pieces (the header counts). */
export type Bomb = { readonly name: string; readonly reader: string; readonly bytes: () => Uint8Array; readonly ends: RegExp | number };

const TIB = 2 ** 40;
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const of = (...values: number[]): Uint8Array => Uint8Array.from(values);
const many = (count: number, piece: Uint8Array): Uint8Array => {
  const whole = new Uint8Array(count * piece.length);
  for (let at = 0; at < whole.length; at += piece.length) whole.set(piece, at);
  return whole;
};
const noise = (length: number, below = 256): Uint8Array => {
  const random = seeded(9);
  return new Uint8Array(length).map(() => Math.floor(random() * below));
};

const good = new Uint8Array(40).map((_, index) => index + 1);
const start = glued([webmHeader(), clusterOf(0)]);
const block = blockOf(good, 0);
const opening = glued([element(0x1a45dfa3), claimed(0x18538067)]);
const entry = glued([claimed(0x1654ae6b, 8000), claimed(0xae, 4000)]);
const tracks = glued([opening, entry]);
const opus = glued([element(0xd7, of(1)), element(0x86, text('A_OPUS'))]);
const empty = of(0xa3, 0x84, 0x81, 0, 0, 0x80);

const webm: readonly (readonly [string, () => Uint8Array, RegExp | number])[] = [
  ['a block of 1 TiB', () => glued([start, claimed(0xa3, TIB)]), /too large/],
  ['a block of 8 EiB less one', () => glued([start, of(0xa3, 1, 255, 255, 255, 255, 255, 255, 254)]), /too large/],
  ['a block of unknown length, in eight bytes', () => glued([start, claimed(0xa3)]), /too large/],
  ['a block of unknown length, in one byte', () => glued([start, of(0xa3, 0xff)]), /too large/],
  ['a group of unknown length', () => glued([start, claimed(0xa0)]), /too large/],
  ['a codec name of unknown length', () => glued([tracks, claimed(0x86)]), /too large/],
  ['a codec name of 1 TiB', () => glued([tracks, claimed(0x86, TIB)]), /too large/],
  ['tracks of 1 TiB', () => glued([opening, claimed(0x1654ae6b, TIB)]), /too large/],
  ['an EBML head of 1 TiB', () => claimed(0x1a45dfa3, TIB), /too large/],
  ['a CodecPrivate of 1 MB', () => glued([tracks, claimed(0x63a2, 1e6), noise(1e5)]), /too large/],
  ['a CodecPrivate of 4 KiB that is no OpusHead', () => glued([tracks, opus, element(0x63a2, noise(4096)), clusterOf(0)]), /Opus header is damaged/],
  ['a CodecPrivate of no length', () => glued([tracks, opus, element(0x63a2), clusterOf(0), block]), 2],
  ['a CodecPrivate of one byte', () => glued([tracks, opus, element(0x63a2, of(79)), clusterOf(0)]), /Opus header is damaged/],
  ['an OpusHead of another version', () => glued([tracks, opus, element(0x63a2, opusHeadOf(1).fill(16, 8, 9)), clusterOf(0)]), /version/],
  ['an OpusHead of 255 channels', () => glued([tracks, opus, element(0x63a2, opusHeadOf(1).fill(255, 9, 10)), clusterOf(0)]), /255 channels/],
  ['an OpusHead of no channel', () => glued([tracks, opus, element(0x63a2, opusHeadOf(1).fill(0, 9, 10)), clusterOf(0)]), /0 channels/],
  ['tags of 1 TiB', () => glued([start, claimed(0x1254c367, TIB)]), /too large/],
  ['a void of 1 TiB', () => glued([start, claimed(0xec, TIB)]), /too large/],
  ['cues of unknown length', () => glued([start, claimed(0x1c53bb6b)]), /too large/],
  ['an unknown element of 1 MiB', () => glued([start, claimed(0x4dff, 1 << 20)]), /too large/],
  ['our block of 70 kB', () => glued([start, claimed(0xa3, 70_000), of(0x81, 0, 0, 0x80), noise(70_000)]), /far too large/],
  ['our block of the largest packet there can be', () => glued([start, blockOf(noise(61_440), 0)]), 2],
  ['our largest block, which never ends', () => glued([start, claimed(0xa3, 61_444), of(0x81, 0, 0, 0x80), noise(61_439)]), 1],
  ['a block of another track of 4 MiB', () => glued([start, claimed(0xa3, 4 << 20), of(0x82, 0, 0, 0x80), new Uint8Array((4 << 20) - 4), block]), 2],
  ['a block of another track that is larger still', () => glued([start, claimed(0xa3, (4 << 20) + 1), of(0x82, 0, 0, 0x80)]), /too large/],
  ['200,000 clusters inside each other', () => glued([start, many(200_000, of(0x1f, 0x43, 0xb6, 0x75, 0xff)), block]), 2],
  ['100,000 segments inside each other', () => glued([start, many(100_000, of(0x18, 0x53, 0x80, 0x67, 0xff)), block]), 2],
  ['segments inside each other in the header', () => glued([opening, many(2000, of(0x18, 0x53, 0x80, 0x67, 0xff))]), /8 KiB/],
  ['100,000 groups inside each other', () => glued([start, many(100_000, of(0xa0, 0x80)), block]), 2],
  ['a million empty blocks', () => glued([start, many(1_000_000, empty), block]), 2],
  ['200,000 empty voids', () => glued([start, many(200_000, of(0xec, 0x80)), block]), 2],
  ['200,000 time codes', () => glued([start, many(200_000, of(0xe7, 0x81, 7)), block]), 2],
  ['EBML lacing', () => glued([start, blockOf(good, 0, 1, 0x86)]), /laces/],
  ['EBML lacing of 255 frames', () => glued([start, blockOf(glued([of(255), many(255, of(0xff)), good]), 0, 1, 0x86)]), /laces/],
  ['Xiph lacing', () => glued([start, blockOf(good, 0, 1, 0x82)]), /laces/],
  ['fixed lacing', () => glued([start, blockOf(good, 0, 1, 0x84)]), /laces/],
  ['lacing of another track', () => glued([start, blockOf(good, 0, 2, 0x86), block]), 2],
  ['ids of zero', () => glued([start, new Uint8Array(5000)]), /not WebM/],
  ['an id of eight bytes', () => glued([start, of(1, 2, 3, 4, 5, 6, 7, 8)]), /not WebM/],
  ['a size of no length', () => glued([start, of(0xa3, 0, 0, 0, 0)]), /without a size/],
  ['a block without its head', () => glued([start, element(0xa3, of(0x81, 0))]), /too short/],
  ['a block of nothing', () => glued([start, element(0xa3)]), /too short/],
  ['a block whose track number has two bytes', () => glued([start, element(0xa3, of(0x40, 1, 0, 0), good)]), /more tracks/],
  ['sound before its header', () => glued([opening, clusterOf(0), block]), /no Opus/],
  ['a block before any cluster', () => glued([webmHeader(), block]), /before its header/],
  ['another codec', () => glued([webmHeader({ codec: 'A_VORBIS' }), clusterOf(0)]), /no Opus/],
  ['sound that is packed in something else', () => glued([tracks, opus, element(0x6d80, good), clusterOf(0)]), /no Opus/],
  ['a track number of zero', () => glued([tracks, element(0x86, text('A_OPUS')), element(0xd7, of(0)), clusterOf(0)]), /track number/],
  ['a track number of 2^64', () => glued([tracks, element(0x86, text('A_OPUS')), element(0xd7, many(8, of(255))), clusterOf(0)]), /track number/],
  ['no track number', () => glued([tracks, element(0x86, text('A_OPUS')), clusterOf(0)]), /track number/],
  ['values before any track', () => glued([opening, element(0xd7, of(9)), element(0x86, text('A_OPUS')), clusterOf(0)]), /no Opus/],
  ['a thousand tracks', () => glued([opening, many(1000, of(0xae, 0x80))]), /64 tracks/],
  ['a track that begins after the sound has begun', () => glued([start, many(1000, of(0xae, 0x80)), element(0xd7, of(9)), block]), 2],
  ['a header that never ends', () => glued([opening, many(9000, of(0xec, 0x84, 0, 0, 0, 0))]), /8 KiB/],
  [
    'a header that is too large by its last three bytes',
    () => glued([opening, many(4090, of(0xe1, 0x80)), of(0x1f, 0x43, 0xb6, 0x75, 0xff)]),
    /8 KiB/,
  ],
  ['two channels and no CodecPrivate', () => glued([tracks, opus, element(0x9f, of(2)), clusterOf(0), block]), 2],
  [
    'a header of one element that is too large for it',
    () => glued([opening, element(0x1549a966, noise(4000)), element(0x1549a966, noise(4000)), claimed(0x1549a966, 400)]),
    /8 KiB/,
  ],
  ['no header at all', () => clusterOf(0), /header is missing/],
  ['a second header within the first', () => glued([start, webmHeader()]), /second WebM header/],
  ['something that calls itself otherwise', () => glued([element(0x1a45dfa3, element(0x4282, text('mp3'))), start]), /neither WebM/],
  ['a DocType with zeros behind it', () => glued([element(0x1a45dfa3, element(0x4282, text('webm\0\0\0'))), entry, opus, clusterOf(0), block]), 2],
  ['64 KiB of noise', () => noise(65_536), /header is missing/],
  ['64 KiB of noise after a good beginning', () => glued([start, block, noise(65_536)]), /not WebM/],
];

const goesOn: readonly (readonly [string, () => Uint8Array, RegExp | number])[] = [
  ['260 kB of noise', () => noise(270_000, 128), /nothing in it belongs/],
  ['a cluster after more noise than is searched through', () => glued([noise(270_000, 128), clusterOf(0), block, block]), /nothing in it belongs/],
  ['a cluster just before the search is given up', () => glued([new Uint8Array(262_140), clusterOf(0), block]), 2],
  ['200,000 blocks that begin and never go on', () => many(100_000, of(0xa3, 0x9f)), 1],
  ['blocks of 4 KiB, each with its end spoilt', () => many(20, glued([of(0xa3, 0x4f, 0xf0, 0x81, 0, 0, 0x80), new Uint8Array(4080)])), 1],
  ['blocks of unknown length', () => many(50_000, of(0xa3, 0xff)), 1],
  ['cluster ids without a cluster', () => many(60_000, of(0x1f, 0x43, 0xb6, 0x75)), 1],
  ['cluster ids with a size of zero', () => many(50_000, of(0x1f, 0x43, 0xb6, 0x75, 0)), 1],
];

const page = pageOf([good], { sequence: 2 });
const spoilt = (bytes: Uint8Array): Uint8Array => bytes.map((byte, index) => (index === 30 ? byte ^ 1 : byte));
const unending = (pages: number) => Array.from({ length: pages }, (_, index) => pageOf([new Uint8Array(255 * 255)], { continued: index > 0 }, true));
/** A page as large as can be, of which only the last 255 bytes wait for the next page; and one that waits as a whole. */
const fullPage = () => pageOf([new Uint8Array(127 * 255 - 1), new Uint8Array(127 * 255 - 1), new Uint8Array(255)], { sequence: 2 }, true);
const halfPacket = () => pageOf([new Uint8Array(239 * 255)], { sequence: 3, continued: true }, true);
const ogg: readonly (readonly [string, () => Uint8Array, RegExp | number])[] = [
  ['a first page that is damaged', () => spoilt(oggHeader()), /damaged/],
  ['an Ogg of another codec', () => pageOf([text('\u0001vorbis-and-more')], { first: true }), /no Opus/],
  ['an Ogg without its beginning', () => page, /header is missing/],
  ['a stream that is no Ogg', () => noise(5000), /header is missing/],
  ['a second beginning within the first', () => glued([oggHeader(), oggHeader()]), /second Ogg header/],
  [
    'two streams at once',
    () => glued([pageOf([opusHeadOf(1)], { first: true }), pageOf([opusHeadOf(1)], { first: true, serial: 8 })]),
    /second Ogg header/,
  ],
  ['tags of 20 kB', () => glued([pageOf([opusHeadOf(1)], { first: true }), pageOf([new Uint8Array(20_000)])]), /8 KiB/],
  [
    'tags that never end',
    () =>
      glued([
        pageOf([opusHeadOf(1)], { first: true }),
        ...Array.from({ length: 40 }, (_, index) => pageOf([new Uint8Array(255)], { continued: index > 0 }, true)),
      ]),
    /8 KiB/,
  ],
  ['no tags where they belong', () => glued([pageOf([opusHeadOf(1)], { first: true }), page]), /header is damaged/],
  ['an OpusHead of three bytes', () => pageOf([text('OpusHead\u0001')], { first: true }), /Opus header is damaged/],
  ['a beginning without a packet', () => pageOf([], { first: true }), /no Opus/],
  ['a hundred damaged pages', () => glued([oggHeader(), many(100, spoilt(page))]), /damaged/],
  ['a packet of 200 kB', () => glued([oggHeader(), ...unending(4)]), /too large/],
  ['a packet of 65 kB', () => glued([oggHeader(), ...unending(1)]), /too large/],
  ['300 kB without a page', () => glued([oggHeader(), new Uint8Array(300_000)]), /nothing in it/],
  ['300 kB of beginnings of pages', () => glued([oggHeader(), many(100_000, text('Ogg'))]), /nothing in it/],
  ['100,000 pages of nothing', () => glued([oggHeader(), many(100_000, pageOf([])), page]), 2],
  ['20,000 pages of empty packets', () => glued([oggHeader(), many(2000, pageOf(Array.from({ length: 255 }, () => new Uint8Array(0)))), page]), 2],
  ['the largest pages around one packet that never ends', () => glued([oggHeader(), fullPage(), halfPacket(), halfPacket().subarray(0, 60_000)]), 3],
  ['pages that go on with what never began', () => glued([oggHeader(), many(1000, pageOf([good], { continued: true })), page]), 2],
  [
    'pages of ten thousand other streams',
    () => glued([oggHeader(), ...Array.from({ length: 10_000 }, (_, index) => pageOf([good], { serial: index + 100 })), page]),
    2,
  ],
  ['a page of another version', () => glued([oggHeader(), withChecksums(page.map((byte, index) => (index === 4 ? 1 : byte))), page]), 2],
];

const mp4: readonly (readonly [string, () => Uint8Array, RegExp | number])[] = [
  ['a box of no length', () => glued([boxOf('ftyp'), new Uint8Array(4), text('moov')]), /MP4 header is damaged/],
  ['a box with a length of 64 bits', () => glued([boxOf('ftyp'), of(0, 0, 0, 1), text('mdia'), many(8, of(255))]), /MP4 header is damaged/],
  ['a box of 4 GiB', () => glued([boxOf('ftyp'), many(4, of(255)), text('moov')]), /8 KiB/],
  ['a header box of 9 kB', () => glued([boxOf('ftyp'), boxOf('moov', noise(9000))]), /8 KiB/],
  ['2,000 empty boxes', () => many(2000, boxOf('free')), /8 KiB/],
  ['a fragment before anything else', () => boxOf('moof'), 1],
  ['a header that never ends, byte by byte', () => glued([boxOf('ftyp'), of(0, 0, 0x1f, 0xe0), text('moov'), noise(8000)]), 0],
];

const wav: readonly (readonly [string, () => Uint8Array, RegExp | number])[] = [
  ['a part of 4 GiB', () => glued([text('RIFF'), new Uint8Array(4), text('WAVELIST'), many(4, of(255))]), /far too large/],
  ['a format of 64 KiB', () => glued([text('RIFF'), new Uint8Array(4), text('WAVEfmt '), of(0, 0, 1, 0)]), /WAV header is damaged/],
  ['sound before its format', () => glued([text('RIFF'), new Uint8Array(4), text('WAVEdata'), new Uint8Array(4)]), /before its format/],
  ['no channel', () => wavHeader(16_000, 0), /0 channels/],
  ['65,535 channels', () => wavHeader(16_000, 1).fill(255, 22, 24), /65535 channels/],
  ['4,294,967,295 samples a second', () => wavHeader(16_000, 1).fill(255, 24, 28), /samples a second/],
  ['samples of eight bits', () => wavHeader(16_000, 1).fill(8, 34, 35), /16-bit/],
  [
    'another format in disguise',
    () => glued([text('RIFF'), new Uint8Array(4), text('WAVEfmt '), of(40, 0, 0, 0, 0xfe, 0xff), new Uint8Array(38)]),
    /16-bit/,
  ],
  ['a format in disguise that ends too soon', () => wavHeader(16_000, 1).fill(0xfe, 20, 21).fill(0xff, 21, 22), /16-bit/],
  ['two channels that need no other rate', () => glued([wavHeader(16_000, 2), noise(40)]), 1],
  ['a RIFF that is none', () => text('RIFF----AVI LIST'), /no WAV/],
];

const named = (reader: string, list: typeof webm): Bomb[] => list.map(([name, bytes, ends]) => ({ reader, name, bytes, ends }));

/** All bombs that were made by hand. */
export const bombs: readonly Bomb[] = [
  ...named('WebM', webm),
  ...named('WebM that goes on', goesOn),
  ...named('Ogg', ogg),
  ...named('the front of MP4', mp4),
  ...named('WAV', wav),
  ...named('WAV that goes on', [['an odd number of bytes', () => noise(999), 1]]),
  ...named('the seams between recorders', [['the beginning of a header at the very end', () => glued([start, block, text('Ogg')]), 2]]),
  ...named('Ogg that goes on from half a header', [['whatever comes', () => page, /not complete/]]),
];

/** So much may be kept by one reader. */
export const LARGEST_KEPT = 144 * 1024;

/** Reads every bomb, whole and cut; what did not end as it should. */
export function blowUp(readers: readonly Subject[]): string[] {
  return bombs.flatMap(({ name, reader, bytes: make, ends }) => {
    const subject = readers.find((each) => each.name === reader)!;
    const bytes = make();
    try {
      const whole = readPieces(subject, [bytes]);
      const cut = readPieces(subject, cutAtRandom(bytes, seeded(1), bytes.length > 20_000 ? 900 : 1));
      const unlike = difference(whole, cut);
      const asTold = typeof ends === 'number' ? !whole.refusal && whole.made.length === ends : ends.test(whole.refusal ?? '');
      if (!asTold) return [`${name} (${reader}): ${whole.refusal ?? `${whole.made.length} pieces`}`];
      if (unlike) return [`${name} (${reader}): ${unlike}`];
      return Math.max(whole.kept, cut.kept) > LARGEST_KEPT ? [`${name} (${reader}): ${cut.kept} bytes are kept`] : [];
    } catch (error) {
      return [`${name} (${reader}): ${error}`];
    }
  });
}
