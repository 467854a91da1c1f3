import { describe, expect, test } from 'vitest';
import { mediaDecoder } from '../../src/audio/media.ts';
import { isUndecoded } from '../../src/audio/quiet.ts';
import { wavHeader } from '../../src/audio/wav.ts';
import { lasting } from '../../src/core/ports.ts';
import { cutAnywhere, cutAt, type HeardBytes, heardBytes, streamOf } from '../support/hear-bytes.ts';
import { likeness } from '../support/likeness.ts';
import { oggOf } from '../support/ogg-writer.ts';
import { glued } from '../support/opus-packets.ts';
import { seeded, speechLike, talkAndSilence } from '../support/speech-like.ts';
import { claimed, webmOf } from '../support/webm-writer.ts';

const first = speechLike(600, 11);
const second = speechLike(400, 12);
const bytesOf = (samples: Int16Array) => new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
const kinds = {
  webm: (sound: Int16Array) => glued(webmOf(sound)),
  ogg: (sound: Int16Array) => glued(oggOf(sound)),
  wav: (sound: Int16Array) => glued([wavHeader(16_000, 1), bytesOf(sound)]),
  pcm: bytesOf,
} as const;
const names = ['webm', 'ogg', 'wav'] as const;
const never = () => new AbortController().signal;

/** Whether every piece begins where the one before it ended. */
const unbroken = ({ pcm }: HeardBytes): boolean =>
  pcm.every(({ at }, index) => index === 0 || at === pcm[index - 1]!.at + lasting(pcm[index - 1]!.samples.length));

describe('one recorder after the other', () => {
  for (const before of ['webm', 'ogg', 'wav', 'pcm'] as const)
    for (const after of names)
      test(`a ${after} recorder that begins after a ${before} one is heard as a new segment, cut at any byte around its header`, async () => {
        const alone = (await heardBytes([kinds[after](second)])).samples;
        const start = kinds[before](first);
        const both = glued([start, kinds[after](second)]);
        const whole = await heardBytes([both]);
        expect(whole.segments.map(({ recorder, format }) => [recorder, format])).toEqual([
          [0, before],
          [1, after],
        ]);
        expect(whole.segments[1]!.from).toBe(lasting(first.length));
        expect(whole.samples.subarray(first.length)).toEqual(alone);
        expect(unbroken(whole)).toBe(true);
        expect(whole.problems).toEqual([]);
        for (let at = start.length - 3; at < start.length + 20; at += 1) expect((await heardBytes(cutAt(both, [at]))).samples).toEqual(whole.samples);
        const ones = [...Array(40).keys()].map((index) => start.length - 10 + index);
        expect((await heardBytes(cutAt(both, ones))).samples).toEqual(whole.samples);
      });

  test('a recorder that stops in the middle of anything does not disturb the next', async () => {
    const alone = (await heardBytes([kinds.webm(second)])).samples;
    for (const before of names) {
      const start = kinds[before](first);
      for (let end = 1; end < start.length; end += 61) {
        const bytes = glued([start.subarray(0, end), kinds.webm(second)]);
        const { samples, segments } = await heardBytes(cutAnywhere(bytes, seeded(end), 500));
        expect(segments.at(-1)!.format).toBe('webm');
        expect(samples.subarray(samples.length - alone.length)).toEqual(alone);
      }
    }
  });

  test('a new segment begins where the conversation says, and never before the last one ended', async () => {
    const starts = [1000, 1200, 9000];
    const bytes = glued([kinds.webm(first), kinds.ogg(first), kinds.wav(first)]);
    const heard = await heardBytes([bytes], { startAt: () => starts.shift()! });
    expect(heard.segments.map(({ from }) => from)).toEqual([1000, 1600, 9000]);
    expect(heard.pcm[0]!.at).toBe(1000);
  });

  test('broken bytes end their recorder in one sentence; the sound before them is kept, and the next recorder is heard', async () => {
    const broken = glued([kinds.webm(first), claimed(0xa3, 2 ** 40), new Uint8Array(70_000).fill(0x55)]);
    const heard = await heardBytes(cutAnywhere(glued([broken, kinds.ogg(second)]), seeded(8), 4000));
    expect(heard.problems.map(({ code }) => code)).toEqual(['microphone_unreadable']);
    expect(heard.problems[0]!.message).toMatch(/cannot be read.*restart the recording/);
    expect(heard.samples.length).toBe(first.length + second.length);
    expect(heard.segments.map(({ format }) => format)).toEqual(['webm', 'ogg']);
  });

  test('who restarts the microphone without end is told once and no longer listened to; who speaks in between may go on', async () => {
    const header = kinds.webm(speechLike(20));
    const flood = await heardBytes(Array.from({ length: 200 }, () => header.subarray(0, 150)));
    expect(flood.problems.filter(({ code }) => code === 'too_fast')).toHaveLength(200 - 64);
    const second = kinds.wav(new Int16Array(16_000));
    const patient = await heardBytes(Array.from({ length: 100 }, () => second));
    expect(patient.problems).toEqual([]);
    expect(patient.segments).toHaveLength(100);
  });

  test('MP4 without ffmpeg is one clear sentence, not silence', async () => {
    const mp4 = Uint8Array.of(0, 0, 0, 0x18, 0x66, 0x74, 0x79, 0x70, ...new Array(500).fill(0x20));
    const { problems, samples, segments } = await heardBytes(cutAnywhere(glued([mp4, kinds.webm(second)]), seeded(9), 100));
    expect(problems.map(({ code }) => code)).toEqual(['decoder_missing']);
    expect(problems[0]!.message).toMatch(/ffmpeg is not installed/);
    expect(samples.length).toBe(second.length);
    expect(segments.at(-1)!.format).toBe('webm');
  });

  test('what a recorder says is to be dropped at the start is dropped', async () => {
    const { samples } = await heardBytes(webmOf(first, { preSkip: 312 }));
    expect(samples.length).toBe(first.length - 104);
  });
});

describe('going on with a recorder of another process', () => {
  for (const format of ['webm', 'ogg', 'wav'] as const)
    test(`${format}: the kept header and bytes from anywhere give the same sound a moment later`, async () => {
      const long = speechLike(3000, 21);
      const bytes = kinds[format](long);
      const whole = await heardBytes([bytes]);
      const { header } = whole.segments[0]!;
      for (let part = 0.3; part < 0.8; part += 0.071) {
        const at = Math.floor((bytes.length * part) / 2) * 2 + (format === 'webm' || format === 'ogg' ? 1 : 0);
        const later = await heardBytes(cutAnywhere(bytes.subarray(at), seeded(at), 700), {
          resume: { format, header, recorder: 4 },
          startAt: () => 5000,
        });
        expect(later.problems).toEqual([]);
        expect(later.segments).toEqual([]);
        expect(later.pcm[0]!.at).toBe(5000);
        const tail = 8000;
        expect(likeness(later.samples.subarray(-tail), whole.samples.subarray(-tail))).toBeGreaterThan(0.99);
      }
    });

  test('a new header after all is a new recorder, with the next number', async () => {
    const { header } = (await heardBytes([kinds.webm(first)])).segments[0]!;
    const { segments, samples } = await heardBytes([kinds.webm(second)], { resume: { format: 'webm', header, recorder: 4 } });
    expect(segments.map(({ recorder, format }) => [recorder, format])).toEqual([[5, 'webm']]);
    expect(samples.length).toBe(second.length);
  });

  test('a kept header that is itself broken is reported, and a new recorder is heard', async () => {
    const { problems, samples } = await heardBytes([Uint8Array.of(1, 2, 3, 4, 5), kinds.ogg(second)], {
      resume: { format: 'webm', header: Uint8Array.of(9, 9) },
    });
    expect(problems.map(({ code }) => code)).toEqual(['microphone_unreadable']);
    expect(samples.length).toBe(second.length);
  });
});

describe('silence that says so is not decoded', () => {
  const talk = talkAndSilence([1500, 2500, 1200, 2000, 800, 300, 700]);
  const options = [
    { packetMs: 20, dtx: false },
    { packetMs: 20, dtx: true },
    { packetMs: 60, dtx: false },
  ] as const;
  test.each(options)('$packetMs ms, dtx $dtx: no time is lost, no word and none of its beginning', async (how) => {
    const chunks = webmOf(talk, { ...how, bitrate: 24_000 });
    const full = await heardBytes(chunks);
    const lazy = await heardBytes(chunks, { skipSilence: true });
    expect(lazy.samples.length).toBe(full.samples.length);
    expect(unbroken(lazy)).toBe(true);
    const undecoded = lazy.pcm.filter(({ samples }) => isUndecoded(samples)).reduce((sum, { samples }) => sum + lasting(samples.length), 0);
    expect(undecoded).toBeGreaterThan(2200);
    // from 60 ms before each word until its end the sound is the real one; after a pause it differs only by what the codec forgot meanwhile
    for (const [from, to] of [
      [0, 1500],
      [3940, 5200],
      [7140, 8000],
      [8240, 9000],
    ] as const) {
      const part = (sound: Int16Array) => sound.subarray(from * 16, to * 16);
      expect(likeness(part(lazy.samples), part(full.samples))).toBeGreaterThan(0.995);
    }
    // all of it is real in the first second, and in each word
    for (const { at, samples } of lazy.pcm) if (isUndecoded(samples)) expect((at > 1690 && at < 4000) || (at > 5390 && at < 7200)).toBe(true);
  });

  test('silence comes out while it lasts, never behind the microphone', async () => {
    const chunks = webmOf(talkAndSilence([800, 4000]), { packetMs: 20 });
    let given = 0;
    async function* live() {
      for (const chunk of chunks) {
        given += 100;
        yield chunk;
      }
    }
    let behind = 0;
    let end = 0;
    for await (const { at, samples } of mediaDecoder({ skipSilence: true }).decode(live(), never())) {
      behind = Math.max(behind, given - 100 - end);
      end = at + lasting(samples.length);
    }
    expect(behind).toBeLessThanOrEqual(60);
    expect(end).toBe(4800);
  });
});

describe('whoever listens sets the pace', () => {
  test('nothing is read or decoded before it is taken', async () => {
    let read = 0;
    async function* counted() {
      for (const chunk of webmOf(first)) {
        read += 1;
        yield chunk;
      }
    }
    const sound = mediaDecoder().decode(counted(), never())[Symbol.asyncIterator]();
    expect(read).toBe(0);
    await sound.next();
    expect(read).toBe(1);
    await sound.return?.();
  });

  test('being stopped ends the sound at once, also while it waits, and is no failure', async () => {
    const stop = new AbortController();
    const problems: unknown[] = [];
    async function* waiting() {
      yield* webmOf(first).slice(0, 2);
      stop.abort();
      await new Promise(() => undefined);
    }
    let pieces = 0;
    for await (const _ of mediaDecoder({ onBroken: (problem) => problems.push(problem) }).decode(waiting(), stop.signal)) pieces += 1;
    expect(pieces).toBeGreaterThan(5);
    expect(problems).toEqual([]);
  });

  test('a failure of whoever brings the bytes is theirs: it is passed on, not blamed on the recorder', async () => {
    async function* failing() {
      yield* webmOf(first).slice(0, 2);
      throw new Error('the line is cut');
    }
    const problems: unknown[] = [];
    const hear = async () => {
      for await (const _ of mediaDecoder({ onBroken: (problem) => problems.push(problem) }).decode(failing(), never()));
    };
    await expect(hear()).rejects.toThrow('the line is cut');
    expect(problems).toEqual([]);
  });

  test('no bytes at all are no sound and no problem', async () => {
    expect(await heardBytes([])).toMatchObject({ pcm: [], problems: [], segments: [] });
    expect(await heardBytes([new Uint8Array(0), Uint8Array.of(0x1a)])).toMatchObject({ pcm: [], problems: [] });
    for await (const _ of mediaDecoder().decode(streamOf([]), AbortSignal.abort())) expect.unreachable();
  });
});
