import { describe, expect, test } from 'vitest';
import type { Demuxer } from '../../src/audio/demuxer.ts';
import { OggDemuxer, oggChecksum } from '../../src/audio/ogg.ts';
import { packetFrames, voiceFlag } from '../../src/audio/opus-packet.ts';
import { sniff } from '../../src/audio/sniff.ts';
import { WavReader, wavHeader } from '../../src/audio/wav.ts';
import { WebmDemuxer } from '../../src/audio/webm.ts';
import { Problem } from '../../src/core/problem.ts';
import { cutAnywhere, demuxed, heardBytes } from '../support/hear-bytes.ts';
import { oggOf } from '../support/ogg-writer.ts';
import { glued } from '../support/opus-packets.ts';
import { seeded, speechLike } from '../support/speech-like.ts';
import { joined } from '../support/wav.ts';
import { webmOf } from '../support/webm-writer.ts';

const LIMIT = 144 * 1024;
const seed = Number(process.env.SEED ?? Math.floor(performance.timeOrigin) % 1_000_000);
const runs = Number(process.env.FUZZ ?? 1500);
const sound = speechLike(500);
const good = {
  webm: glued(webmOf(sound, { clusterMs: 200 })),
  ogg: glued(oggOf(sound)),
  wav: glued([wavHeader(48_000, 2), new Uint8Array(sound.buffer)]),
} as const;

const EVIL = [0, 1, 0x1a, 0x42, 0x63, 0x80, 0x81, 0xa0, 0xa3, 0xae, 0xe7, 0xec, 0xff];

/** The bytes after a few accidents: flips, losses, repetitions, insertions, huge lengths. */
function harmed(bytes: Uint8Array, random: () => number): Uint8Array {
  let harmed: Uint8Array = bytes.slice();
  const accidents = 1 + Math.floor(random() * 6);
  for (let index = 0; index < accidents; index += 1) {
    // headers are where accidents matter
    const at = Math.floor((random() < 0.5 ? Math.min(250, harmed.length) : harmed.length) * random());
    const length = Math.floor(random() * 40);
    const kind = Math.floor(random() * 6);
    if (kind === 0) harmed[at] = Math.floor(random() * 256);
    else if (kind === 1) harmed[at] = EVIL[Math.floor(random() * EVIL.length)]!;
    else if (kind === 2) harmed = glued([harmed.subarray(0, at), harmed.subarray(at + length)]);
    else if (kind === 3) harmed = glued([harmed.subarray(0, at), harmed.subarray(at, at + length), harmed.subarray(at)]);
    else if (kind === 4) harmed = glued([harmed.subarray(0, at), Uint8Array.from({ length }, () => Math.floor(random() * 256)), harmed.subarray(at)]);
    else harmed.fill(random() < 0.5 ? 0xff : 1, at, at + 1 + (length % 8));
  }
  return harmed;
}

/** Ogg pages whose checksums are right again, so that harm reaches what is inside. */
function mended(bytes: Uint8Array): Uint8Array {
  const pages = bytes.slice();
  for (let at = 0; at + 27 < pages.length; at += 1) {
    if (String.fromCharCode(...pages.subarray(at, at + 4)) !== 'OggS') continue;
    const count = pages[at + 26]!;
    const length = 27 + count + pages.subarray(at + 27, at + 27 + count).reduce((sum, size) => sum + size, 0);
    const page = pages.subarray(at, at + length);
    new DataView(page.buffer, page.byteOffset).setUint32(22, oggChecksum(page), true);
  }
  return pages;
}

const sameProblem = (left: unknown, right: unknown): boolean => left === right || (left as Problem).message === (right as Problem).message;
const samePackets = (left: readonly Uint8Array[], right: readonly Uint8Array[]): boolean =>
  left.length === right.length && left.every((packet, index) => Buffer.compare(packet, right[index]!) === 0);

describe(`accidents and malice (SEED=${seed}, FUZZ=${runs})`, () => {
  console.log(`containers-fuzz: SEED=${seed} FUZZ=${runs}`);

  const demuxers: [string, Uint8Array, () => Demuxer, (bytes: Uint8Array) => Uint8Array][] = [
    ['webm', good.webm, () => new WebmDemuxer(), (bytes) => bytes],
    ['ogg', good.ogg, () => new OggDemuxer(), (bytes) => bytes],
    ['ogg with checksums mended', good.ogg, () => new OggDemuxer(), mended],
  ];
  test.each(demuxers)('%s: nothing but one Problem is ever thrown, cuts change nothing, and at most 144 KiB are kept', (_, bytes, make, mend) => {
    let refused = 0;
    for (let run = 0; run < runs; run += 1) {
      const random = seeded(seed + run);
      const bad = mend(harmed(bytes, random));
      const whole = demuxed(make(), [bad]);
      const cut = demuxed(make(), cutAnywhere(bad, random, run % 3 === 0 ? 5 : 900));
      const why = `SEED=${seed + run} FUZZ=1`;
      if (whole.problem !== undefined && !(whole.problem instanceof Problem)) expect.fail(`${why}: ${whole.problem}`);
      if (whole.problem) refused += 1;
      if (!sameProblem(whole.problem, cut.problem)) expect.fail(`${why}: whole «${whole.problem}», cut «${cut.problem}»`);
      if (!samePackets(whole.packets, cut.packets)) expect.fail(`${why}: cuts change the packets`);
      if (Math.max(whole.most, cut.most) > LIMIT) expect.fail(`${why}: ${cut.most} bytes are kept`);
    }
    // accidents that are never noticed, or always, test nothing
    if (runs >= 100) {
      expect(refused).toBeGreaterThan(runs * 0.02);
      expect(refused).toBeLessThan(runs * 0.98);
    }
  });

  test('webm that goes on with a known recorder: nothing but a Problem, cuts change nothing', () => {
    const first = new WebmDemuxer();
    demuxed(first, [good.webm]);
    for (let run = 0; run < runs / 3; run += 1) {
      const random = seeded(seed + run);
      const bad = harmed(good.webm.subarray(first.header!.length), random);
      const whole = demuxed(new WebmDemuxer(first.header), [bad]);
      const cut = demuxed(new WebmDemuxer(first.header), cutAnywhere(bad, random, 300));
      if (whole.problem !== undefined && !(whole.problem instanceof Problem)) expect.fail(`SEED=${seed + run}: ${whole.problem}`);
      if (!samePackets(whole.packets, cut.packets) || cut.most > LIMIT) expect.fail(`SEED=${seed + run}: cuts change the packets`);
    }
  });

  test('wav: nothing but a Problem, cuts change nothing', () => {
    const read = (pieces: Iterable<Uint8Array>) => {
      const reader = new WavReader();
      const parts: Int16Array[] = [];
      try {
        for (const piece of pieces) parts.push(...reader.push(piece));
        parts.push(reader.end());
      } catch (problem) {
        expect(problem).toBeInstanceOf(Problem);
        return 'refused';
      }
      return joined(parts);
    };
    for (let run = 0; run < runs / 15; run += 1) {
      const random = seeded(seed + run);
      const bad = harmed(good.wav.subarray(0, 3000), random);
      expect(read(cutAnywhere(bad, random, 700)), `SEED=${seed + run}`).toEqual(read([bad]));
    }
  });

  test('packets of random bytes: taken apart or refused, never anything else', () => {
    for (let run = 0; run < runs * 10; run += 1) {
      const random = seeded(seed + run);
      const packet = Uint8Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256));
      try {
        const frames = packetFrames(packet);
        if (frames.some(({ at, size }) => at < 1 || at + size > packet.length)) expect.fail(`SEED=${seed + run}: a frame outside its packet`);
        voiceFlag(packet);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
      }
      sniff(packet);
    }
  });

  test('a whole microphone of harmed recorders: the stream never fails, and cuts change nothing that is heard', async () => {
    for (let run = 0; run < runs / 30; run += 1) {
      const random = seeded(seed + run);
      const order = Array.from({ length: 3 }, () => Object.values(good)[Math.floor(random() * 3)]!);
      const bad = glued(order.map((bytes) => harmed(bytes.subarray(0, 4000), random)));
      const options = { skipSilence: run % 2 === 0 };
      const whole = await heardBytes([bad], options);
      const cut = await heardBytes(cutAnywhere(bad, random, run % 4 === 0 ? 20 : 900), options);
      expect(Buffer.compare(new Uint8Array(cut.samples.buffer), new Uint8Array(whole.samples.buffer)), `SEED=${seed + run}`).toBe(0);
      expect(cut.problems.map(({ message }) => message)).toEqual(whole.problems.map(({ message }) => message));
      expect(cut.segments).toEqual(whole.segments);
    }
  });
});
