import { type Clock, lasting, type Pcm, type Serving, type Transcriber } from '../core/ports.ts';
import { climbed, type Rung } from './ladder.ts';
import { replayable } from './replayable.ts';
import { secondOpinion } from './second-opinion.ts';
import { VendorProblem } from './vendor-problem.ts';

/** How long to wait before everybody is tried once more, in ms; the last value goes on. */
const waits = [250, 500, 1_000, 2_000, 4_000, 8_000] as const;

/** Ears over one another: each utterance is heard by the best that works, from its beginning, so that no word of it is lost or doubled; for so long, in ms, it is tried again where all fail. */
export function earsLadder(rungs: readonly Rung<Transcriber>[], clock: Clock, patience: number): Transcriber<Serving> {
  return {
    rest(talk) {
      for (const { engine } of rungs) engine.rest?.(talk);
    },
    async *transcribe(sound, hints, stop) {
      const utterance = replayable(sound);
      const talk = hints.talk ?? '';
      const work = (ear: Transcriber, spend: (ms: number) => void) => ear.transcribe(counted(utterance.read(), spend), hints, stop);
      const ask = ({ engine, account }: Rung<Transcriber>) => work(engine, (ms) => account?.spend(talk, ms));
      const since = clock.now();
      try {
        for (let attempt = 0; !stop.aborted; attempt += 1) {
          try {
            let silent: Rung<Transcriber> | undefined;
            let well: Serving | undefined;
            for await (const heard of climbed({ rungs, code: 'ears_failed', talk, work, mayRepeat: () => true }, stop)) {
              if ('serving' in heard) {
                silent = rungs.find(({ name }) => name === heard.serving);
                // whoever heard nothing may yet turn out to be deaf
                if (heard.fallen) yield heard;
                else well = heard;
                continue;
              }
              if (well) yield well;
              well = undefined;
              if (heard.final && heard.text.trim() !== '') silent = undefined;
              yield heard;
            }
            if (silent && !stop.aborted)
              for await (const heard of secondOpinion({ rungs, silent, ask, pieces: utterance.kept, talk }, stop)) {
                well = undefined;
                yield heard;
              }
            if (well) yield well;
            return;
          } catch (problem) {
            const hopeless = rungs.every(({ breaker }) => breaker.trouble instanceof VendorProblem && breaker.trouble.fatal);
            const wait = waits[Math.min(attempt, waits.length - 1)]!;
            if (hopeless || clock.now() + wait - since > patience) throw problem;
            await clock.sleep(wait, stop).catch(() => undefined);
          }
        }
      } finally {
        utterance.release();
      }
    },
  };
}

/** The same sound; tells how much of it was taken, in ms. */
async function* counted(sound: AsyncIterable<Pcm>, tell: (ms: number) => void): AsyncGenerator<Pcm, void, undefined> {
  for await (const pcm of sound) {
    tell(lasting(pcm.samples.length));
    yield pcm;
  }
}
