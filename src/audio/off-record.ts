import { type Decoder, lasting, type Pcm, RATE } from '../core/ports.ts';

/** Of sound that comes in pieces, those that were recorded off the record become silence, however late they are listened to. */
export function offRecord() {
  /** Where what was off the record lies in the sound, the last few times; the last may go on. */
  let spans: { from: number; to: number }[] = [];
  let isOff = false;
  /** How far the sound has come, and how far what has gone into a decoder reaches. */
  let out = 0;
  let inside = 0;

  const begin = (off: boolean) => {
    const at = Math.max(out, inside);
    if (off && !isOff) spans = [...spans.slice(-7), { from: at, to: Number.POSITIVE_INFINITY }];
    const last = spans.at(-1);
    if (!off && isOff && last) last.to = at;
    isOff = off;
  };

  const silenced = (pcm: Pcm): Pcm => {
    out = pcm.at + lasting(pcm.samples.length);
    return spans.reduce(without, pcm);
  };

  return {
    /** Sound up to here has gone into a decoder and will come out in its own time. */
    enter(at: number): void {
      inside = at;
    },
    /** The pieces as they are, each noted when it is asked for: then the sound of those before it is out, or inside a decoder. */
    async *noted<T extends { readonly off?: boolean }>(pieces: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
      for await (const piece of pieces) {
        begin(piece.off ?? false);
        yield piece;
      }
    },
    decoder: (inner: Decoder): Decoder => ({
      async *decode(stream, stop) {
        for await (const pcm of inner.decode(stream, stop)) yield silenced(pcm);
      },
    }),
  };
}

/** The same sound with silence in this span. */
export function without({ at, samples }: Pcm, { from, to }: { readonly from: number; readonly to: number }): Pcm {
  const index = (time: number) => Math.min(samples.length, Math.max(0, Math.ceil(((time - at) * RATE) / 1000)));
  if (index(from) >= index(to)) return { at, samples };
  const rest = samples.slice();
  rest.fill(0, index(from), index(to));
  return { at, samples: rest };
}
