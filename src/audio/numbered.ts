import type { Conversation } from '../core/conversation.ts';
import { type Chunk, type Decoder, lasting } from '../core/ports.ts';
import { heardSoFar } from '../core/views.ts';
import { marks } from './marks.ts';
import { without } from './off-record.ts';

/** Told which numbered pieces are heard to their end; asks whether the stream has ended because nothing more will come. */
export type Numbered = { readonly onHeard: (chunk: number, to: number) => void; readonly isComplete: () => boolean };

/** Goes on where the log says that hearing stood: puts pieces that come again at their old place in time, and hears nothing twice. */
export function numberedSound(talk: Conversation, pieces: AsyncIterable<Chunk>, now: () => number, { onHeard, isComplete }: Numbered) {
  const { chunk: last, to: end, words } = heardSoFar(talk.entries);
  const mark = marks(onHeard);
  let current: Chunk | undefined;
  let begun: number | undefined;
  let ended = false;
  let latest = 0;
  /** Whether what comes now is older than what came before it, and in the log: a device came back after another one had begun. */
  let isOld = false;

  async function* bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (current of mark.noted(pieces)) {
      const { at = latest } = current;
      isOld = at < latest && at < words && now() >= words;
      latest = Math.max(latest, at);
      begun ??= current.no;
      yield current.bytes;
    }
    ended = isComplete();
  }

  return {
    bytes: bytes(),
    /** Where the recorder belongs whose bytes come now. A client may be wrong about the time, but never ahead of it — unless our clock went back behind what was said. */
    startAt(continues: boolean): number {
      if (continues && begun === last + 1 && last > 0) return end;
      const at = current?.at ?? now();
      return Math.max(end, now() < words ? at : Math.min(at, now()));
    },
    /** By how much what comes now is later than it was recorded. */
    late: (): number => Math.max(0, now() - (current?.at ?? now())),
    /** By how much it was later when it came. */
    cameLate: (): number => current?.late ?? 0,
    decoder: (inner: Decoder): Decoder => ({
      async *decode(stream, stop) {
        for await (const pcm of inner.decode(stream, stop)) {
          mark.reach(pcm.at + lasting(pcm.samples.length));
          yield without(pcm, { from: 0, to: isOld ? Number.POSITIVE_INFINITY : words });
        }
      },
    }),
    settle: mark.settle,
    enter: mark.enter,
    /** Everything that was heard is written down. */
    finish(): void {
      if (ended) mark.complete();
    },
  };
}
