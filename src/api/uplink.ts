import type { Conversation } from '../core/conversation.ts';
import { firstOf } from '../core/flow.ts';
import { wasForgotten } from '../core/forgetting.ts';
import type { Meter } from '../core/meter.ts';
import { type Chunk, type Clock, unnumbered } from '../core/ports.ts';
import type { Problem } from '../core/problem.ts';
import { neverArrived, neverHeard, neverUnderstood } from '../core/unheard.ts';
import { heardSoFar, isOff, isOver } from '../core/views.ts';
import { type ListenAgain, type Microphone, microphone } from './microphone.ts';
import type { KeptChunk } from './tape.ts';

/** The numbered sound of one session, over any number of sockets: every piece is taken once and in order, and stays the client's until it is heard. */
export interface Uplink extends Omit<Microphone<Chunk>, 'hear' | 'open' | 'untaken'> {
  /** The last piece that need not be sent again as things stand. */
  readonly received: number;
  /** Takes a piece; answers with the number from which everything must be sent again, if this one cannot follow what is here. */
  take(piece: Chunk): Promise<number | undefined>;
  /** Another connection brings everything again that is not received; what came too early may have been somebody else's. */
  greet(): void;
  /** The client no longer has what was recorded before this piece. */
  skip(before: number, at: number): Promise<void>;
  /** Lets go of what is not in the log yet: it will be sent again. */
  drop(): Promise<void>;
  /** Lets go of what is not in the log yet, for good. */
  forget(): Promise<void>;
  /** Where an ear begins anew, it first hears what is kept but not heard. */
  goOn(): Promise<void>;
  /** Whoever comes now has nothing of what is missing before what is kept: that is lost, and said so. */
  passHoles(): Promise<void>;
}

export type UplinkParts = {
  listen: ListenAgain;
  tellTrouble: (problem: Problem) => void;
  /** Puts a piece on disk where that is agreed; whether it did. */
  keep: (piece: KeptChunk) => Promise<boolean>;
  /** What is kept after a number. */
  kept: (after: number) => AsyncIterable<KeptChunk>;
  /** Everything up to this piece is on disk or heard. */
  tellKept: (chunk: number) => void;
  clock: Clock;
  /** Bytes that may wait for the ear, and as many for a piece that is missing. */
  waiting: number;
  /** Pieces that may come before one that is missing. */
  disorder: number;
  meter?: Meter | undefined;
};

/** Between two entries that say that silence was heard, in ms of sound. */
const silence = 5_000;
/** After a failure nothing is taken for so long, in ms. */
const pause = 1_000;
/** So often the same sound may make the ear fail before it is left out. */
const attempts = 3;

/** Gives a session its numbered sound, from where its log says that hearing stood. */
export function uplink(talk: Conversation, parts: UplinkParts): Uplink {
  const age = () => parts.clock.now() - Date.parse(talk.entries[0]?.at ?? '');
  const early = new Map<number, Chunk>();
  const earlyBytes = () => early.values().reduce((sum, { bytes }) => sum + bytes.length, 0);
  let received = heardSoFar(talk.entries).chunk;
  let told = { seq: talk.entries.length, to: heardSoFar(talk.entries).to };
  let resting = 0;
  let failures = { at: -1, count: 0 };
  let stumbled = false;
  /** When the last piece was recorded that is here. */
  let latest = 0;

  const note = (chunk: number, to: number) => {
    const words = talk.entries.slice(told.seq).some(({ type }) => type === 'said');
    if (!words && to < told.to + silence && !closing) return;
    told = { seq: talk.entries.length, to };
    // what cannot be noted is heard once more
    noted = talk.append({ by: 'ear', type: 'heard', chunk, to }).catch(() => undefined);
  };
  let closing = false;
  let ended: Promise<unknown> = Promise.resolve();
  let noted: Promise<unknown> = Promise.resolve();

  const mic = microphone<Chunk>({
    listen: (pieces, isComplete, stop) => parts.listen(talk, pieces, { onHeard: note, isComplete }, stop),
    sizeOf: ({ bytes }) => bytes.length,
    waiting: parts.waiting,
    meter: parts.meter,
    tellTrouble(problem) {
      stumbled = true;
      resting = parts.clock.now() + pause;
      const at = heardSoFar(talk.entries).chunk;
      failures = { at, count: failures.at === at ? failures.count + 1 : 1 };
      // a disk that is full is not the sound's fault
      if (problem.code.startsWith('storage')) failures.count = 0;
      if (failures.count >= attempts) leaveOut();
      parts.tellTrouble(problem);
    },
  });

  function leaveOut(): void {
    const { to } = heardSoFar(talk.entries);
    talk.append(neverUnderstood({ from: to, to: Math.max(to, latest) })).catch(() => undefined);
    talk.append({ by: 'ear', type: 'heard', chunk: received, to }).catch(() => undefined);
  }

  /** Where an ear that begins now goes on. */
  const expected = () => {
    if (!mic.open) received = Math.max(heardSoFar(talk.entries).chunk, forgotten);
    return received + 1;
  };

  const hear = (piece: KeptChunk): Promise<void> => mic.hear({ ...piece, late: Math.max(0, age() - piece.at) });

  /** An ear that begins anew first hears what is kept but not heard. */
  async function hearKept(): Promise<void> {
    for await (const piece of parts.kept(expected() - 1)) {
      if (tooLate || piece.no !== received + 1) return;
      received = piece.no;
      latest = piece.at;
      noteKept(piece.no);
      await hear(piece);
    }
  }
  let tooLate = false;
  let going: Promise<void> | undefined;
  const goOn = async () => {
    // an ear that comes to its end still has words that the log does not know of
    await ended;
    if (!mic.open && !isOver(talk.entries))
      going ??= hearKept().finally(() => {
        going = undefined;
      });
    await going;
  };

  /** The same, for as long as there is time: an ear that takes nothing more is let go. */
  async function goOnUntil(stop: AbortSignal | undefined): Promise<void> {
    const letGo = () => {
      tooLate = true;
      void mic.end(stop);
    };
    if (stop?.aborted) letGo();
    stop?.addEventListener('abort', letGo, { once: true });
    try {
      await goOn();
    } finally {
      stop?.removeEventListener('abort', letGo);
      tooLate = false;
    }
  }

  /** The pieces without a hole that were kept last. */
  let run = { from: 0, to: -1 };
  const noteKept = (no: number) => {
    if (no > run.to) run = { from: no === run.to + 1 ? run.from : no, to: no };
  };

  /** What was recorded in a time that was forgotten since is taken, and never heard. */
  let forgotten = 0;
  async function passOver(no: number): Promise<void> {
    if (mic.open) await close(() => mic.rest());
    forgotten = no;
  }
  async function notePassed(at: number): Promise<void> {
    const { chunk, to } = heardSoFar(talk.entries);
    if (forgotten > chunk) await talk.append({ by: 'ear', type: 'heard', chunk: forgotten, to: Math.max(to, at) });
  }

  /** Keeps a piece and gives it to the ear; until that is done, nobody can be told what to send. */
  let counting: Promise<unknown> = Promise.resolve();
  async function count(piece: KeptChunk): Promise<{ follows: boolean; kept: boolean; room?: Promise<void> }> {
    const kept = await parts.keep(piece);
    latest = piece.at;
    // the ear may have ended meanwhile, and then has to hear again what it had
    await goOn();
    if (piece.no > expected()) return { follows: false, kept };
    if (kept) noteKept(piece.no);
    if (piece.no < expected()) return { follows: true, kept };
    received = piece.no;
    return { follows: true, kept, room: hear(piece) };
  }

  /** Counts the connections: what an earlier one brought and nobody counted yet is not counted behind the back of a later one. */
  let connection = 0;

  /** Keeps the next piece and hears it; answers whether it could follow what is here. */
  async function follow(piece: Chunk, whose: number): Promise<boolean> {
    const { at = age() } = piece;
    if (wasForgotten(talk.entries, at)) {
      await passOver(piece.no);
      return true;
    }
    if (!mic.open) await notePassed(Math.min(at, age()));
    if (whose !== connection) return true;
    const counted = count({ ...piece, at, off: isOff(talk.entries, at) });
    counting = counted.catch(() => undefined);
    const { follows, kept, room } = await counted;
    if (!follows) return false;
    await room;
    // what came before a hole in what is kept is not safe until it is heard
    if (kept && run.from <= heardSoFar(talk.entries).chunk + 1) parts.tellKept(run.to);
    return true;
  }

  /** It is too late: what nobody took any more, from the first of it to the last that came; a store that fails just now keeps nobody from their feedback. */
  async function noteUnheard(): Promise<void> {
    let from = mic.untaken()[0]?.at;
    for await (const { at } of parts.kept(received)) {
      from ??= at;
      latest = at;
    }
    if (from !== undefined) await talk.append(neverHeard({ from, to: Math.max(from, latest) }));
  }

  async function close(how: () => Promise<void>): Promise<void> {
    closing = true;
    ended = how().then(() => noted);
    await ended;
    closing = false;
    early.clear();
  }

  async function passGap(before: number, claimed: number): Promise<void> {
    await mic.rest();
    const { to, words } = heardSoFar(talk.entries);
    // before what was said, it is our clock that is wrong
    const at = Math.max(to, age() < words ? claimed : Math.min(claimed, age()));
    await talk.append(neverArrived({ from: to, to: at }));
    await talk.append({ by: 'ear', type: 'heard', chunk: before - 1, to: at });
  }

  async function passHoles(before = unnumbered): Promise<void> {
    for (;;) {
      await goOn();
      // what is kept goes on behind what an ear is hearing: nobody else's may come under its numbers
      if (mic.open) await hearKept();
      const hole = await firstOf(parts.kept(expected() - 1));
      if (!hole || hole.no >= before || hole.no <= expected()) return;
      await passGap(hole.no, hole.at);
    }
  }

  return {
    get received() {
      return expected() - 1;
    },
    greet() {
      connection += 1;
      early.clear();
    },
    async take(piece) {
      const whose = connection;
      const rest = resting - parts.clock.now();
      // if the clock went back, nobody rests until it is there again
      if (rest > 0 && rest <= pause) return undefined;
      await goOn();
      if (whose !== connection) return undefined;
      const next = expected();
      if (piece.no < next) return undefined;
      if (piece.no > next) {
        early.set(piece.no, piece);
        const isFull = early.size > parts.disorder || earlyBytes() > parts.waiting;
        if (!isFull && early.size > 1) return undefined;
        if (isFull) early.clear();
        return next;
      }
      for (let following: Chunk | undefined = piece; following; following = early.get(received + 1)) {
        early.delete(following.no);
        if (!(await follow(following, whose))) return expected();
        if (whose !== connection) return undefined;
      }
      return undefined;
    },
    async skip(before, claimed) {
      await passHoles(before);
      if (before <= expected()) return;
      const skipped = passGap(before, claimed);
      ended = skipped.catch(() => undefined);
      await skipped;
    },
    async end(stop) {
      await goOnUntil(stop);
      stumbled = false;
      await close(() => mic.end(stop));
      if (stop?.aborted) await noteUnheard().catch(() => undefined);
      // what is kept is with nobody else: where the last of it could not be written down, it is heard once more
      if (!stumbled || stop?.aborted) return;
      await goOnUntil(stop);
      if (mic.open) await close(() => mic.end(stop));
    },
    async forget() {
      const upTo = expected() - 1;
      await close(() => mic.rest(AbortSignal.abort()));
      const { chunk, to } = heardSoFar(talk.entries);
      if (upTo > chunk) await talk.append({ by: 'ear', type: 'heard', chunk: upTo, to: Math.max(to, age()) });
    },
    goOn: () => counting.then(goOn),
    passHoles,
    rest: (stop) => close(() => mic.rest(stop)),
    drop: () => close(() => mic.rest(AbortSignal.abort())),
  };
}
