import { lasting, type Pcm, RATE } from '../core/ports.ts';

/** Samples in one step of listening: 32 ms, what the detectors were trained on. */
export const STEP = 512;

/** A jump ahead larger than this is a gap in the recording, in ms; every jump back is meant. */
const GAP = 40;

/** Cuts sound into steps of 32 ms; only the last before a jump or the end is shorter. Counts time in samples, never on a clock. */
export async function* windows(sound: AsyncIterable<Pcm>): AsyncGenerator<Pcm, void, undefined> {
  let window = new Int16Array(STEP);
  let filled = 0;
  let start: number | undefined;
  let counted = 0;
  const rest = (): Pcm => ({ at: (start ?? 0) + lasting(counted), samples: window.slice(0, filled) });
  let failure: { error: unknown } | undefined;
  try {
    for await (const { at, samples } of sound) {
      const expected = (start ?? at) + lasting(counted + filled);
      if (start === undefined || at > expected + GAP || at < expected - 1) {
        if (filled > 0) yield rest();
        [start, counted, filled] = [at, 0, 0];
      }
      for (let taken = 0; taken < samples.length; ) {
        const some = samples.subarray(taken, taken + STEP - filled);
        window.set(some, filled);
        filled += some.length;
        taken += some.length;
        if (filled < STEP) break;
        yield { at: start + (counted * 1000) / RATE, samples: window };
        counted += STEP;
        filled = 0;
        window = new Int16Array(STEP);
      }
    }
  } catch (error) {
    failure = { error };
  }
  // what came before a failure was heard
  if (filled > 0) yield rest();
  if (failure) throw failure.error;
}
