import type { Budgets } from '../core/budgets.ts';
import type { Conversation } from '../core/conversation.ts';
import type { Meter } from '../core/meter.ts';
import type { Chunk, Clock } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { deadline, microphone } from './microphone.ts';
import { type ListenAgain, uplink } from './uplink.ts';

export type SoundParts = {
  listen: (talk: Conversation, bytes: AsyncIterable<Uint8Array>, stop: AbortSignal) => Promise<void>;
  listenAgain: ListenAgain;
  clock: Clock;
  budgets: Budgets;
  meter?: Meter;
};

type TellTrouble = (problem: Problem) => void;

/** The way of a session's sound to its ear. */
export interface SoundWay {
  /** Resolves when nothing of an earlier connection is still being heard. */
  readonly ready: Promise<unknown>;
  /** The last piece that need not be sent again; nothing where pieces have no numbers. */
  readonly received: number | undefined;
  /** Takes one binary frame; answers with the number from which to send again. */
  take(frame: Uint8Array): Promise<number | undefined>;
  /** The client no longer has what was recorded before this piece. */
  skip(before: number, at: number): Promise<void>;
  /** Nothing more will come: resolves when everything heard is written down, or it is too late. */
  end(stop?: AbortSignal): Promise<void>;
  /** The socket is gone. */
  leave(): Promise<void>;
  /** The process is going away. */
  drain(stop: AbortSignal): Promise<void>;
}

/** A way that outlives its sockets. */
type Numbered = SoundWay & { comeBack(tell: TellTrouble): void };

/** Before the sound of a numbered frame stand its number and when it was recorded, in ms of the session: four bytes each, the highest first. */
const head = 8;

function chunkOf(frame: Uint8Array): Chunk {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.byteLength > head && view.getUint32(0) > 0) return { no: view.getUint32(0), at: view.getUint32(4), bytes: frame.subarray(head) };
  throw new Problem(
    'unreadable',
    'That piece of sound has no number, so it was not taken. Put eight bytes before it: its number, from 1 on, and its time.',
  );
}

/** Brings the sound of every session to one ear at a time, whichever socket it comes from. */
export function soundWays({ listen, listenAgain, clock, budgets, meter }: SoundParts) {
  const ways = new Map<string, SoundWay | Numbered>();
  const waiting = budgets.waitingSound;

  /** Whoever is gone has its last words written down; an ear that never comes to its end is let go. */
  async function heardOut(end: (stop: AbortSignal) => Promise<void>): Promise<void> {
    const late = deadline(clock, budgets.heardOut);
    await end(late.stop);
    late.release();
  }

  /** As it comes: what the socket loses is lost. */
  function plain(talk: Conversation, older: SoundWay | undefined, tellTrouble: TellTrouble): SoundWay {
    let before = older;
    const ready = older?.end().then(() => {
      before = undefined;
    });
    const mic = microphone<Uint8Array>({
      listen: (pieces, _isComplete, stop) => listen(talk, pieces, stop),
      sizeOf: (bytes) => bytes.length,
      tellTrouble,
      waiting,
      meter,
    });
    // what an earlier connection left is heard out before this one is over
    const end = async (stop?: AbortSignal) => void (await Promise.all([before?.end(stop), mic.end(stop)]));
    const way: SoundWay = {
      ready: ready ?? Promise.resolve(),
      received: undefined,
      async take(frame) {
        await mic.hear(frame);
        return undefined;
      },
      async skip() {
        throw new Problem('invalid', 'The sound of this connection has no numbers, so none can be missing.');
      },
      end,
      drain: end,
      async leave() {
        await heardOut(end);
        if (ways.get(talk.id) === way) ways.delete(talk.id);
      },
    };
    return way;
  }

  /** In numbered pieces: what was not heard is sent again, over this socket or another. */
  function numbered(talk: Conversation, older: Promise<unknown>, first: TellTrouble): Numbered {
    let tell = first;
    let away: AbortController | undefined;
    let resting: Promise<unknown> = older;
    const up = uplink(talk, { listen: listenAgain, tellTrouble: (problem) => tell(problem), clock, waiting, disorder: budgets.disorder, meter });
    const way: Numbered = {
      get ready() {
        return resting;
      },
      get received() {
        return up.received;
      },
      take: (frame) => up.take(chunkOf(frame)),
      skip: up.skip,
      end: up.end,
      // whoever is connected sends again what was not heard to its end; nobody else can
      drain: (stop) => (away ? up.rest(stop) : up.drop()),
      comeBack(next) {
        away?.abort();
        away = undefined;
        tell = next;
      },
      async leave() {
        const here = new AbortController();
        away = here;
        const over = await clock.sleep(budgets.returning, here.signal).then(
          () => true,
          () => false,
        );
        if (!over) return;
        resting = heardOut(up.rest);
        await resting;
        if (away === here && ways.get(talk.id) === way) ways.delete(talk.id);
      },
    };
    return way;
  }

  return {
    /** Gives a new socket of the session its way. */
    attach(talk: Conversation, isNumbered: boolean, tell: TellTrouble): SoundWay {
      const older = ways.get(talk.id);
      if (isNumbered && older && 'comeBack' in older) {
        older.comeBack(tell);
        return older;
      }
      const way = isNumbered ? numbered(talk, older?.end() ?? Promise.resolve(), tell) : plain(talk, older, tell);
      ways.set(talk.id, way);
      return way;
    },
    /** Ends the microphone of a session and waits until what was heard is written down. */
    async end(id: string, stop?: AbortSignal): Promise<void> {
      await ways.get(id)?.end(stop);
    },
    /** Writes down what only this process knows: it is going away. */
    async drain(stop: AbortSignal): Promise<void> {
      await Promise.all([...ways.values()].map((way) => way.drain(stop)));
    },
  };
}
