import type { Budgets } from '../core/budgets.ts';
import type { Conversation } from '../core/conversation.ts';
import type { Meter } from '../core/meter.ts';
import { type Chunk, type Clock, type Recorded, unnumbered } from '../core/ports.ts';
import { asProblem, Problem } from '../core/problem.ts';
import { neverHeard } from '../core/unheard.ts';
import { isAgreed, isOver, isPaused } from '../core/views.ts';
import { deadline, type ListenAgain, microphone } from './microphone.ts';
import type { KeptChunk, Tape } from './tape.ts';
import { uplink } from './uplink.ts';

export type SoundParts = {
  listen: (talk: Conversation, pieces: AsyncIterable<Recorded>, stop: AbortSignal) => Promise<void>;
  listenAgain: ListenAgain;
  tape: Tape;
  clock: Clock;
  budgets: Budgets;
  meter?: Meter;
};

/** Whom to tell what becomes of the sound: that it cannot be heard or kept, and up to which piece it is kept. */
export type Told = { trouble(problem: Problem): void; kept(chunk: number): void };

/** The way of a session's sound to its ear. */
export interface SoundWay {
  /** Resolves when nothing of an earlier connection is still being heard. */
  readonly ready: Promise<unknown>;
  /** The last piece that need not be sent again; nothing where pieces have no numbers. */
  readonly received: number | undefined;
  /** A recorder comes that was never here: nobody brings what is missing before what is kept. */
  passHoles(): Promise<void>;
  /** Takes one binary frame; answers with the number from which to send again. */
  take(frame: Uint8Array): Promise<number | undefined>;
  /** The client no longer has what was recorded before this piece. */
  skip(before: number, at: number): Promise<void>;
  /** Nothing more will come: resolves when everything heard is written down, or it is too late. */
  end(stop?: AbortSignal): Promise<void>;
  /** Lets go of what was heard but is not written down yet: it must never be. */
  forget(): Promise<void>;
  /** The socket is gone. */
  leave(): Promise<void>;
  /** The process is going away. */
  drain(stop: AbortSignal): Promise<void>;
}

/** A way that outlives its sockets. */
type Numbered = SoundWay & { readonly talk: Conversation; readonly used: boolean; comeBack(told: Told): void; drop(): Promise<void> };

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

const notKept = 'The sound could not be kept, so the recording has a hole here. What is said is still heard and written down.';

const nobody: Told = { trouble: () => undefined, kept: () => undefined };

/** Brings the sound of every session to one ear at a time, whichever socket it comes from. */
export function soundWays({ listen, listenAgain, tape, clock, budgets, meter }: SoundParts) {
  const ways = new Map<string, SoundWay | Numbered>();
  const lastPlain = new WeakMap<Conversation, number>();
  const waiting = budgets.waitingSound;

  /** Whoever is gone has its last words written down; an ear that never comes to its end is let go. */
  async function heardOut(end: (stop: AbortSignal) => Promise<void>): Promise<void> {
    const late = deadline(clock, budgets.heardOut);
    await end(late.stop);
    late.release();
  }

  /** Keeps a piece if it may be kept; where the disk does not take it, it is heard all the same. */
  function keeping(talk: Conversation, told: Told): (piece: KeptChunk) => Promise<boolean> {
    let failed = false;
    return async (piece) => {
      try {
        const kept = await tape.keep(talk, piece);
        failed &&= !kept;
        return kept;
      } catch (error) {
        if (!failed) told.trouble(asProblem(error, 'storage_failed', notKept));
        failed = true;
        return false;
      }
    };
  }

  /** As it comes: what the socket loses is lost. */
  function plain(talk: Conversation, older: SoundWay | undefined, told: Told): SoundWay {
    const keep = keeping(talk, told);
    let before = older;
    const ready = older?.end().then(() => {
      before = undefined;
    });
    const age = () => clock.now() - Date.parse(talk.entries[0]?.at ?? '');
    const mic = microphone<KeptChunk>({
      listen: (pieces, _isComplete, stop) => listen(talk, pieces, stop),
      sizeOf: ({ bytes }) => bytes.length,
      tellTrouble: told.trouble,
      waiting,
      meter,
    });
    // what an earlier connection left is heard out before this one is over
    const end = async (stop?: AbortSignal) => {
      await Promise.all([before?.end(stop), mic.end(stop)]);
      const left = mic.untaken();
      const [first, last] = [left[0], left.at(-1)];
      if (first && last) await talk.append(neverHeard({ from: first.at, to: last.at })).catch(() => undefined);
    };
    const way: SoundWay = {
      ready: ready ?? Promise.resolve(),
      received: undefined,
      passHoles: async () => undefined,
      async take(frame) {
        const at = age();
        // more may come in a moment than it has milliseconds, and the next socket must not begin among them
        const no = Math.max((lastPlain.get(talk) ?? 0) + 1, unnumbered + Math.round(at));
        lastPlain.set(talk, no);
        const piece = { no, at, bytes: frame, off: isPaused(talk.entries) };
        await keep(piece);
        await mic.hear(piece);
        return undefined;
      },
      async skip() {
        throw new Problem('invalid', 'The sound of this connection has no numbers, so none can be missing.');
      },
      end,
      drain: end,
      async forget() {
        await mic.end(AbortSignal.abort());
        mic.untaken();
        await end(AbortSignal.abort());
      },
      async leave() {
        await heardOut(end);
        if (ways.get(talk.id) === way) ways.delete(talk.id);
      },
    };
    return way;
  }

  /** In numbered pieces: what was not heard is sent again, over this socket or another. */
  function numbered(talk: Conversation, older: Promise<unknown>, first: Told): Numbered {
    let now = first;
    let away: AbortController | undefined;
    let used = first !== nobody;
    let resting: Promise<unknown> = older;
    const told: Told = { trouble: (problem) => now.trouble(problem), kept: (chunk) => now.kept(chunk) };
    const up = uplink(talk, {
      listen: listenAgain,
      tellTrouble: told.trouble,
      keep: keeping(talk, told),
      kept: (after) => tape.pieces(talk.id, after),
      tellKept: told.kept,
      clock,
      waiting,
      disorder: budgets.disorder,
      meter,
    });
    const way: Numbered = {
      talk,
      get used() {
        return used;
      },
      drop: up.drop,
      get ready() {
        return resting.then(() => up.goOn());
      },
      get received() {
        return up.received;
      },
      passHoles: up.passHoles,
      take: (frame) => up.take(chunkOf(frame)),
      skip: up.skip,
      end: up.end,
      forget: up.forget,
      // whoever is connected sends again what was not heard to its end; nobody else can
      drain: (stop) => (away ? up.rest(stop) : up.drop()),
      comeBack(next) {
        away?.abort();
        away = undefined;
        used = true;
        now = next;
        up.greet();
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
    attach(talk: Conversation, isNumbered: boolean, told: Told): SoundWay {
      const older = ways.get(talk.id);
      const outlived = older && 'comeBack' in older ? older : undefined;
      if (isNumbered && outlived?.talk === talk) {
        outlived.comeBack(told);
        return outlived;
      }
      // what leads to a conversation that was read anew since leads nowhere: what it had not written down is sent again
      const before = outlived && outlived.talk !== talk ? outlived.drop() : older?.end();
      const way = isNumbered ? numbered(talk, before ?? Promise.resolve(), told) : plain(talk, older, told);
      ways.set(talk.id, way);
      return way;
    },
    /** Ends the microphone of a session and waits until what was heard is written down. */
    async end(id: string, stop?: AbortSignal): Promise<void> {
      await ways.get(id)?.end(stop);
    },
    /** The same for a session that is finished: it waits for the last words, and longer for kept sound that a crash left unheard. */
    async flush(talk: Conversation): Promise<void> {
      const found = ways.get(talk.id);
      const way = found && 'talk' in found && found.talk !== talk ? undefined : found;
      const left = way || isOver(talk.entries) || !isAgreed(talk.entries) ? undefined : numbered(talk, Promise.resolve(), nobody);
      // whoever comes back meanwhile goes on with the same ear, or words would be heard twice
      if (left) ways.set(talk.id, left);
      const late = deadline(clock, left ? budgets.keptWords : budgets.lastWords);
      await (way ?? left)?.end(late.stop);
      late.release();
      if (left && !left.used && ways.get(talk.id) === left) ways.delete(talk.id);
    },
    /** Writes down what only this process knows: it is going away. */
    async drain(stop: AbortSignal): Promise<void> {
      await Promise.all([...ways.values()].map((way) => way.drain(stop)));
    },
  };
}
