import type { Conversation } from '../core/conversation.ts';
import { channel } from '../core/flow.ts';
import type { Clock } from '../core/ports.ts';
import { asProblem, type Problem } from '../core/problem.ts';

/** Listens to one stream of microphone bytes until it ends. */
export type Listen = (talk: Conversation, bytes: AsyncIterable<Uint8Array>, stop: AbortSignal) => Promise<void>;

/** The microphone of one conversation: bytes in, one ear at a time. */
export interface Microphone {
  /** Hands bytes to the ear; resolves when there is room for more. */
  hear(bytes: Uint8Array): Promise<void>;
  /** The bytes have ended: resolves when everything heard is written down, or `stop` says that it is too late. */
  end(stop?: AbortSignal): Promise<void>;
}

type Listening = {
  bytes: ReturnType<typeof channel<Uint8Array>>;
  control: AbortController;
  done: Promise<void>;
  size: number;
  room: (() => void) | undefined;
};

/** Bytes that may wait for the ear before the socket is paused. */
const limit = 1_048_576;

/** Gives a conversation its microphone; `tellTrouble` reaches whoever is speaking into it. */
export function microphone(talk: Conversation, listen: Listen, tellTrouble: (problem: Problem) => void): Microphone {
  let listening: Listening | undefined;
  let before: Promise<void> = Promise.resolve();

  function start(): Listening {
    const bytes = channel<Uint8Array>();
    const control = new AbortController();
    const here: Listening = { bytes, control, done: Promise.resolve(), size: 0, room: undefined };
    async function* taken() {
      for await (const chunk of bytes) {
        here.size -= chunk.length;
        here.room?.();
        yield chunk;
      }
    }
    const run = async () => {
      try {
        await listen(talk, taken(), control.signal);
      } catch (error) {
        if (!control.signal.aborted)
          tellTrouble(
            asProblem(
              error,
              'ears_failed',
              'Listening has stopped because of a fault in the service. Start the microphone again; what was said before is kept.',
            ),
          );
      } finally {
        bytes.end();
        here.size = 0;
        here.room?.();
        if (listening === here) listening = undefined;
      }
    };
    // one ear at a time: words stay in the order in which they were spoken
    here.done = before.then(run);
    before = here.done;
    return here;
  }

  return {
    async hear(bytes) {
      listening ??= start();
      const here = listening;
      here.size += bytes.length;
      here.bytes.offer(bytes);
      if (here.size > limit)
        await new Promise<void>((resolve) => {
          here.room = resolve;
        });
    },
    async end(stop) {
      const here = listening;
      here?.bytes.end();
      const late = () => here?.control.abort();
      stop?.addEventListener('abort', late, { once: true });
      if (stop?.aborted) late();
      await before;
      stop?.removeEventListener('abort', late);
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
  return { stop: late.signal, release: () => waiting.abort() };
}
