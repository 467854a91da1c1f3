import { existsSync, readFileSync } from 'node:fs';
import type { Pcm } from '../../src/core/ports.ts';
import { RATE } from '../../src/core/ports.ts';
import { readWav } from './wav.ts';

const samples = (ms: number, at: (index: number) => number): Int16Array =>
  Int16Array.from({ length: Math.round((ms * RATE) / 1000) }, (_, index) => Math.max(-32_768, Math.min(32_767, Math.round(at(index) * 32_767))));

/** Nothing at all, as undecoded silence arrives. */
export const nothing = (ms: number): Int16Array => samples(ms, () => 0);

/** A tone of one pitch. */
export const tone = (ms: number, hertz = 220, amplitude = 0.3): Int16Array =>
  samples(ms, (index) => amplitude * Math.sin((2 * Math.PI * hertz * index) / RATE));

/** Random numbers in −1…1 that are the same for the same seed. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** White noise. */
export function noise(ms: number, amplitude = 0.03, seed = 1): Int16Array {
  const next = random(seed);
  return samples(ms, () => amplitude * next());
}

/** Mains hum with its harmonics. */
export const hum = (ms: number, amplitude = 0.1): Int16Array =>
  samples(ms, (index) => amplitude * [1, 2, 3].reduce((sum, times) => sum + Math.sin((2 * Math.PI * 50 * times * index) / RATE) / times, 0));

/** Short bursts of noise that die away within `length` ms, one every `every` ms: keys, clicks, coughs. */
export function bursts(ms: number, length: number, every: number, amplitude = 0.3): Int16Array {
  const next = random(2);
  const period = (every * RATE) / 1000;
  const decay = (length * RATE) / 3000;
  return samples(ms, (index) => {
    const within = index % period;
    return next() * (0.001 + (within < 3 * decay ? amplitude * Math.exp(-within / decay) : 0));
  });
}

/** Broken chords, as a piano in the next room. */
export const chords = (ms: number, amplitude = 0.1): Int16Array =>
  samples(ms, (index) => {
    const chord = [
      [262, 330, 392],
      [220, 262, 330],
      [175, 220, 262],
      [196, 247, 294],
    ][Math.floor(index / 8000) % 4]!;
    const t = (index % 8000) / RATE;
    return amplitude * Math.exp(-2 * t) * chord.reduce((sum, hertz) => sum + Math.sin(2 * Math.PI * hertz * t), 0);
  });

/** Two sounds at once. */
export const mixed = (one: Int16Array, other: Int16Array): Int16Array =>
  one.map((sample, index) => Math.max(-32_768, Math.min(32_767, sample + (other[index] ?? 0))));

/** The same sound, louder or softer by so many dB. */
export const amplified = (sound: Int16Array, db: number): Int16Array =>
  sound.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * 10 ** (db / 20)))));

/** A sound in pieces of so many samples, as a decoder gives them. */
export async function* pieces(sound: Int16Array, size = 320, at = 0): AsyncGenerator<Pcm, void, undefined> {
  for (let start = 0; start < sound.length; start += size)
    yield { at: at + (start * 1000) / RATE, samples: sound.subarray(start, Math.min(sound.length, start + size)) };
}

const shared = new URL('../../../shared/sound/speech/', import.meta.url);

/** Whether the recordings of real people are here. */
export const haveRecordings = existsSync(shared);

/** One recording of a real person. */
export const recording = (name: string): Int16Array => readWav(readFileSync(new URL(`${name}.wav`, shared))).samples;

/** The names of all recordings. */
export const recordings = (): string[] =>
  (JSON.parse(readFileSync(new URL('manifest.json', shared), 'utf8')) as { id: string }[])
    .map((each) => each.id)
    .filter((id) => existsSync(new URL(`${id}.wav`, shared)));
