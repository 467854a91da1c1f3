import type { EntryOf } from '../core/entry.ts';
import { type TimedChunk, unnumbered } from '../core/ports.ts';
import { formatOf, rejoined, wavHeader } from './rejoined.ts';
import { type Piece, Seams } from './seams.ts';
import type { Container } from './sniff.ts';

/** A stretch of kept sound that plays on its own: its number from 1 on, what it is, and when it begins, in ms of the session. */
export type Recording = { readonly number: number; readonly format: Container; readonly from: number };

/** Some bytes of a recording. */
export type Recorded = { readonly recording: Recording; readonly bytes: Uint8Array };

/** By so much a piece may be older than the place that its recorder was given, in ms. */
const slack = 1_000;

/** The recorder that was running then. */
const running = (segments: readonly EntryOf<'segment'>[], at: number): EntryOf<'segment'> | undefined =>
  segments.findLast(({ from }) => from <= at + slack) ?? segments[0];

/** Puts kept pieces together to files as the recorders made them; where something is missing between two pieces, a new file begins. */
export async function* recorded(
  pieces: AsyncIterable<TimedChunk>,
  segments: readonly EntryOf<'segment'>[],
): AsyncGenerator<Recorded, void, undefined> {
  let current: Recording | undefined;
  let join: ((bytes: Uint8Array) => Uint8Array) | undefined;
  let seams = new Seams();
  let last: number | undefined;
  let held: Uint8Array = new Uint8Array(0);
  let count = 0;

  /** A new file begins with these bytes, which have a header or go on with another's. */
  function begin(bytes: Uint8Array, at: number, starts: boolean): Recording {
    const known = starts ? undefined : running(segments, at);
    const format = (known?.format as Container | undefined) ?? formatOf(bytes);
    join = known && format !== 'pcm' ? rejoined(format, Buffer.from(known.header, 'base64')) : undefined;
    if (format === 'pcm') join = rejoined(format, wavHeader());
    count += 1;
    return { number: count, format, from: at };
  }

  /** What of these pieces can be told by now: one byte is held back, since it may be the first of another's header. */
  function* told(parts: Iterable<Piece>, at: number): Generator<Recorded> {
    for (const { bytes, starts } of parts) {
      const begun = current;
      if (starts || !begun) current = begin(bytes, at, starts);
      const before = begun && !starts ? held : new Uint8Array(0);
      held = bytes.slice(-1);
      const all = new Uint8Array(before.length + bytes.length - 1);
      all.set(before);
      all.set(bytes.subarray(0, -1), before.length);
      const ready = join ? join(all) : all;
      if (ready.length > 0) yield { recording: current!, bytes: ready };
    }
  }

  /** Nothing more follows here. */
  function* over(at: number): Generator<Recorded> {
    yield* told(seams.end(), at);
    const rest = join ? join(held) : held;
    if (current && rest.length > 0) yield { recording: current, bytes: rest };
    held = new Uint8Array(0);
  }

  let place = 0;
  for await (const { no, at, bytes } of pieces) {
    if (last !== undefined && no !== last + 1 && no < unnumbered) {
      yield* over(place);
      seams = new Seams();
      current = undefined;
    }
    last = no;
    place = at;
    yield* told(seams.push(bytes), at);
  }
  yield* over(place);
}
