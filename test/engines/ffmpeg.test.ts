import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { mediaDecoder } from '../../src/audio/media.ts';
import { ffmpegDecoder } from '../../src/engines/ffmpeg/decoder.ts';
import { findFfmpeg } from '../../src/engines/ffmpeg/find.ts';
import { ffmpegMp3 } from '../../src/engines/ffmpeg/mp3.ts';
import { byFfmpeg, hasFfmpeg, soundByFfmpeg } from '../support/ffmpeg-reference.ts';
import { mp4Of } from '../support/fragmented-mp4.ts';
import { cutAnywhere, heardBytes, recording, recordings, streamOf } from '../support/hear-bytes.ts';
import { likeness } from '../support/likeness.ts';
import { needs, titled } from '../support/needs.ts';
import { glued } from '../support/opus-packets.ts';
import { seeded, speechLike } from '../support/speech-like.ts';
import { webmOf } from '../support/webm-writer.ts';

const external = () => ffmpegDecoder();
const never = () => new AbortController().signal;

/** The child processes of this one that are ffmpeg, where the system tells. */
function children(): number {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.filter((pid) => {
      try {
        const [, state, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8')
          .replace(/^.*\) /, ') ')
          .split(' ');
        return parent === `${process.pid}` && state !== 'Z' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('pipe:0');
      } catch {
        return false;
      }
    }).length;
  } catch {
    return 0;
  }
}

test('a machine without ffmpeg is found out without a failure', async () => {
  expect(await findFfmpeg('no-such-program-anywhere')).toBeUndefined();
  expect(await findFfmpeg()).toBe(hasFfmpeg ? 'ffmpeg' : undefined);
});

if (recordings.length === 0) test('MP4 of real browsers', ({ skip }) => skip(needs.browserRecordings));

describe.skipIf(!hasFfmpeg)(titled(hasFfmpeg, needs.ffmpeg, 'MP4 through ffmpeg'), () => {
  const sound = speechLike(2000, 31);
  const mp4 = (codec: string) => (hasFfmpeg ? mp4Of(sound, codec) : new Uint8Array(0));
  const aac = mp4('aac');

  test.each(['aac', 'libopus'])('fragments of %s sound as they were spoken, however they are cut', async (codec) => {
    const { samples, segments, problems } = await heardBytes(cutAnywhere(codec === 'aac' ? aac : mp4(codec), seeded(1), 2000), { external });
    expect(problems).toEqual([]);
    expect(segments.map(({ format }) => format)).toEqual(['mp4']);
    expect(segments[0]!.header.length).toBeGreaterThan(300);
    expect(Math.abs(samples.length - sound.length)).toBeLessThanOrEqual(2048);
    // an encoder begins with up to 2,112 samples of its own at 48 kHz, which a decoder may leave in
    const shifts = Array.from({ length: 90 }, (_, index) => likeness(samples.subarray(index * 10), sound, 5));
    expect(Math.max(...shifts)).toBeGreaterThan(0.97);
  });

  test.each(recordings.length > 0 ? ['cr-mp4.mp4', 'cr-mp4-opus.mp4'] : [])('%s of a real browser is what ffmpeg makes of the file', async (name) => {
    const { chunks, path } = recording(name);
    const { samples, problems } = await heardBytes(chunks, { external });
    const theirs = soundByFfmpeg(path);
    expect(problems).toEqual([]);
    expect(Math.abs(samples.length - theirs.length)).toBeLessThanOrEqual(960);
    expect(likeness(samples, theirs, 1)).toBeGreaterThan(0.999);
  });

  test('the sound of the first fragments comes while the later ones are still being recorded', async () => {
    let heard = 0;
    let hear = () => {};
    const enough = new Promise<void>((resolve) => {
      hear = resolve;
    });
    async function* live() {
      yield aac.subarray(0, aac.length / 2);
      await enough;
      yield aac.subarray(aac.length / 2);
    }
    for await (const { samples } of ffmpegDecoder().decode(live(), never())) {
      heard += samples.length;
      if (heard >= 16 * 400) hear();
    }
    expect(heard).toBeGreaterThan(16 * 1900);
  });

  test('a recorder of another process is gone on with from its kept header', async () => {
    const whole = await heardBytes([aac], { external });
    const { header } = whole.segments[0]!;
    const later = await heardBytes(cutAnywhere(aac.subarray(aac.length / 2), seeded(3), 500), {
      external,
      resume: { format: 'mp4', header },
      startAt: () => 1000,
    });
    expect(later.problems).toEqual([]);
    expect(later.pcm[0]!.at).toBe(1000);
    expect(later.samples.length).toBeGreaterThan(16 * 500);
    const shifts = Array.from({ length: 20 }, (_, index) => likeness(later.samples.subarray(-8000 + index * 50), whole.samples.subarray(-8000), 50));
    expect(Math.max(...shifts)).toBeGreaterThan(0.9);
  });

  test('a WebM recorder that follows is heard in this process, and ffmpeg is gone', async () => {
    const { segments, samples } = await heardBytes(cutAnywhere(glued([aac, ...webmOf(sound)]), seeded(2), 3000), { external });
    expect(segments.map(({ format }) => format)).toEqual(['mp4', 'webm']);
    expect(samples.length).toBeGreaterThan(3.9 * 16_000);
    expect(children()).toBe(0);
  });

  test('a damaged MP4 is one sentence; the next recorder is heard', async () => {
    const damaged = aac.slice(0, 3000);
    damaged.fill(0xee, 40, 3000);
    for (const bad of [damaged, glued([aac.subarray(0, 24), new Uint8Array(3000).fill(0x20)])]) {
      const { problems, samples } = await heardBytes(cutAnywhere(glued([bad, ...webmOf(sound)]), seeded(2), 500), { external });
      expect(problems.map(({ code }) => code)).toEqual(['microphone_unreadable']);
      expect(samples.length).toBe(sound.length);
    }
  });

  test('being stopped in the middle ends the sound and the process', async () => {
    const stop = new AbortController();
    async function* live() {
      yield aac;
      await new Promise(() => undefined);
    }
    const running: number[] = [];
    for await (const _ of mediaDecoder({ external }).decode(live(), stop.signal)) {
      running.push(children());
      stop.abort();
    }
    if (process.platform === 'linux') expect(running[0]).toBe(1);
    await expect.poll(children, { timeout: 5000 }).toBe(0);
  });

  test('a playlist inside the bytes opens nothing', async () => {
    const playlist = new TextEncoder().encode('#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\nhttp://localhost:1/x\n');
    await expect(async () => {
      for await (const _ of ffmpegDecoder().decode(streamOf([playlist]), never()));
    }).rejects.toMatchObject({ code: 'microphone_unreadable' });
  });

  test('a program that is not there is a Problem, not a crash', async () => {
    await expect(async () => {
      for await (const _ of ffmpegDecoder({ path: '/no/such/ffmpeg' }).decode(streamOf([aac]), never()));
    }).rejects.toMatchObject({ code: 'microphone_unreadable' });
  });

  test('a spoken suggestion becomes one small MP3 that plays on its own', async () => {
    const mp3 = await ffmpegMp3()(sound, 16_000, never());
    expect(mp3.length).toBeLessThan(16_000);
    const back = new Int16Array(byFfmpeg(['-f', 'mp3', '-i', '-', '-ar', '16000', '-ac', '1', '-f', 's16le', '-'], mp3).buffer);
    expect(Math.abs(back.length - sound.length)).toBeLessThan(16 * 150);
    await expect(ffmpegMp3()(sound, 16_000, AbortSignal.abort(new Error('no more')))).rejects.toThrow('no more');
  });
});

test.skipIf(!hasFfmpeg)(titled(hasFfmpeg, needs.ffmpeg, 'the arguments allow pipes only'), () => {
  expect(() =>
    execFileSync('ffmpeg', ['-v', 'error', '-protocol_whitelist', 'pipe', '-i', '/etc/hostname', '-f', 'null', '-'], { stdio: 'pipe' }),
  ).toThrow(/not on whitelist|Invalid argument/);
});
