import type { Conversation } from '../core/conversation.ts';
import type { Meter } from '../core/meter.ts';
import type { Chunk, Clock } from '../core/ports.ts';
import type { Problem } from '../core/problem.ts';
import { heardSoFar } from '../core/views.ts';
import { type Microphone, microphone } from './microphone.ts';

/** Listens to numbered pieces of sound; `onHeard` is told up to where everything in them is in the log. */
export type ListenAgain = (
  talk: Conversation,
  pieces: AsyncIterable<Chunk>,
  numbered: { onHeard: (chunk: number, to: number) => void; isComplete: () => boolean },
  stop: AbortSignal,
) => Promise<void>;

/** The numbered sound of one session, over any number of sockets: every piece is taken once and in order, and stays the client's until it is heard. */
export interface Uplink extends Omit<Microphone<Chunk>, 'hear' | 'open'> {
  /** The last piece that need not be sent again as things stand. */
  readonly received: number;
  /** Takes a piece; answers with the number from which everything must be sent again, if this one cannot follow what is here. */
  take(piece: Chunk): Promise<number | undefined>;
  /** The client no longer has what was recorded before this piece. */
  skip(before: number, at: number): Promise<void>;
  /** Lets go of what is not in the log yet: it will be sent again. */
  drop(): Promise<void>;
}

export type UplinkParts = {
  listen: ListenAgain;
  tellTrouble: (problem: Problem) => void;
  clock: Clock;
  /** Bytes that may wait for the ear. */
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

const lost = (ms: number) =>
  `${ms >= 1_000 ? `${Math.round(ms / 1_000)} s` : 'Some'} of sound from your microphone never arrived and will be missing from the transcript. What came before and after is kept.`;
const poison =
  'Some sound from your microphone could not be listened to, though it was tried again; what was said in it is missing from the transcript.';

/** Gives a session its numbered sound, from where its log says that hearing stood. */
export function uplink(talk: Conversation, parts: UplinkParts): Uplink {
  const early = new Map<number, Chunk>();
  let received = heardSoFar(talk.entries).chunk;
  let told = { seq: talk.entries.length, to: heardSoFar(talk.entries).to };
  let resting = 0;
  let failures = { at: -1, count: 0 };

  const note = (chunk: number, to: number) => {
    const words = talk.entries.slice(told.seq).some(({ type }) => type === 'said');
    if (!words && to < told.to + silence && !closing) return;
    told = { seq: talk.entries.length, to };
    // what cannot be noted is heard once more
    talk.append({ by: 'ear', type: 'heard', chunk, to }).catch(() => undefined);
  };
  let closing = false;

  const mic = microphone<Chunk>({
    listen: (pieces, isComplete, stop) => parts.listen(talk, pieces, { onHeard: note, isComplete }, stop),
    sizeOf: ({ bytes }) => bytes.length,
    waiting: parts.waiting,
    meter: parts.meter,
    tellTrouble(problem) {
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
    talk.append({ by: 'ear', type: 'failed', part: 'microphone', code: 'sound_lost', message: poison }).catch(() => undefined);
    talk.append({ by: 'ear', type: 'heard', chunk: received, to }).catch(() => undefined);
  }

  /** Where an ear that begins now goes on. */
  const expected = () => {
    if (!mic.open) received = heardSoFar(talk.entries).chunk;
    return received + 1;
  };

  async function close(how: () => Promise<void>): Promise<void> {
    closing = true;
    await how();
    closing = false;
    early.clear();
  }

  return {
    get received() {
      return expected() - 1;
    },
    async take(piece) {
      const next = expected();
      if (parts.clock.now() < resting || piece.no < next) return undefined;
      if (piece.no > next) {
        early.set(piece.no, piece);
        if (early.size <= parts.disorder && early.size > 1) return undefined;
        if (early.size > parts.disorder) early.clear();
        return next;
      }
      for (let following: Chunk | undefined = piece; following; following = early.get(received + 1)) {
        early.delete(following.no);
        received = following.no;
        await mic.hear(following);
      }
      return undefined;
    },
    async skip(before, claimed) {
      if (before <= expected()) return;
      await mic.rest();
      const { to } = heardSoFar(talk.entries);
      const at = Math.max(to, Math.min(claimed, parts.clock.now() - Date.parse(talk.entries[0]?.at ?? '')));
      await talk.append({ by: 'ear', type: 'failed', part: 'microphone', code: 'sound_lost', message: lost(at - to) });
      await talk.append({ by: 'ear', type: 'heard', chunk: before - 1, to: at });
    },
    end: (stop) => close(() => mic.end(stop)),
    rest: (stop) => close(() => mic.rest(stop)),
    drop: () => close(() => mic.rest(AbortSignal.abort())),
  };
}
