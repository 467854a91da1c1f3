import { describe, expect, test } from 'vitest';
import { opusDecoder } from '../../src/audio/opus.ts';
import { opusHead, packetFrames, packetSamples, voiceFlag } from '../../src/audio/opus-packet.ts';
import { Problem } from '../../src/core/problem.ts';
import { opusHeadOf, opusPackets } from '../support/opus-packets.ts';
import { speechLike, talkAndSilence } from '../support/speech-like.ts';

const track = { channels: 1, preSkip: 0, gain: 0 } as const;

describe('an Opus packet tells without being decoded', () => {
  test.each([10, 20, 40, 60] as const)('how long it is: %i ms, as the decoder finds', (packetMs) => {
    for (const { bytes } of opusPackets(speechLike(600), { packetMs })) {
      expect(packetSamples(bytes)).toBe(packetMs * 16);
      expect(opusDecoder(track)(bytes).length).toBe(packetMs * 16);
    }
  });

  test.each([
    [[0x00, 1, 2], 160],
    [[0x18, 1, 2], 960],
    [[0x60, 1, 2], 160],
    [[0x78, 1, 2], 320],
    [[0x80, 1, 2], 40],
    [[0xf8, 1, 2], 320],
    [[0x79, 1, 2], 640],
    [[0x7a, 1, 2, 3], 640],
    [[0xfb, 6, 1, 2], 1920],
    [[0x83, 48, 1, 2], 1920],
  ])('the first bytes %j mean %i samples', (bytes, samples) => {
    expect(packetSamples(Uint8Array.from(bytes))).toBe(samples);
  });

  test.each([
    ['nothing at all', []],
    ['no frames', [0x7b, 0, 1]],
    ['140 ms', [0xfb, 7, 1, 2]],
    ['120 ms of 60 ms frames and one more', [0x1b, 3, 1, 2]],
    ['two equal frames of three bytes together', [0x79, 1, 2, 3]],
    ['a first frame longer than the packet', [0x7a, 9, 2, 3]],
    ['more padding than there are bytes', [0x7b, 0x41, 200, 1]],
    ['padding without end', [0x7b, 0x41, 255, 255]],
    ['frames that do not come out even', [0x7b, 3, 1, 2]],
    ['lengths longer than the packet', [0x7b, 0x82, 90, 2]],
    ['a frame of 1,300 bytes', [0x78, ...new Array(1300).fill(1)]],
  ])('%s is refused', (_, bytes) => {
    expect(() => packetFrames(Uint8Array.from(bytes))).toThrow(Problem);
  });

  test('the frames of each way to pack them', () => {
    const sizes = (...bytes: number[]) => packetFrames(Uint8Array.from(bytes)).map(({ at, size }) => [at, size]);
    expect(sizes(0x78, 1, 2)).toEqual([[1, 2]]);
    expect(sizes(0x79, 1, 2, 3, 4)).toEqual([
      [1, 2],
      [3, 2],
    ]);
    expect(sizes(0x7a, 1, 9, 8, 7)).toEqual([
      [2, 1],
      [3, 2],
    ]);
    expect(sizes(0x7b, 3, 1, 2, 3)).toEqual([
      [2, 1],
      [3, 1],
      [4, 1],
    ]);
    expect(sizes(0x7b, 0x82, 1, 9, 8, 7)).toEqual([
      [3, 1],
      [4, 2],
    ]);
    expect(sizes(0x7b, 0x42, 2, 1, 2, 0, 0)).toEqual([
      [3, 1],
      [4, 1],
    ]);
  });

  test.each([20, 60] as const)('whether somebody speaks, in packets of %i ms: most of the talk, none of the later silence', (packetMs) => {
    const flags = opusPackets(talkAndSilence([2000, 2000]), { packetMs }).map(({ at, bytes }) => ({ at, flag: voiceFlag(bytes) }));
    const share = (from: number, to: number) => {
      const part = flags.filter(({ at }) => at >= from && at < to);
      return part.filter(({ flag }) => flag).length / part.length;
    };
    expect(flags.every(({ flag }) => flag !== null)).toBe(true);
    expect(share(0, 2000)).toBeGreaterThan(0.7);
    expect(share(2500, 4000)).toBe(0);
  });

  test('packets that leave silence out say that nobody speaks, and two channels are both looked at', () => {
    const silent = opusPackets(talkAndSilence([1000, 3000]), { dtx: true }).slice(75);
    expect(silent.filter(({ bytes }) => bytes.length <= 2).length).toBeGreaterThan(20);
    expect(silent.every(({ bytes }) => voiceFlag(bytes) === false)).toBe(true);
    const both = opusPackets(speechLike(1000), { channels: 2, bitrate: 32_000 });
    expect(both.filter(({ bytes }) => voiceFlag(bytes)).length).toBeGreaterThan(30);
    // only the flag of the side channel (after middle flag and redundancy bit) is set
    expect(voiceFlag(Uint8Array.of(0x4c, 0b0010_0000, 1, 2))).toBe(true);
    expect(voiceFlag(Uint8Array.of(0x48, 0b0010_0000, 1, 2))).toBe(false);
    expect(voiceFlag(Uint8Array.of(0x4c, 0b0100_0000, 1, 2))).toBe(false);
    expect(voiceFlag(Uint8Array.of(0x48, 0b1000_0000, 1, 2))).toBe(true);
  });

  test('music modes do not say, except that nothing at all is to be heard', () => {
    const loud = opusPackets(speechLike(400), { bitrate: 128_000, packetMs: 20 }).filter(({ bytes }) => bytes[0]! >> 3 >= 16);
    for (const { bytes } of loud) expect(voiceFlag(bytes)).toBeNull();
    expect(voiceFlag(Uint8Array.of(0xf8, 0x12, 0x34))).toBeNull();
    expect(voiceFlag(Uint8Array.of(0xf8, 0xff, 0xfe))).toBe(false);
    expect(opusDecoder(track)(Uint8Array.of(0xf8, 0xff, 0xfe)).every((sample) => sample === 0)).toBe(true);
  });

  test('two channels are mixed: what is only in one of them is heard at half its strength', async () => {
    const { Encoder } = await import('@evan/opus');
    const encoder = new Encoder({ channels: 2, sample_rate: 16_000, application: 'audio' });
    encoder.bitrate = 96_000;
    const decode = opusDecoder({ channels: 2, preSkip: 0, gain: 0 });
    const strength: number[] = [];
    for (const right of [1, 0, -1]) {
      let sum = 0;
      for (let frame = 0; frame < 20; frame += 1) {
        const sound = new Int16Array(640);
        for (let at = 0; at < 320; at += 1) {
          const sample = 8000 * Math.sin(((frame * 320 + at) * 2 * Math.PI * 440) / 16_000);
          sound[2 * at] = sample;
          sound[2 * at + 1] = right * sample;
        }
        const heard = decode(encoder.encode(sound));
        if (frame >= 10) sum += heard.reduce((total, sample) => total + sample ** 2, 0);
      }
      strength.push(Math.sqrt(sum / 3200));
    }
    expect(strength[0]! / (8000 / Math.SQRT2)).toBeCloseTo(1, 1);
    expect(strength[1]! / (8000 / Math.SQRT2)).toBeCloseTo(0.5, 1);
    expect(strength[2]!).toBeLessThan(400);
  });

  test('the header of a track is read, and one that cannot be heard is refused', () => {
    expect(opusHead(opusHeadOf(2, 312))).toEqual({ channels: 2, preSkip: 312, gain: 0 });
    const odd = opusHeadOf(1);
    odd[9] = 6;
    expect(() => opusHead(odd)).toThrow(/6 channels/);
    expect(() => opusHead(odd.subarray(0, 10))).toThrow(Problem);
  });
});
