import { channel, until } from '../core/flow.ts';
import type { Clock, Voice } from '../core/ports.ts';

/** How long the sound of a text is kept that nobody has spoken yet, in ms. */
const keptFor = 8_000;

type Prepared<Piece> = {
  text: string;
  /** More of the text is still to come. */
  more: boolean;
  /** What each part of the text sounds like; they are made side by side, so that one follows the other without a gap. */
  readonly parts: AsyncIterable<Piece>[];
  readonly control: AbortController;
  sounding: boolean;
  taken(): void;
};

/**
 * A voice that begins to make a sound before it is wanted: speaking the same text takes what is there. One text at a time; make one for each conversation.
 * The first sentence of a text may come before the rest; a voice `inOnePiece` waits for all of it.
 */
export function foreseeing<Besides extends object = never>(
  voice: Voice<Besides>,
  clock: Clock,
  { keep = keptFor, inOnePiece = false }: { readonly keep?: number; readonly inOnePiece?: boolean } = {},
): Voice<Besides> & Required<Pick<Voice, 'prepare'>> {
  type Piece = ReturnType<typeof voice.speak> extends AsyncIterable<infer Item> ? Item : never;
  let prepared: Prepared<Piece> | undefined;

  const drop = (which = prepared) => {
    if (which && which === prepared) prepared = undefined;
    which?.control.abort();
  };

  const make = async (text: string, mine: Prepared<Piece>): Promise<void> => {
    const pieces = channel<Piece>();
    const isFirst = mine.parts.push(pieces) === 1;
    try {
      for await (const piece of voice.speak(text, mine.control.signal)) {
        if (isFirst) mine.sounding ||= 'data' in piece;
        pieces.offer(piece as Piece);
      }
      pieces.end();
    } catch (error) {
      // what failed before anybody wanted it is tried again when somebody does; what is spoken already is not cut short by what follows it
      if (prepared === mine) drop(mine);
      pieces.end(error);
    }
  };

  const begin = (text: string, more: boolean, stop: AbortSignal): Prepared<Piece> => {
    const control = new AbortController();
    const waiting = new AbortController();
    const onStop = () => drop(mine);
    const mine: Prepared<Piece> = {
      text,
      more,
      parts: [],
      control,
      sounding: false,
      taken: () => {
        waiting.abort();
        stop.removeEventListener('abort', onStop);
      },
    };
    stop.addEventListener('abort', onStop, { once: true });
    control.signal.addEventListener('abort', mine.taken, { once: true });
    clock.sleep(keep, waiting.signal).then(onStop, () => undefined);
    return mine;
  };

  return {
    prepare(text, stop, more = false) {
      if (stop.aborted || (more && inOnePiece)) return () => false;
      if (prepared?.text !== text) {
        const goesOn = prepared?.more && text.startsWith(`${prepared.text} `);
        if (!goesOn) drop();
        const rest = goesOn ? text.slice(prepared!.text.length + 1) : text;
        prepared = goesOn ? Object.assign(prepared!, { text, more }) : begin(text, more, stop);
        void make(rest, prepared);
      }
      const mine = prepared;
      return () => mine.sounding;
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
        for (const pieces of mine.parts) yield* until(pieces, stop);
      } catch (error) {
        if (!stop.aborted) throw error;
      } finally {
        stop.removeEventListener('abort', onStop);
        mine.control.abort();
      }
    },
  };
}
