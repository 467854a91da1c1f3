import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FragmentClock } from '../../src/audio/fragment-clock.ts';
import { boxOf } from '../support/mp4-boxes.ts';
import { needs, titled } from '../support/needs.ts';

const browser = new URL('../../../shared/sound/browser/', import.meta.url);
const numbers = (...values: number[]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value);
  return new Uint8Array(view.buffer);
};
const movie = (scale: number, usual: number) =>
  boxOf(
    'moov',
    boxOf('trak', boxOf('mdia', boxOf('mdhd', numbers(0, 0, 0, scale, 0, 0)))),
    boxOf('mvex', boxOf('trex', numbers(0, 1, 1, usual, 0, 0))),
  );
const fragment = (...boxes: Uint8Array[]) => boxOf('moof', boxOf('mfhd', numbers(0, 1)), boxOf('traf', ...boxes));
const msOf = (...pieces: Uint8Array[]): number => {
  const clock = new FragmentClock();
  for (const piece of pieces) clock.push(piece);
  return clock.ms;
};

describe('how long the sound is that an MP4 holds so far', () => {
  test('samples of the usual length, of a length for their fragment, and of a length each', () => {
    const head = movie(48_000, 1_024);
    const usual = fragment(boxOf('tfhd', numbers(0, 1)), boxOf('trun', numbers(0, 47)));
    const own = fragment(boxOf('tfhd', numbers(8, 1, 960)), boxOf('trun', numbers(1, 50, 0)));
    const each = fragment(boxOf('tfhd', numbers(0, 1)), boxOf('trun', numbers(0x305, 2, 0, 0, 480, 7, 960, 7)));
    expect(msOf(head, usual)).toBeCloseTo((47 * 1_024) / 48);
    expect(msOf(head, own)).toBe(1_000);
    expect(msOf(head, each)).toBe(30);
    expect(msOf(head, own, boxOf('mdat', new Uint8Array(500)), own)).toBe(2_000);
  });

  test('what does not say how long it is, is endless: nothing of it is called heard', () => {
    expect(msOf(movie(0, 1))).toBe(Number.POSITIVE_INFINITY);
    expect(msOf(numbers(1, 0x6d6f6f66))).toBe(Number.POSITIVE_INFINITY);
    expect(msOf(numbers(1_000_000, 0x6d6f6f66))).toBe(Number.POSITIVE_INFINITY);
    expect(msOf(new Uint8Array(0))).toBe(0);
  });

  for (const name of ['cr-mp4', 'cr-mp4-opus'])
    test.skipIf(!existsSync(browser))(titled(existsSync(browser), needs.browserRecordings, `a browser’s recording, cut anywhere: ${name}`), () => {
      const bytes = readFileSync(new URL(`${name}.mp4`, browser));
      const whole = msOf(bytes);
      expect(whole).toBeGreaterThan(19_800);
      expect(whole).toBeLessThan(20_000);
      const clock = new FragmentClock();
      let last = 0;
      for (let at = 0; at < bytes.length; at += 37) {
        clock.push(bytes.subarray(at, at + 37));
        expect(clock.ms).toBeGreaterThanOrEqual(last);
        last = clock.ms;
      }
      expect(last).toBe(whole);
    });
});
