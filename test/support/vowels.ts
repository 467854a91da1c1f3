import { RATE } from '../../src/core/ports.ts';
import { random } from './sounds.ts';

/** Formants of a, e, i, o, u in hertz. */
const formants = [
  [730, 1090, 2440],
  [530, 1840, 2480],
  [270, 2290, 3010],
  [570, 840, 2410],
  [300, 870, 2240],
];

/** Something like a voice without any model: pulses through three resonances, a syllable every 200 ms, a breath after every sixth. */
export function vowels(ms: number, pitch = 120): Int16Array {
  const next = random(5);
  const length = Math.round((ms * RATE) / 1000);
  const out = new Int16Array(length);
  const memory = [0, 0, 0, 0, 0, 0];
  let phase = 0;
  for (let index = 0; index < length; index++) {
    const syllable = Math.floor(index / (RATE / 5));
    const within = (index % (RATE / 5)) / (RATE / 5);
    const resting = syllable % 8 > 5;
    phase += (pitch * (1.1 - 0.2 * within)) / RATE;
    let signal = (resting ? 0 : phase >= 1 ? 1 : 0) + 0.01 * next();
    if (phase >= 1) phase -= 1;
    for (const [band, hertz] of formants[syllable % 5]!.entries()) {
      const radius = Math.exp((-Math.PI * (60 + 30 * band)) / RATE);
      const y =
        (1 - radius) * signal + 2 * radius * Math.cos((2 * Math.PI * hertz) / RATE) * memory[2 * band]! - radius * radius * memory[2 * band + 1]!;
      memory[2 * band + 1] = memory[2 * band]!;
      memory[2 * band] = y;
      signal = y * 4;
    }
    const swell = Math.min(1, 8 * within, 8 * (1 - within));
    out[index] = Math.max(-32_768, Math.min(32_767, Math.round(signal * 4000 * swell)));
  }
  return out;
}
