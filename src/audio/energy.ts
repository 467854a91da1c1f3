/** Quieter than this counts as nothing at all. */
export const SILENCE = -100;

/** How loud a piece of sound is, in dB below the loudest possible; digital silence is −100. */
export function loudness(samples: Int16Array): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i]! * samples[i]!;
  if (sum === 0) return SILENCE;
  return Math.max(SILENCE, 10 * Math.log10(sum / samples.length / 32_768 ** 2));
}

/** Follows the level of the background: down at once, up within three seconds. */
export type NoiseFloor = { learn(level: number): void; readonly level: number; readonly sure: boolean };

const STEP = 12;
const STEPS = 8;

/** The floor is the quietest moment of the last eight steps of twelve frames, so that talk with its gaps does not lift it but steady noise does. */
export function noiseFloor(): NoiseFloor {
  const minima: number[] = [];
  let lowest = 0;
  let frames = 0;
  return {
    learn(level) {
      // sound that was never decoded says nothing about the room
      if (level <= SILENCE) return;
      lowest = Math.min(lowest, level);
      frames += 1;
      if (frames % STEP > 0) return;
      minima.push(lowest);
      if (minima.length > STEPS) minima.shift();
      lowest = 0;
    },
    get level() {
      return Math.min(lowest, ...minima);
    },
    get sure() {
      return frames >= STEP * STEPS;
    },
  };
}

/** Where quiet talk is lifted to, by how much at most, and how fast a loud moment is forgotten, all in dB. */
const LIFTED = -28;
const MOST = 24;
const FORGET = 0.1;

/** Lifts quiet sound to the level detectors know, slowly enough that talk stays louder than its background. */
export function lift(): (samples: Int16Array, level: number) => Int16Array {
  let loudest = SILENCE;
  return (samples, level) => {
    loudest = Math.max(level, loudest - FORGET);
    const gain = 10 ** (Math.min(MOST, LIFTED - loudest) / 20);
    return gain <= 1 ? samples : samples.map((sample) => Math.max(-32_768, Math.min(32_767, sample * gain)));
  };
}
