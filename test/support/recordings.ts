import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { joined, readWav } from './wav.ts';

const FOLDER = fileURLToPath(new URL('../../../shared/sound/speech/', import.meta.url));

/** Whether the recordings of real people, which are no part of the project, are at hand. */
export const hasRecordings = existsSync(FOLDER);

/** One recording as 16 kHz sound. */
export const recording = (name: string): Int16Array => readWav(readFileSync(`${FOLDER}${name}.wav`)).samples;

// who speaks when in the one recording of two people, found by ear and energy
const KATIE = [
  [720, 2380],
  [4010, 6000],
  [6000, 7360],
  [9490, 12_000],
  [12_000, 14_620],
] as const;
const STEVE = [
  [2670, 3460],
  [7830, 9120],
  [15_020, 16_320],
  [16_680, 18_510],
] as const;

/** Utterances of about a second to 2.8 s by person, cut from all recordings. */
export function people(): Map<string, Int16Array[]> {
  const found = new Map<string, Int16Array[]>();
  for (const file of readdirSync(FOLDER).toSorted()) {
    const name = file.replace(/\.wav$/, '');
    if (name === file || name === 'katiesteve') continue;
    const person = /^(austen|libri|lj|sb)-/.exec(name)?.[1] ?? name;
    found.set(person, [...(found.get(person) ?? []), ...utterances(recording(name))]);
  }
  const both = recording('katiesteve');
  const cut = (times: readonly (readonly [number, number])[]) => times.map(([from, to]) => both.slice(from * 16, to * 16));
  found.set('katie', cut(KATIE));
  found.set('steve', cut(STEVE));
  return found;
}

/** Cuts at pauses of 0.3 s, and after 2.8 s in any case; what is shorter than 0.9 s is left out. */
function utterances(samples: Int16Array): Int16Array[] {
  const hop = 160;
  const levels = Array.from({ length: Math.floor(samples.length / hop) }, (_, index) => {
    let sum = 1;
    for (const sample of samples.subarray(index * hop, (index + 1) * hop)) sum += sample ** 2;
    return 10 * Math.log10(sum / hop);
  });
  const sorted = levels.toSorted((a, b) => a - b);
  const speech = Math.max(sorted[Math.floor(sorted.length * 0.95)]! - 28, sorted[Math.floor(sorted.length * 0.1)]! + 6);
  const found: Int16Array[] = [];
  let from = -1;
  let last = -1;
  const finish = () => {
    if (from >= 0 && last - from >= 90) found.push(joined([samples.subarray(from * hop, (last + 1) * hop)]));
    from = -1;
  };
  levels.forEach((level, index) => {
    if (level > speech) {
      if (from < 0) from = index;
      last = index;
      if (last - from >= 280) finish();
    } else if (from >= 0 && index - last >= 30) finish();
  });
  finish();
  return found;
}
