import { describe, expect, test } from 'vitest';
import { OggDemuxer, oggChecksum } from '../../src/audio/ogg.ts';
import { WebmDemuxer } from '../../src/audio/webm.ts';
import { Problem } from '../../src/core/problem.ts';
import { cutAnywhere, cutAt, demuxed } from '../support/hear-bytes.ts';
import { oggHeader, oggOf, pageOf } from '../support/ogg-writer.ts';
import { glued, opusPackets } from '../support/opus-packets.ts';
import { seeded, speechLike } from '../support/speech-like.ts';
import { blockOf, claimed, clusterOf, element, webmHeader, webmOf } from '../support/webm-writer.ts';

const sound = speechLike(1200);
const packets = opusPackets(sound).map(({ bytes }) => bytes);
const packet = packets[5]!;
const containers = [
  { name: 'WebM', make: (header?: Uint8Array) => new WebmDemuxer(header), bytes: glued(webmOf(sound, { clusterMs: 300 })) },
  { name: 'Ogg', make: (header?: Uint8Array) => new OggDemuxer(header), bytes: glued(oggOf(sound)) },
] as const;
const start = glued([webmHeader(), clusterOf(0)]);

/** Whether two lists hold the same packets (in native code: this is asked thousands of times). */
const same = (left: readonly Uint8Array[], right: readonly Uint8Array[]): boolean =>
  left.length === right.length && left.every((bytes, index) => Buffer.compare(bytes, right[index]!) === 0);

for (const { name, make, bytes } of containers) {
  describe(`${name}, cut anywhere`, () => {
    test('every packet comes out as it went in, and the header is kept', () => {
      const demuxer = make();
      expect(demuxed(demuxer, [bytes])).toMatchObject({ packets, problem: undefined });
      expect(demuxer.track).toEqual({ channels: 1, preSkip: 0, gain: 0 });
      expect(demuxer.header!.length).toBeLessThan(300);
    });

    test('a cut at any byte changes nothing', () => {
      const changed: number[] = [];
      for (let at = 0; at <= bytes.length; at += 1) {
        const { packets: cut, problem } = demuxed(make(), cutAt(bytes, [at]));
        if (problem || !same(cut, packets)) changed.push(at);
      }
      expect(changed).toEqual([]);
    });

    test('pieces of one byte change nothing, and little is kept', () => {
      const { packets: cut, most } = demuxed(make(), cutAt(bytes, [...bytes.keys()].slice(1)));
      expect(same(cut, packets)).toBe(true);
      expect(most).toBeLessThan(10_000);
    });

    test('with the kept header, reading goes on from any byte: only whole packets come, and from the first none is missing', () => {
      const first = make();
      demuxed(first, [bytes]);
      for (let at = first.header!.length; at < bytes.length - 1500; at += 13) {
        const { packets: later, problem } = demuxed(make(first.header), cutAnywhere(bytes.subarray(at), seeded(at), 400));
        expect(problem).toBeUndefined();
        expect(later.length).toBeGreaterThan(0);
        expect(same(later, packets.slice(-later.length))).toBe(true);
      }
    });
  });
}

/** What a demuxer says to hostile bytes, fed whole, in small pieces and byte by byte. */
function refused(make: () => WebmDemuxer | OggDemuxer, bytes: Uint8Array): { sentence: string; most: number; packets: number } {
  const ways = [[bytes], cutAnywhere(bytes, seeded(1), 1000), cutAnywhere(bytes.subarray(0, 100_000), seeded(2), 3)].map((pieces) =>
    demuxed(make(), pieces),
  );
  for (const { problem } of ways) expect(problem).toBeInstanceOf(Problem);
  expect(new Set(ways.map(({ packets: found }) => found.length)).size).toBe(1);
  return { sentence: (ways[0]!.problem as Problem).message, most: Math.max(...ways.map(({ most }) => most)), packets: ways[0]!.packets.length };
}

describe('WebM that means harm', () => {
  const webm = () => new WebmDemuxer();
  const TIB = 2 ** 40;
  test.each([
    ['a block of 1 TiB', glued([start, claimed(0xa3, TIB)]), /too large/],
    ['a header value of 1 TiB', glued([element(0x1a45dfa3), claimed(0x18538067), claimed(0x1654ae6b, TIB)]), /too large/],
    [
      'a codec name of unknown length',
      glued([element(0x1a45dfa3), claimed(0x18538067), claimed(0x1654ae6b, 500), claimed(0xae, 400), claimed(0x86)]),
      /too large/,
    ],
    ['a block of unknown length', glued([start, claimed(0xa3)]), /too large/],
    ['a group of blocks of unknown length', glued([start, claimed(0xa0)]), /too large/],
    ['an unknown element of 1 MiB', glued([start, claimed(0x4dff, 1 << 20)]), /too large/],
    ['our block of 70 kB', glued([start, claimed(0xa3, 70_000), Uint8Array.of(0x81, 0, 0, 0x80)]), /too large/],
    ['ids of zero', glued([start, new Uint8Array(5000)]), /not WebM/],
    ['a size of zero length', glued([start, Uint8Array.of(0xa3, 0, 0, 0, 0, 0, 0, 0, 0, 0)]), /without a size/],
    ['EBML lacing', glued([start, blockOf(packet, 0, 1, 0x86)]), /laces/],
    ['Xiph lacing', glued([start, blockOf(packet, 0, 1, 0x82)]), /laces/],
    ['fixed lacing', glued([start, blockOf(packet, 0, 1, 0x84)]), /laces/],
    [
      'a CodecPrivate of 1 MB',
      glued([element(0x1a45dfa3), claimed(0x18538067), claimed(0x1654ae6b, 8000), claimed(0xae, 8000), claimed(0x63a2, 1e6)]),
      /too large/,
    ],
    [
      'a header that never ends',
      glued([element(0x1a45dfa3), claimed(0x18538067), ...Array.from({ length: 2000 }, () => element(0xec, new Uint8Array(4)))]),
      /8 KiB/,
    ],
    ['a thousand tracks', glued([element(0x1a45dfa3), claimed(0x18538067), ...Array.from({ length: 1000 }, () => element(0xae))]), /64 tracks/],
    ['sound before its header', glued([element(0x1a45dfa3), claimed(0x18538067), clusterOf(0), blockOf(packet, 0)]), /no Opus/],
    ['another codec', glued([webmHeader({ codec: 'A_VORBIS' }), clusterOf(0)]), /no Opus/],
    ['no header at all', clusterOf(0), /header is missing/],
    ['a second header within the first', glued([start, webmHeader()]), /second WebM header/],
    ['something that calls itself otherwise', glued([element(0x1a45dfa3, element(0x4282, new TextEncoder().encode('mp3'))), start]), /neither WebM/],
    ['a block too short to be one', glued([start, element(0xa3, Uint8Array.of(0x81, 0))]), /too short/],
  ] as const)('%s is refused in one sentence, and nothing is kept for it', (_, bytes, why) => {
    const { sentence, most } = refused(webm, bytes);
    expect(sentence).toMatch(why);
    expect(most).toBeLessThan(20_000);
  });

  test('200,000 clusters inside each other and a million empty blocks are only read over', () => {
    const nested = new Uint8Array(200_000 * 5);
    for (let at = 0; at < nested.length; at += 5) nested.set([0x1f, 0x43, 0xb6, 0x75, 0xff], at);
    const empty = new Uint8Array(1_000_000 * 6);
    for (let at = 0; at < empty.length; at += 6) empty.set([0xa3, 0x84, 0x81, 0, 0, 0x80], at);
    for (const bomb of [nested, empty]) {
      const { packets: found, problem, most } = demuxed(new WebmDemuxer(), [start, bomb, blockOf(packet, 0)]);
      expect(problem).toBeUndefined();
      expect(found).toEqual([packet]);
      expect(most).toBeLessThan(1000);
    }
  });

  test('what lies in a group of blocks is heard, and another track, tags and unknown small elements are stepped over', () => {
    const group = element(0xa0, element(0xa1, Uint8Array.of(0x81, 0, 0, 0), packet), element(0x9b, Uint8Array.of(20)));
    const picture = claimed(0xa3, 200_004);
    const stream = [
      start,
      group,
      picture,
      Uint8Array.of(0x82, 0, 0, 0x80),
      new Uint8Array(200_000),
      element(0x4dff, new Uint8Array(9)),
      blockOf(packets[6]!, 20),
    ];
    const { packets: found, most } = demuxed(new WebmDemuxer(), stream);
    expect(found).toEqual([packet, packets[6]]);
    expect(most).toBeLessThan(1000);
  });

  test('the sound before the harm is kept', () => {
    expect(refused(webm, glued([start, blockOf(packet, 0), claimed(0xa3, TIB)])).packets).toBe(1);
  });

  test('a stream that does not go on with its recorder is given up after 256 KiB, and little of it is kept', () => {
    const header = webmHeader();
    const random = seeded(5);
    const noise = Uint8Array.from({ length: 300_000 }, () => Math.floor(random() * 128));
    const { problem, most } = demuxed(new WebmDemuxer(header), cutAnywhere(noise, random, 3000));
    expect(problem).toBeInstanceOf(Problem);
    expect(most).toBeLessThan(16_000);
  });
});

describe('Ogg, whole and damaged', () => {
  const body = (count: number) => packets.slice(0, count);

  test('a packet that goes on over three pages comes out whole', () => {
    const long = new Uint8Array(255 * 5 + 7).map((_, index) => index);
    const pages = [
      pageOf([packet, long.subarray(0, 510)], { sequence: 2 }, true),
      pageOf([long.subarray(510, 1020)], { sequence: 3, continued: true }, true),
      pageOf([long.subarray(1020)], { sequence: 4, continued: true }),
    ];
    expect(demuxed(new OggDemuxer(), [oggHeader(), ...pages]).packets).toEqual([packet, long]);
  });

  test('a page that was damaged on the way is left out, and the next is heard again', () => {
    const pages = [0, 1, 2, 3].map((index) => pageOf(packets.slice(index * 5, index * 5 + 5), { sequence: index + 2 }));
    pages[1]![60]! ^= 1;
    const { packets: found, problem } = demuxed(new OggDemuxer(), [oggHeader(), ...pages]);
    expect(problem).toBeUndefined();
    expect(found).toEqual([...packets.slice(0, 5), ...packets.slice(10, 20)]);
  });

  test('pages of other streams are not listened to', () => {
    const { packets: found } = demuxed(new OggDemuxer(), [oggHeader({ serial: 7 }), pageOf(body(2), { serial: 8 }), pageOf(body(3), { serial: 7 })]);
    expect(found).toEqual(body(3));
  });

  test.each([
    ['a first page that is damaged', oggHeader().map((byte, index) => (index === 40 ? byte ^ 1 : byte)), /damaged/],
    ['another codec', pageOf([new TextEncoder().encode('\u0001vorbis-and-more')], { first: true }), /no Opus/],
    ['a second header within the first', glued([oggHeader(), oggHeader()]), /second Ogg header/],
    ['tags of 20 kB', glued([oggHeader().subarray(0, 47), pageOf([new Uint8Array(20_000)], { sequence: 1 })]), /8 KiB/],
    [
      'a hundred damaged pages',
      glued([oggHeader(), ...Array.from({ length: 100 }, () => pageOf(body(1)).map((byte, index) => (index === 30 ? byte ^ 1 : byte)))]),
      /damaged/,
    ],
    [
      'a packet of 200 kB',
      glued([oggHeader(), ...Array.from({ length: 4 }, (_, index) => pageOf([new Uint8Array(255 * 255)], { continued: index > 0 }, true))]),
      /too large/,
    ],
    ['300 kB without a page', glued([oggHeader(), new Uint8Array(300_000)]), /nothing in it/],
  ] as const)('%s is refused in one sentence, within 144 KiB', (_, bytes, why) => {
    const whole = demuxed(new OggDemuxer(), cutAnywhere(bytes, seeded(3), 5000));
    expect(whole.problem).toBeInstanceOf(Problem);
    expect((whole.problem as Problem).message).toMatch(why);
    expect(whole.most).toBeLessThanOrEqual(144 * 1024);
  });

  test('the checksum is the one of the format', () => {
    // the first page of a real recorder, with its own checksum inside
    const page = pageOf([new Uint8Array(0)], { serial: 1, first: true });
    const view = new DataView(page.buffer);
    expect(view.getUint32(22, true)).toBe(oggChecksum(page));
    expect(oggChecksum(Uint8Array.of(0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39))).toBe(0x89a1897f);
  });
});
