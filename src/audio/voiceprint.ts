import { BANDS, bandEnergies, FRAME, mfcc } from './mfcc.ts';
import { pitchAt, thinned } from './pitch.ts';

/** What an utterance tells about whose voice it is. */
export type Voiceprint = {
  /** The mean colour of its voiced frames. */
  readonly colour: Float64Array;
  /** The middle pitch, as the natural logarithm of Hz. */
  readonly pitch: number;
  /** How loud the voice is, in dB. */
  readonly level: number;
  /** How many voiced frames (10 ms) all this rests on. */
  readonly frames: number;
  /** How much of it (0–1) noise or clipping may have covered. */
  readonly masked: number;
};

const HOP = 160;
/** More than this much sound (4 s) hardly makes a print better, and would hold up everybody else. */
const ENOUGH = 64_000;
const FEWEST = 20;
const REGULAR = 0.6;
const RANGE_DB = 30;
const FAINTEST_DB = 36;
/** What lies 39 dB below the voice is as likely the room: it is cut off at the same height in every utterance. */
const DEPTH = 9;
/** A band this little above its quietest moments may be noise. */
const BARELY = 1.4;

/** Takes the print of an utterance; nothing when it holds too few voiced frames to have one. */
export function voiceprint(utterance: Int16Array): Voiceprint | undefined {
  const samples = utterance.subarray(0, ENOUGH);
  const energiesAt = bandEnergies();
  const slow = thinned(samples);
  const levels: number[] = [];
  for (let at = 0; at + FRAME <= samples.length; at += HOP) levels.push(decibel(samples, at));
  const faintest = Math.max(quantile(levels, 0.95) - RANGE_DB, FAINTEST_DB);

  const everywhere: Float64Array[] = [];
  const voiced: Float64Array[] = [];
  const pitches: number[] = [];
  let level = 0;
  levels.forEach((db, frame) => {
    const energies = energiesAt(samples, frame * HOP);
    everywhere.push(energies);
    if (db < faintest) return;
    const { hertz, regular } = pitchAt(slow, frame * HOP);
    if (regular < REGULAR) return;
    pitches.push(Math.log(hertz));
    voiced.push(energies);
    level += db;
  });
  const frames = voiced.length;
  if (frames < FEWEST) return undefined;
  return {
    colour: colourOf(voiced),
    pitch: quantile(pitches, 0.5),
    level: level / frames,
    frames,
    masked: Math.max(coveredShare(voiced, everywhere), Math.min(1, 10 * clippedShare(samples))),
  };
}

function colourOf(voiced: readonly Float64Array[]): Float64Array {
  const bottom =
    quantile(
      voiced.map((energies) => Math.max(...energies)),
      0.5,
    ) - DEPTH;
  const mean = new Float64Array(BANDS);
  for (const energies of voiced) for (let band = 0; band < BANDS; band++) mean[band]! += Math.max(energies[band]!, bottom) / voiced.length;
  return mfcc(mean);
}

// speech falls silent band by band even while it lasts; noise never does
function coveredShare(voiced: readonly Float64Array[], everywhere: readonly Float64Array[]): number {
  let covered = 0;
  for (let band = 0; band < BANDS; band++) {
    const quiet = quantile(
      everywhere.map((energies) => energies[band]!),
      0.1,
    );
    for (const energies of voiced) if (energies[band]! < quiet + BARELY) covered++;
  }
  return covered / (voiced.length * BANDS);
}

const clippedShare = (samples: Int16Array): number =>
  samples.reduce((count, sample) => count + (Math.abs(sample) > 32_700 ? 1 : 0), 0) / samples.length;

const quantile = (numbers: readonly number[], share: number): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * share)] ?? 0;

function decibel(samples: Int16Array, at: number): number {
  let sum = 1;
  for (let index = at; index < at + FRAME; index++) sum += samples[index]! ** 2;
  return 10 * Math.log10(sum / FRAME);
}
