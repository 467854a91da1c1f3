import { powerSpectrum } from './spectrum.ts';

const RATE = 16_000;
const SIZE = 512;
const LOWEST = 80;
const HIGHEST = 7000;
const EMPHASIS = 0.97;

/** Samples in a frame: 25 ms. */
export const FRAME = 400;

/** How many bands the ear is divided into. */
export const BANDS = 26;

/** How many numbers describe the colour of a frame. */
const COEFFICIENTS = 16;

const mel = (hertz: number) => 1127 * Math.log(1 + hertz / 700);
const hertz = (mels: number) => 700 * (Math.exp(mels / 1127) - 1);

/** The energy (natural logarithm) in each band of the frame that begins at sample `at`. */
export function bandEnergies(): (samples: Int16Array, at: number) => Float64Array {
  const spectrum = powerSpectrum(SIZE);
  const window = Float64Array.from({ length: FRAME }, (_, index) => 0.54 - 0.46 * Math.cos((2 * Math.PI * index) / (FRAME - 1)));
  const edges = Array.from({ length: BANDS + 2 }, (_, index) => {
    const at = mel(LOWEST) + ((mel(HIGHEST) - mel(LOWEST)) * index) / (BANDS + 1);
    return (hertz(at) * SIZE) / RATE;
  });
  const filters = Array.from({ length: BANDS }, (_, band) => {
    const [low, middle, high] = [edges[band]!, edges[band + 1]!, edges[band + 2]!];
    const first = Math.ceil(low);
    const weights = Float64Array.from({ length: Math.floor(high) - first + 1 }, (_, index) => {
      const bin = first + index;
      return Math.max(0, Math.min((bin - low) / (middle - low), (high - bin) / (high - middle)));
    });
    return { first, weights };
  });
  const frame = new Float64Array(SIZE);

  return (samples, at) => {
    for (let index = 0; index < FRAME; index++) {
      const sample = samples[at + index] ?? 0;
      frame[index] = (sample - EMPHASIS * (samples[at + index - 1] ?? sample)) * window[index]!;
    }
    const power = spectrum(frame);
    const energies = new Float64Array(BANDS);
    for (let band = 0; band < BANDS; band++) {
      const { first, weights } = filters[band]!;
      // the floor keeps digital silence finite
      let sum = 1000;
      for (let index = 0; index < weights.length; index++) sum += power[first + index]! * weights[index]!;
      energies[band] = Math.log(sum);
    }
    return energies;
  };
}

const COSINES = Array.from({ length: COEFFICIENTS }, (_, index) =>
  Float64Array.from({ length: BANDS }, (_, band) => Math.cos((Math.PI * (index + 1) * (band + 0.5)) / BANDS) * Math.sqrt(2 / BANDS)),
);

/** The colour behind band energies, their loudness left out: mel cepstrum 1 … 16. */
export const mfcc = (energies: Float64Array): Float64Array =>
  Float64Array.from(COSINES, (row) => row.reduce((sum, cosine, band) => sum + cosine * energies[band]!, 0));
