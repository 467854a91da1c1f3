import { describe, expect, test } from 'vitest';
import { OggDemuxer } from '../../src/audio/ogg.ts';
import { opusDecoder } from '../../src/audio/opus.ts';
import { WebmDemuxer } from '../../src/audio/webm.ts';
import { hasFfmpeg, packetsByFfmpeg, soundByFfmpeg } from '../support/ffmpeg-reference.ts';
import { cutAnywhere, cutAt, demuxed, heardBytes, recording, recordings } from '../support/hear-bytes.ts';
import { libopus } from '../support/libopus.ts';
import { likeness } from '../support/likeness.ts';
import { needs } from '../support/needs.ts';
import { glued } from '../support/opus-packets.ts';
import { seeded } from '../support/speech-like.ts';
import { joined } from '../support/wav.ts';

const demuxerFor = (name: string) => (name.endsWith('.ogg') ? new OggDemuxer() : new WebmDemuxer());
const same = (left: readonly Uint8Array[], right: readonly Uint8Array[]): boolean =>
  left.length === right.length &&
  Buffer.compare(glued(left), glued(right)) === 0 &&
  left.every((packet, index) => packet.length === right[index]!.length);
const reference = await libopus();

describe('what browsers really record', () => {
  // a test that is there only to say why the others are not
  const missing = (is: boolean, why: string) => is && test(why, ({ skip }) => skip(why));
  missing(recordings.length === 0, needs.browserRecordings);
  missing(!hasFfmpeg, needs.ffmpeg);
  missing(!reference, needs.libopus);

  test.each(recordings)('%s: byte for byte the packets that ffmpeg finds, in the chunks of the browser and in any others', (name) => {
    const { bytes, chunks, path } = recording(name);
    const { packets, problem } = demuxed(demuxerFor(name), chunks);
    expect(problem).toBeUndefined();
    if (hasFfmpeg) expect(same(packets, packetsByFfmpeg(path))).toBe(true);
    for (const most of [7, 300, 9000]) expect(same(demuxed(demuxerFor(name), cutAnywhere(bytes, seeded(most), most)).packets, packets)).toBe(true);
  });

  test.each(recordings)('%s: a cut at each of the first 4,000 bytes changes nothing', (name) => {
    const bytes = recording(name).bytes.subarray(0, 6000);
    const whole = demuxed(demuxerFor(name), [bytes]).packets;
    expect(whole.length).toBeGreaterThan(3);
    const changed = Array.from({ length: 4000 }, (_, at) => at).filter((at) => !same(demuxed(demuxerFor(name), cutAt(bytes, [at])).packets, whole));
    expect(changed).toEqual([]);
  });

  // The same packets through the same codec must give the same numbers; 60 dB leaves room for another version of it.
  test.each(reference ? recordings : [])('%s: sounds as libopus itself at 16 kHz, to 60 dB', (name) => {
    const demuxer = demuxerFor(name);
    const { packets } = demuxed(demuxer, [recording(name).bytes]);
    const decode = opusDecoder(demuxer.track!);
    const ours = joined(packets.map(decode));
    const theirs = reference!(packets);
    expect(ours.length).toBe(theirs.length);
    let wrong = 0;
    let right = 0;
    for (let at = 0; at < theirs.length; at += 1) {
      wrong += (ours[at]! - theirs[at]!) ** 2;
      right += theirs[at]! ** 2;
    }
    expect(wrong).toBeLessThanOrEqual(right / 1e6);
  });

  // ffmpeg decodes at 48 kHz and converts: other filters, other delay. So: 0.99 alike when moved by less than three samples, and as long but for one packet.
  test.each(recordings)('%s: from bytes to sound as ffmpeg does it', async (name) => {
    const { chunks, path } = recording(name);
    const { samples, problems, segments } = await heardBytes(chunks);
    expect(problems).toEqual([]);
    expect(segments).toHaveLength(1);
    if (!hasFfmpeg) return;
    const theirs = [0, 1, 2].map((from) => soundByFfmpeg(path, from, 'libopus'));
    expect(Math.abs(samples.length - theirs[0]!.length)).toBeLessThanOrEqual(960);
    expect(Math.max(...theirs.map((sound) => likeness(samples.subarray(0, 160_000), sound.subarray(0, 160_000), 2)))).toBeGreaterThan(0.99);
  });
});
