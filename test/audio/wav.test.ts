import { describe, expect, test } from 'vitest';
import { Resampler } from '../../src/audio/resample.ts';
import { sniff } from '../../src/audio/sniff.ts';
import { SampleReader, WavReader, wavHeader } from '../../src/audio/wav.ts';
import { Problem } from '../../src/core/problem.ts';
import { byFfmpeg, hasFfmpeg } from '../support/ffmpeg-reference.ts';
import { cutAnywhere, cutAt, heardBytes } from '../support/hear-bytes.ts';
import { likeness } from '../support/likeness.ts';
import { needs } from '../support/needs.ts';
import { oggHeader } from '../support/ogg-writer.ts';
import { glued } from '../support/opus-packets.ts';
import { seeded, speechLike } from '../support/speech-like.ts';
import { joined } from '../support/wav.ts';
import { webmHeader } from '../support/webm-writer.ts';

const bytesOf = (samples: Int16Array) => new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
const sound = speechLike(700);

/** A sine of the given rate and number of channels. */
const sine = (hertz: number, rate: number, ms: number, channels = 1): Int16Array =>
  Int16Array.from({ length: Math.round((rate * ms) / 1000) * channels }, (_, index) =>
    Math.round(10_000 * Math.sin((2 * Math.PI * hertz * Math.floor(index / channels)) / rate)),
  );

const wavSound = (pieces: Iterable<Uint8Array>): Int16Array => {
  const reader = new WavReader();
  const parts: Int16Array[] = [];
  for (const piece of pieces) parts.push(...reader.push(piece));
  return joined([...parts, reader.end()]);
};

describe('WAV and bare samples', () => {
  test('16 kHz mono comes out as it went in, cut at any byte, whatever the header says about the length', () => {
    for (const length of [sound.byteLength, 0, 0xffffffff]) {
      const file = glued([wavHeader(16_000, 1, length), bytesOf(sound)]);
      for (let at = 0; at < 400; at += 1) expect(wavSound(cutAt(file, [at]))).toEqual(sound);
      expect(wavSound(cutAnywhere(file, seeded(4), 50))).toEqual(sound);
    }
  });

  test('other parts before the sound are stepped over, and what follows its end is not heard', () => {
    const list = Uint8Array.of(0x4c, 0x49, 0x53, 0x54, 5, 0, 0, 0, 1, 2, 3, 4, 5, 0);
    const head = wavHeader(16_000, 1, sound.byteLength);
    const file = glued([head.subarray(0, 12), list, head.subarray(12), bytesOf(sound), list]);
    expect(wavSound(cutAnywhere(file, seeded(5), 9))).toEqual(sound);
  });

  test.each([
    [44_100, 1],
    [48_000, 2],
    [22_050, 1],
    [8_000, 1],
    [11_025, 2],
    [96_000, 1],
  ])('%i samples a second in %i channels sound the same at 16 kHz, to 60 dB', (rate, channels) => {
    const file = glued([wavHeader(rate, channels), bytesOf(sine(440, rate, 500, channels))]);
    const heard = wavSound(cutAnywhere(file, seeded(rate), 3000));
    const wanted = sine(440, 16_000, 500);
    expect(Math.abs(heard.length - wanted.length)).toBeLessThanOrEqual(1);
    let wrong = 0;
    for (let at = 800; at < 7200; at += 1) wrong += (heard[at]! - wanted[at]!) ** 2;
    expect(wrong / 6400).toBeLessThan((10_000 ** 2 / 2) * 1e-6);
    expect(wavSound([file])).toEqual(heard);
  });

  test('what 16 kHz cannot carry does not fold into what it can: −60 dB', () => {
    for (const hertz of [9_500, 12_000, 20_000]) {
      const resampler = new Resampler(48_000);
      const heard = resampler.push(Float32Array.from(sine(hertz, 48_000, 300)));
      const strength = Math.sqrt(heard.subarray(300, 4000).reduce((sum, sample) => sum + sample ** 2, 0) / 3700);
      expect(strength).toBeLessThan(7);
    }
  });

  test.each(hasFfmpeg ? [44_100, 48_000, 8_000] : [])('%i samples a second become what ffmpeg makes of them (0.999 alike)', (rate) => {
    const there = byFfmpeg(['-f', 's16le', '-ar', '16000', '-ac', '1', '-i', '-', '-ar', `${rate}`, '-f', 'wav', '-'], bytesOf(sound));
    const back = new Int16Array(byFfmpeg(['-f', 'wav', '-i', '-', '-ar', '16000', '-f', 's16le', '-'], there).buffer);
    expect(likeness(wavSound([there]), back, 1)).toBeGreaterThan(0.999);
  });
  if (!hasFfmpeg) test('against ffmpeg', ({ skip }) => skip(needs.ffmpeg));

  test('its short header is enough to go on', () => {
    const first = new WavReader();
    first.push(glued([wavHeader(8000, 2), bytesOf(sine(300, 8000, 50, 2))]));
    const later = new WavReader(first.header);
    expect(later.push(bytesOf(sine(300, 8000, 500, 2)))[0]!.length).toBeGreaterThan(7000);
  });

  test.each([
    ['8 bits', (view: DataView) => view.setUint16(34, 8, true), /16-bit/],
    ['floating point', (view: DataView) => view.setUint16(20, 3, true), /16-bit/],
    ['no channels', (view: DataView) => view.setUint16(22, 0, true), /0 channels/],
    ['a million samples a second', (view: DataView) => view.setUint32(24, 1e6, true), /1000000 samples/],
    ['a header of 3 GB', (view: DataView) => view.setUint32(16, 3e9, true), /damaged/],
    ['another file in RIFF', (view: DataView) => view.setUint32(8, 0x41564920), /no WAV/],
    ['sound before its format', (view: DataView) => view.setUint32(12, 0x64617461), /before its format/],
    ['a part of 3 GB', (view: DataView) => view.setBigUint64(12, 0x4c49_5354_ffff_ff7fn), /too large/],
  ])('%s is refused in one sentence', (_, damage, why) => {
    const head = wavHeader(16_000, 1);
    damage(new DataView(head.buffer));
    expect(() => new WavReader().push(head)).toThrow(Problem);
    expect(() => new WavReader().push(head)).toThrow(why);
  });

  test('bare samples are heard though every piece has an odd number of bytes', () => {
    const reader = new SampleReader();
    const parts = cutAt(
      bytesOf(sound),
      Array.from({ length: 100 }, (_, index) => index * 7 + 3),
    ).map((piece) => reader.push(piece));
    expect(joined(parts)).toEqual(sound);
  });

  test('bytes without any header are bare samples from the first on', async () => {
    const { samples, segments, problems } = await heardBytes(cutAnywhere(bytesOf(sound), seeded(6), 999));
    expect(samples).toEqual(sound);
    expect(problems).toEqual([]);
    expect(segments).toEqual([{ recorder: 0, format: 'pcm', header: new Uint8Array(0), from: 0 }]);
  });
});

describe('the first bytes say what a recording is', () => {
  const mp4 = Uint8Array.of(0, 0, 0, 0x24, 0x66, 0x74, 0x79, 0x70, 0x69, 0x73, 0x6f, 0x6d);
  test.each([
    ['webm', webmHeader()],
    ['ogg', oggHeader()],
    ['wav', wavHeader(16_000, 1)],
    ['mp4', mp4],
    ['pcm', Uint8Array.of(1, 2, 3, 4)],
    ['pcm', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0)],
    ['pcm', Uint8Array.of(0x1a, 0x45, 0, 0)],
  ] as const)('%s: as soon as it is sure, and the same ever after', (format, bytes) => {
    const verdicts = Array.from({ length: Math.min(12, bytes.length) }, (_, index) => sniff(bytes.subarray(0, index + 1)));
    const sure = verdicts.indexOf(format);
    expect(sure).toBeGreaterThanOrEqual(0);
    expect(verdicts.slice(0, sure).every((verdict) => verdict === undefined)).toBe(true);
    expect(verdicts.slice(sure).every((verdict) => verdict === format)).toBe(true);
    expect(sniff(new Uint8Array(0))).toBeUndefined();
  });
});
