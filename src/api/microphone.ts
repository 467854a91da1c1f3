import type { Conversation } from '../core/conversation.ts';
import { type Channel, channel } from '../core/flow.ts';
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

type Listening = { open: boolean; bytes: Channel<Uint8Array>; control: AbortController; size: number; room: (() => void) | undefined };

/** Bytes that may wait for the ear before the socket is paused. */
const limit = 1_048_576;

/** Gives a conversation its microphone; `tellTrouble` reaches whoever is speaking into it. */
export function microphone(talk: Conversation, listen: Listen, tellTrouble: (problem: Problem) => void): Microphone {
  const running = new Set<Listening>();
  let newest: Listening | undefined;
  let before: Promise<void> = Promise.resolve();

  async function run(here: Listening): Promise<void> {
    async function* taken() {
      for await (const chunk of here.bytes) {
        here.size -= chunk.length;
        here.room?.();
        yield chunk;
      }
    }
    try {
      await listen(talk, taken(), here.control.signal);
    } catch (error) {
      const sentence = 'Listening has stopped because of a fault in the service. Start the microphone again; what was said before is kept.';
      if (!here.control.signal.aborted) tellTrouble(asProblem(error, 'ears_failed', sentence));
    } finally {
      running.delete(here);
      here.open = false;
      here.bytes.end();
      here.room?.();
    }
  }

  function start(): Listening {
    const here: Listening = { open: true, bytes: channel(), control: new AbortController(), size: 0, room: undefined };
    running.add(here);
    // one ear at a time: words stay in the order in which they were spoken
    before = before.then(() => run(here));
    return here;
  }

  return {
    async hear(bytes) {
      if (!newest?.open) newest = start();
      const here = newest;
      here.size += bytes.length;
      here.bytes.offer(bytes);
      if (here.size > limit)
        await new Promise<void>((resolve) => {
          here.room = resolve;
        });
    },
    async end(stop) {
      // what comes from now on belongs to the next recorder
      if (newest) newest.open = false;
      newest?.bytes.end();
      const late = () => {
        for (const here of running) here.control.abort();
      };
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
