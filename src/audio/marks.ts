import type { Chunk } from '../core/ports.ts';

/** `end`: where the sound of a piece ends. `sure`: what lies before it holds the sound of a packet, too, that ends in a later piece. */
type Mark = { readonly no: number; end: number; sure: number };

/** Tells which numbered pieces are heard to their end, from how far the sound has come and how much of it is settled. */
export function marks(heard: (no: number, end: number) => void) {
  const waiting: Mark[] = [];
  let position = 0;
  let inside = 0;
  let settled = 0;

  const look = () => {
    let last: Mark | undefined;
    while (waiting[0] && waiting[0].sure <= settled) last = waiting.shift();
    if (last) heard(last.no, last.end);
  };

  return {
    /** The sound has come so far. */
    reach(at: number): void {
      position = Math.max(at, inside);
    },
    /** Sound up to here has gone into a decoder and will come out in its own time. */
    enter(at: number): void {
      inside = at;
      position = Math.max(position, inside);
    },
    settle(at: number): void {
      settled = at;
      look();
    },
    /** The pieces, each noted when the next one is asked for: then its own sound is out. */
    async *noted(pieces: AsyncIterable<Chunk>): AsyncGenerator<Chunk, void, undefined> {
      for await (const piece of pieces) {
        yield piece;
        for (const mark of waiting) if (mark.sure === Number.POSITIVE_INFINITY && mark.end < position) mark.sure = position;
        waiting.push({ no: piece.no, end: position, sure: Number.POSITIVE_INFINITY });
        look();
      }
    },
    /** Nothing more will come, and everything was heard. */
    complete(): void {
      for (const mark of waiting) mark.sure = 0;
      look();
    },
  };
}
