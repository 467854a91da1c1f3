/** A numbered piece of sound; `at` is when it was recorded, on this device's clock. */
export type Piece = { readonly no: number; readonly at: number; readonly sound: Blob };

/** Where the tail outlives the page. */
export type TailStore = {
  keep(piece: Piece): void;
  /** Forgets everything up to this number. */
  forget(no: number): void;
  keepVoices(numbers: readonly number[]): void;
  /** Forgets all of it. */
  clear(): void;
};

/** The sound that the service has not written down yet. */
export interface Tail {
  /** The highest number so far. */
  readonly last: number;
  /** Whether nothing in it was ever sent: the service can miss nothing of it. */
  readonly fresh: boolean;
  add(sound: Blob, at: number): void;
  /** The piece of this number, or the first after it that is still here. */
  from(no: number): Piece | undefined;
  /** The service has everything up to here: it need not be kept. */
  heard(no: number): void;
  /** Goes on behind a number that the service has seen. */
  follow(no: number): void;
  /** What the service said the voices are like: it does not keep that anywhere itself. */
  readonly voices: readonly number[] | undefined;
  keepVoices(numbers: readonly number[]): void;
  /** The session is over: nothing of it stays here. */
  clear(): void;
}

/** So long sound is kept for a service that does not take it, in ms. */
const kept = 600_000;

/** Until the first greeting nobody knows which numbers are free: pieces get some then that no frame could carry. */
const ungreeted = 0xffff_ffff;

/** Keeps sound until it is heard, at most ten minutes of it. */
export function tail(earlier: readonly Piece[], store: TailStore, known?: readonly number[]): Tail {
  // beside what was never sent there is only what another page goes on with itself
  const unsent = earlier.filter(({ no }) => no > ungreeted);
  const left = unsent.length > 0 ? unsent : earlier;
  const pieces = new Map([...left].sort((a, b) => a.no - b.no).map((piece) => [piece.no, piece]));
  let voices = known;
  let last = [...pieces.keys()].at(-1) ?? ungreeted;
  let fresh = last >= ungreeted;
  const put = (piece: Piece) => {
    pieces.set(piece.no, piece);
    store.keep(piece);
  };
  const first = () => pieces.values().next().value;
  const forget = (upTo: number) => {
    for (let piece = first(); piece && piece.no <= upTo; piece = first()) pieces.delete(piece.no);
    store.forget(upTo);
  };
  return {
    get last() {
      return last;
    },
    get fresh() {
      return fresh;
    },
    add(sound, at) {
      last += 1;
      put({ no: last, at, sound });
      const oldest = first()!;
      if (oldest.at < at - kept) forget(oldest.no);
    },
    from(no) {
      for (const piece of pieces.values()) if (piece.no >= no) return piece;
      return undefined;
    },
    heard: forget,
    follow(no) {
      if (fresh) {
        const early = [...pieces.values()];
        pieces.clear();
        store.forget(last);
        for (const piece of early) put({ ...piece, no: piece.no - ungreeted + no });
        last += no - ungreeted;
      }
      fresh = false;
      last = Math.max(last, no);
    },
    get voices() {
      return voices;
    },
    keepVoices(numbers) {
      voices = numbers;
      store.keepVoices(numbers);
    },
    clear() {
      pieces.clear();
      voices = undefined;
      store.clear();
    },
  };
}

/** The frame of a piece: its number, when it was recorded in the session, its sound. */
export function numbered({ no, sound }: Piece, at: number): Blob {
  const head = new DataView(new ArrayBuffer(8));
  head.setUint32(0, no);
  head.setUint32(4, at);
  return new Blob([head, sound]);
}
