import type { Conversation } from '../core/conversation.ts';
import type { Span } from '../core/entry.ts';
import type { Store, TimedChunk } from '../core/ports.ts';
import { isAgreed, isOff, isOver, isPaused } from '../core/views.ts';

/** A piece of kept sound, and when it was recorded, in ms of the session. */
export type KeptChunk = TimedChunk;

/** The sound that is kept because everybody agreed. */
export interface Tape {
  /** Puts a piece on disk, if it may be kept; answers whether it did. */
  keep(talk: Conversation, piece: KeptChunk): Promise<boolean>;
  /** Puts a piece on disk that was kept elsewhere. */
  put(id: string, piece: KeptChunk): Promise<void>;
  /** What is kept after a number, in order. */
  pieces(id: string, after?: number): AsyncGenerator<KeptChunk, void, undefined>;
  /** Takes away what was recorded then. */
  cut(id: string, spans: readonly Span[]): Promise<void>;
  /** Takes away all of it. */
  drop(id: string): Promise<void>;
}

/** Before the sound stands when it was recorded: four bytes, the highest first. */
const head = 4;

/** Whether everybody agrees that this piece is kept: now, and on the record when it was recorded. */
function mayKeep({ entries }: Conversation, at: number): boolean {
  if (!isAgreed(entries) || isOver(entries) || isPaused(entries)) return false;
  return !isOff(entries, at);
}

function framed({ at, bytes }: KeptChunk): Uint8Array {
  const body = new Uint8Array(head + bytes.length);
  new DataView(body.buffer).setUint32(0, Math.max(0, Math.round(at)));
  body.set(bytes, head);
  return body;
}

/** Keeps sound in this store. */
export function tape(store: Pick<Store, 'keepSound' | 'sounds' | 'dropSounds'>): Tape {
  async function* pieces(id: string, after?: number): AsyncGenerator<KeptChunk, void, undefined> {
    for await (const { chunk, bytes } of store.sounds(id, after)) {
      const at = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
      yield { no: chunk, at, bytes: bytes.subarray(head) };
    }
  }

  return {
    async keep(talk, piece) {
      if (!mayKeep(talk, piece.at)) return false;
      await store.keepSound(talk.id, piece.no, framed(piece));
      return true;
    },
    put: (id, piece) => store.keepSound(id, piece.no, framed(piece)),
    pieces,
    async cut(id, spans) {
      const gone: number[] = [];
      let before: KeptChunk | undefined;
      const look = (piece: KeptChunk, end: number) => {
        if (spans.some(({ from, to }) => piece.at < to && end > from)) gone.push(piece.no);
      };
      for await (const piece of pieces(id)) {
        if (before) look(before, piece.at);
        before = piece;
      }
      if (before) look(before, Number.POSITIVE_INFINITY);
      for (const no of gone) await store.dropSounds(id, { from: no, to: no });
    },
    drop: (id) => store.dropSounds(id),
  };
}
