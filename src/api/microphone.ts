import type { Conversation } from '../core/conversation.ts';
import { type Channel, channel } from '../core/flow.ts';
import { type Meter, noMeter } from '../core/meter.ts';
import type { Chunk, Clock } from '../core/ports.ts';
import { asProblem, type Problem } from '../core/problem.ts';

/** Listens to one stream from a microphone until it ends; `isComplete` says afterwards whether it ended because nothing more will come. */
export type Hearing<T> = (pieces: AsyncIterable<T>, isComplete: () => boolean, stop: AbortSignal) => Promise<void>;

/** Listens to numbered pieces of sound; `onHeard` is told up to where everything in them is in the log. */
export type ListenAgain = (
  talk: Conversation,
  pieces: AsyncIterable<Chunk>,
  numbered: { onHeard: (chunk: number, to: number) => void; isComplete: () => boolean },
  stop: AbortSignal,
) => Promise<void>;

/** The microphone of one conversation: pieces of sound in, one ear at a time. */
export interface Microphone<T> {
  /** Whether an ear is listening that pieces can go on with. */
  readonly open: boolean;
  /** Hands a piece to the ear; resolves when there is room for more. */
  hear(piece: T): Promise<void>;
  /** The sound has ended: resolves when everything heard is written down, or `stop` says that it is too late. */
  end(stop?: AbortSignal): Promise<void>;
  /** The line is down for now: what was heard is written down, but more may come. */
  rest(stop?: AbortSignal): Promise<void>;
  /** What the last ear had not taken when it was too late; given once. */
  untaken(): readonly T[];
}

export type MicrophoneParts<T> = {
  listen: Hearing<T>;
  sizeOf: (piece: T) => number;
  tellTrouble: (problem: Problem) => void;
  /** Bytes that may wait for the ear before the sender is held up. */
  waiting: number;
  meter?: Meter | undefined;
};

type Listening<T> = {
  open: boolean;
  complete: boolean;
  pieces: Channel<T>;
  control: AbortController;
  size: number;
  /** What the ear has not taken yet. */
  waiting: T[];
  room: (() => void) | undefined;
};

/** Gives a conversation its microphone. */
export function microphone<T>({ listen, sizeOf, tellTrouble, waiting, meter = noMeter }: MicrophoneParts<T>): Microphone<T> {
  const running = new Set<Listening<T>>();
  let newest: Listening<T> | undefined;
  let before: Promise<void> = Promise.resolve();
  let untaken: readonly T[] = [];

  const grow = (here: Listening<T>, by: number) => {
    here.size += by;
    meter.note({ type: 'waiting', what: 'sound', by });
  };

  async function run(here: Listening<T>): Promise<void> {
    async function* taken() {
      for await (const piece of here.pieces) {
        grow(here, -sizeOf(piece));
        here.waiting.shift();
        here.room?.();
        yield piece;
      }
    }
    try {
      await listen(taken(), () => here.complete, here.control.signal);
    } catch (error) {
      const sentence = 'Listening has stopped because of a fault in the service. Start the microphone again; what was said before is kept.';
      if (!here.control.signal.aborted) tellTrouble(asProblem(error, 'ears_failed', sentence));
    } finally {
      running.delete(here);
      here.open = false;
      here.pieces.end();
      untaken = here.control.signal.aborted ? here.waiting : [];
      grow(here, -here.size);
      here.room?.();
    }
  }

  function start(): Listening<T> {
    const here: Listening<T> = {
      open: true,
      complete: false,
      pieces: channel(),
      control: new AbortController(),
      size: 0,
      waiting: [],
      room: undefined,
    };
    running.add(here);
    // one ear at a time: words stay in the order in which they were spoken
    before = before.then(() => run(here));
    return here;
  }

  async function end(complete: boolean, stop?: AbortSignal): Promise<void> {
    // what comes from now on belongs to the next ear
    if (newest) {
      newest.open = false;
      newest.complete = complete;
      newest.pieces.end();
    }
    const late = () => {
      for (const here of running) here.control.abort();
    };
    stop?.addEventListener('abort', late, { once: true });
    if (stop?.aborted) late();
    await before;
    stop?.removeEventListener('abort', late);
  }

  return {
    get open() {
      return newest?.open ?? false;
    },
    async hear(piece) {
      if (!newest?.open) newest = start();
      const here = newest;
      grow(here, sizeOf(piece));
      here.waiting.push(piece);
      here.pieces.offer(piece);
      if (here.size > waiting)
        await new Promise<void>((resolve) => {
          here.room = resolve;
        });
    },
    end: (stop) => end(true, stop),
    rest: (stop) => end(false, stop),
    untaken() {
      const given = untaken;
      untaken = [];
      return given;
    },
  };
}

/** A stop that comes after `ms` of the clock, or when released. */
export function deadline(clock: Clock, ms: number): { stop: AbortSignal; release: () => void } {
  const late = new AbortController();
  const waiting = new AbortController();
  clock.sleep(ms, waiting.signal).then(
    () => late.abort(),
    () => undefined,
  );
  // a reason of its own spares an error with its stack each time
  return { stop: late.signal, release: () => waiting.abort(null) };
}
