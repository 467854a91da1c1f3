import { lasting } from '../core/ports.ts';

/** Which sound of the conversation stands where in the sound of a line. */
export function lineTimes() {
  const pieces: { readonly sent: number; readonly at: number }[] = [];
  let spoken = 0;
  return {
    /** How much sound of this utterance was sent, in ms. */
    get spoken() {
      return spoken;
    },
    /** Where this utterance begins on the line, in ms. */
    get begin() {
      return pieces[0]?.sent ?? 0;
    },
    /** Notes a piece that begins at `at` of the conversation and at `sent` of the line, both in ms. */
    note(sent: number, at: number, samples: Int16Array): void {
      spoken += lasting(samples.length);
      pieces.push({ sent, at });
    },
    /** Where a place of the line is in the conversation. */
    at(ms: number): number {
      const piece = pieces.findLast(({ sent }) => sent <= ms) ?? pieces[0];
      return piece ? Math.max(pieces[0]!.at, Math.round(piece.at + ms - piece.sent)) : Math.round(ms);
    },
  };
}
