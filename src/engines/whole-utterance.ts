import { until } from '../core/flow.ts';
import type { Pcm } from '../core/ports.ts';

/** The sound of an utterance in one piece, and where it begins. */
export type WholeUtterance = { readonly at: number; readonly samples: Int16Array };

/** Louder than this is something; under it a microphone is switched off. */
const faintest = 48;

/** Waits for the end of an utterance; nothing when there was no sound in it, or it was stopped. */
export async function wholeUtterance(sound: AsyncIterable<Pcm>, stop: AbortSignal): Promise<WholeUtterance | undefined> {
  const pieces: Pcm[] = [];
  for await (const pcm of until(sound, stop)) pieces.push(pcm);
  if (stop.aborted || !pieces.some(({ samples }) => samples.some((sample) => Math.abs(sample) > faintest))) return undefined;
  const samples = new Int16Array(pieces.reduce((sum, piece) => sum + piece.samples.length, 0));
  let end = 0;
  for (const piece of pieces) {
    samples.set(piece.samples, end);
    end += piece.samples.length;
  }
  return { at: pieces[0]!.at, samples };
}
