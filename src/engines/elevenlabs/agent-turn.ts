import { channel } from '../../core/flow.ts';
import type { Clock } from '../../core/ports.ts';

/** One turn that an agent has heard, and what it makes of it. */
export type AgentTurn = {
  /** What was said in it, as it was written down. */
  words: string;
  /** What the agent says to it; nothing where it went on without. Rejects where its line ended before. */
  readonly answer: Promise<string | undefined>;
  /** What it says, once that is there. */
  readonly text: string | undefined;
  /** How that sounds; one reader. */
  readonly sound: AsyncIterable<Uint8Array>;
  /** The agent stopped because somebody spoke, or so it believes: what is missing is nobody's fault. */
  readonly interrupted: boolean;
  says(text: string): void;
  sounds(bytes: Uint8Array, letters: string | undefined): void;
  interrupt(): void;
  /** Nothing more of it will come. */
  end(problem?: Error): void;
};

/** An answer of which nothing more has come for so long has been spoken, in ms: no message says so. */
const gap = 700;
/** Sound beyond this is kept by nobody, in bytes. */
const most = 4_000_000;

const bare = (text: string): string => text.replace(/\s+/g, '');

/** Makes a turn. */
export function agentTurn(words: string, clock: Clock): AgentTurn {
  const answer = Promise.withResolvers<string | undefined>();
  answer.promise.catch(() => undefined);
  const sound = channel<Uint8Array>();
  let text: string | undefined;
  let spoken = '';
  let held = 0;
  let interrupted = false;
  let waiting = new AbortController();

  /** The last piece is only known by its letters, or because nothing follows. */
  const awaitMore = () => {
    waiting.abort();
    if (text === undefined || held === 0) return;
    if (bare(spoken) === bare(text)) return sound.end();
    waiting = new AbortController();
    clock.sleep(gap, waiting.signal).then(
      () => sound.end(),
      () => undefined,
    );
  };
  return {
    words,
    answer: answer.promise,
    sound,
    get text() {
      return text;
    },
    get interrupted() {
      return interrupted;
    },
    says(what) {
      // of several answers the first counts
      text ??= what;
      answer.resolve(text);
      awaitMore();
    },
    sounds(bytes, letters) {
      if (bytes.length === 0 || held > most) return;
      held += bytes.length;
      spoken += letters ?? '';
      sound.offer(bytes);
      awaitMore();
    },
    interrupt() {
      interrupted = true;
      waiting.abort();
      sound.end();
    },
    end(problem) {
      waiting.abort();
      interrupted ||= problem === undefined;
      if (problem) answer.reject(problem);
      else answer.resolve(undefined);
      sound.end(problem);
    },
  };
}
