import { until } from '../core/flow.ts';
import type { Clock, Transcriber } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';

const late = 'The words of what was just said did not come in time, so they are missing from the transcript. Aside keeps listening.';

/** A recogniser that is never waited for too long: when the sound of an utterance has ended, its last words come within `patience` ms or not at all. */
export function politeTranscriber(transcriber: Transcriber, clock: Clock, patience: number): Transcriber {
  return {
    async *transcribe(sound, hints, stop) {
      const overdue = new AbortController();
      const done = new AbortController();
      async function* watched() {
        yield* sound;
        clock.sleep(patience, done.signal).then(
          () => overdue.abort(),
          () => undefined,
        );
      }
      const over = AbortSignal.any([stop, overdue.signal]);
      try {
        yield* until(transcriber.transcribe(watched(), hints, over), over);
        if (overdue.signal.aborted && !stop.aborted) throw new Problem('ears_failed', late);
      } finally {
        done.abort();
      }
    },
  };
}
