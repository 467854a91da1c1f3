import { lasting, type Pcm, RATE, type Serving, type Transcriber, type Words } from '../core/ports.ts';
import { isStockPhrase, isWordless } from '../insight/stock-phrases.ts';
import { wordsOf } from '../insight/words.ts';
import type { Rung } from './ladder.ts';
import { VendorProblem } from './vendor-problem.ts';

/** Louder than this in a stretch of so many ms is something that could be a word; as much as this of it, in ms, is more than a cough. */
const loud = 180;
const stretch = 20;
const clear = 500;
/** Nobody says more letters in a second of speech than this, and no recogniser is sure that is less sure. */
const fastest = 25;
const sure = 0.5;

/** Who heard nothing in this sound of a conversation, who else there is, and how to ask them. */
export type Doubt = {
  readonly rungs: readonly Rung<Transcriber>[];
  readonly silent: Rung<Transcriber>;
  readonly ask: (rung: Rung<Transcriber>) => AsyncIterable<Words>;
  readonly pieces: readonly Pcm[];
  readonly talk: string;
};

/** How much of this sound is loud enough to be speech, in ms. */
function loudIn(pieces: readonly Pcm[]): number {
  let ms = 0;
  const length = (RATE * stretch) / 1000;
  for (const { samples } of pieces)
    for (let at = 0; at < samples.length; at += length) {
      const part = samples.subarray(at, at + length);
      const power = part.reduce((sum, sample) => sum + sample * sample, 0) / part.length;
      if (Math.sqrt(power) > loud) ms += lasting(part.length);
    }
  return ms;
}

/** Whether so much speech may well have been these words. */
function isSupported({ text, confidence }: Words, ms: number): boolean {
  const letters = wordsOf(text).join('').length;
  return !isWordless(text) && (letters * 1000) / fastest <= ms && (confidence ?? 1) >= sure && !isStockPhrase(text);
}

/**
 * Asks the next ears where the first heard nothing at all though there was clear sound: an empty answer may be the truth, or a fault that looks like it.
 * Only words that the sound supports are believed; then it was a fault of the first.
 */
export async function* secondOpinion(
  { rungs, silent, ask, pieces, talk }: Doubt,
  stop: AbortSignal,
): AsyncGenerator<Words | Serving, void, undefined> {
  const ms = loudIn(pieces);
  if (ms < clear) return;
  for (const rung of rungs.slice(rungs.indexOf(silent) + 1)) {
    if (rung.account?.refuses(talk) || !rung.breaker.ask()) continue;
    let heard: Words | undefined;
    try {
      for await (const words of ask(rung)) if (words.final) heard = words;
      if (stop.aborted) return rung.breaker.undecided();
      rung.breaker.well();
    } catch (error) {
      if (stop.aborted) return rung.breaker.undecided();
      rung.breaker.ill(error instanceof VendorProblem ? error : new VendorProblem('ears_failed', `${rung.name} failed.`, { cause: error }));
      continue;
    }
    if (!heard || !isSupported(heard, ms)) return;
    const fault = new VendorProblem('ears_failed', `${silent.name} heard nothing where somebody spoke.`);
    silent.breaker.ill(fault);
    yield { serving: rung.name, fallen: new VendorProblem('ears_failed', `${fault.message} ${rung.about} until it is back.`, { cause: fault }) };
    yield heard;
    return;
  }
}
