const RATE = 16_000;
const STEP = 4;
const SLOW = RATE / STEP;
const WINDOW = 160;
const SHORTEST_LAG = 10;
const LONGEST_LAG = 66;

/** The pitch (Hz) of 40 ms of sound and how regular it is (0–1). */
export type Pitch = { readonly hertz: number; readonly regular: number };

/** Samples thinned to 4 kHz, which is all that pitch needs. */
export function thinned(samples: Int16Array): Float64Array {
  return Float64Array.from({ length: Math.floor(samples.length / STEP) }, (_, index) => {
    let sum = 0;
    for (let tap = -2; tap < 6; tap++) sum += samples[index * STEP + tap] ?? 0;
    return sum / 8;
  });
}

/** Finds the pitch around sample `at` of the unthinned sound, by the lag at which it resembles itself most. */
export function pitchAt(slow: Float64Array, at: number): Pitch {
  const start = Math.floor(at / STEP);
  const scores = new Float64Array(LONGEST_LAG + 2);
  for (let lag = SHORTEST_LAG - 1; lag <= LONGEST_LAG + 1; lag++) {
    let product = 0;
    let here = 1;
    let there = 1;
    for (let index = 0; index < WINDOW; index++) {
      const one = slow[start + index] ?? 0;
      const other = slow[start + index + lag] ?? 0;
      product += one * other;
      here += one * one;
      there += other * other;
    }
    scores[lag] = product / Math.sqrt(here * there);
  }
  let best = SHORTEST_LAG;
  for (let lag = SHORTEST_LAG; lag <= LONGEST_LAG; lag++) if (scores[lag]! > scores[best]!) best = lag;
  // twice the lag is as alike as once: of several good ones the shortest peak is the pitch
  for (let lag = SHORTEST_LAG; lag < best; lag++)
    if (scores[lag]! > 0.9 * scores[best]! && scores[lag]! >= scores[lag - 1]! && scores[lag]! >= scores[lag + 1]!) {
      best = lag;
      break;
    }
  const [before, top, after] = [scores[best - 1]!, scores[best]!, scores[best + 1]!];
  const bend = before - 2 * top + after;
  const shift = bend < 0 ? Math.max(-0.5, Math.min(0.5, (0.5 * (before - after)) / bend)) : 0;
  return { hertz: SLOW / (best + shift), regular: Math.max(0, Math.min(1, top)) };
}
