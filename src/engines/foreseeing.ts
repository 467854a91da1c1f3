import { channel, until } from '../core/flow.ts';
import type { Clock, Voice } from '../core/ports.ts';

/** How long the sound of a text is kept that nobody has spoken yet, in ms. */
const keptFor = 8_000;

type Prepared<Piece> = {
  readonly text: string;
  readonly pieces: AsyncIterable<Piece>;
  readonly control: AbortController;
  sounding: boolean;
  taken(): void;
};

/** A voice that begins to make a sound before it is wanted: speaking the same text takes what is there. One text at a time; make one for each conversation. */
export function foreseeing<Besides extends object = never>(
  voice: Voice<Besides>,
  clock: Clock,
  keep = keptFor,
): Voice<Besides> & Required<Pick<Voice, 'prepare'>> {
  type Piece = ReturnType<typeof voice.speak> extends AsyncIterable<infer Item> ? Item : never;
  let prepared: Prepared<Piece> | undefined;

  const drop = (which = prepared) => {
    if (which && which === prepared) prepared = undefined;
    which?.control.abort();
  };

  const soundOf = (what: Prepared<Piece>) => () => what.sounding;

  return {
    prepare(text, stop) {
      if (stop.aborted) return () => false;
      if (prepared?.text === text) return soundOf(prepared);
      drop();
      const control = new AbortController();
      const waiting = new AbortController();
      const pieces = channel<Piece>();
      const onStop = () => drop(mine);
      const mine: Prepared<Piece> = {
        text,
        pieces,
        control,
        sounding: false,
        taken: () => {
          waiting.abort();
          stop.removeEventListener('abort', onStop);
        },
      };
      prepared = mine;
      stop.addEventListener('abort', onStop, { once: true });
      control.signal.addEventListener('abort', mine.taken, { once: true });
      clock.sleep(keep, waiting.signal).then(onStop, () => undefined);
      void (async () => {
        try {
          for await (const piece of voice.speak(text, control.signal)) {
            mine.sounding ||= 'data' in piece;
            pieces.offer(piece as Piece);
          }
          pieces.end();
        } catch (error) {
          // what failed before anybody wanted it is tried again when somebody does
          drop(mine);
          pieces.end(error);
        }
      })();
      return soundOf(mine);
    },
    async *speak(text, stop) {
      if (stop.aborted) return;
      const mine = prepared?.text === text ? prepared : undefined;
      if (!mine) return yield* voice.speak(text, stop);
      prepared = undefined;
      mine.taken();
      const onStop = () => mine.control.abort();
      stop.addEventListener('abort', onStop, { once: true });
      try {
        yield* until(mine.pieces, stop);
      } catch (error) {
        if (!stop.aborted) throw error;
      } finally {
        stop.removeEventListener('abort', onStop);
        mine.control.abort();
      }
    },
  };
}
