import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { onnxTensors } from '../../src/engines/local/onnx-tensors.ts';
import { sileroDetectors } from '../../src/engines/local/silero.ts';
import { sileroWeights } from '../../src/engines/local/silero-network.ts';
import { needs, titled } from '../support/needs.ts';
import { haveRecordings, nothing, pieces, recording } from '../support/sounds.ts';
import { vowels } from '../support/vowels.ts';

const reference = JSON.parse(readFileSync(new URL('../../fixtures/activity/silero-v6.json', import.meta.url), 'utf8')) as Record<string, number[]>;
const detectors = sileroDetectors();

async function heard(sound: Int16Array, size = 512): Promise<number[]> {
  const detector = detectors();
  const answers: number[] = [];
  for await (const pcm of pieces(sound, size)) answers.push(detector.speech(pcm.samples));
  detector.close();
  return answers;
}

const furthest = (mine: readonly number[], theirs: readonly number[]) =>
  Math.max(...theirs.map((value, index) => Math.abs(value - (mine[index] ?? Number.NaN))));

describe('the detector of speech, a neural network in plain TypeScript', () => {
  test('says what the reference runtime says, to the fourth digit, about an artificial voice', async () => {
    const theirs = reference.vowels!;
    expect(theirs.length).toBe(93);
    expect(Math.max(...theirs)).toBeGreaterThan(0.5);
    expect(furthest(await heard(vowels(3000)), theirs)).toBeLessThan(1e-4);
  });

  test.skipIf(!haveRecordings)(
    titled(haveRecordings, needs.speechRecordings, 'says what the reference runtime says about a real voice'),
    async () => {
      const theirs = reference.jfk!;
      expect(theirs.length).toBe(343);
      expect(furthest(await heard(recording('jfk')), theirs)).toBeLessThan(1e-4);
    },
  );

  test('needs no particular size of pieces: the answer is that of the latest whole 32 ms', async () => {
    const whole = await heard(vowels(1000));
    const crumbs = await heard(vowels(1000), 64);
    expect(crumbs.filter((_, index) => index % 8 === 7)).toEqual(whole.slice(0, 31));
  });

  test('two streams do not hear each other', async () => {
    const one = detectors();
    const other = detectors();
    const sound = vowels(500);
    const alone = await heard(sound);
    const together: number[] = [];
    for await (const pcm of pieces(sound, 512)) {
      together.push(one.speech(pcm.samples));
      other.speech(nothing(32));
    }
    expect(together).toEqual(alone);
  });

  test('a file that is cut off, or is another model, is refused with what is wrong', () => {
    expect(() => onnxTensors(new Uint8Array([0x3a, 0x7f, 1, 2]), 'then_branch')).toThrow('cut off');
    expect(() => onnxTensors(new Uint8Array([0x3b]), 'then_branch')).toThrow('not ONNX');
    expect(() => sileroWeights(new Map())).toThrow('stft.forward_basis_buffer');
  });
});
