import { lasting } from '../../core/ports.ts';

/** What stays below this holds no speech, whoever listens; and a breath is so much quieter than the loudest of what is said. */
const audible = 100;
const quieter = 10;
/** Shorter than this no breath is taken for the end of a turn, in ms. */
const shortest = 150;

/** Counts how often somebody draws breath between words. */
export function breathsIn() {
  let loudest = 0;
  let still = 0;
  let count = 0;
  return {
    /** Breaths after which somebody went on. */
    get count() {
      return count;
    },
    /** Nothing could be heard in all of it. */
    get isSilence() {
      return loudest < audible;
    },
    hear(samples: Int16Array): void {
      let peak = 0;
      for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
      const spoke = loudest >= audible;
      loudest = Math.max(loudest, peak);
      if (peak < Math.max(audible, loudest / quieter)) still += lasting(samples.length);
      else {
        if (spoke && still >= shortest) count += 1;
        still = 0;
      }
    },
  };
}
