import type { Budgets } from '../core/budgets.ts';
import type { Conversation } from '../core/conversation.ts';
import type { Clock, Recorded } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { isOver } from '../core/views.ts';
import { allows, type Pass } from './access.ts';
import type { Guest } from './chat.ts';
import { complain } from './complaint.ts';
import type { Line } from './line.ts';
import { deadline, microphone } from './microphone.ts';

/** Listens to what one of those in a chat sends from a microphone of their own. */
export type ListenTo = (talk: Conversation, by: string, pieces: AsyncIterable<Recorded>, stop: AbortSignal) => Promise<void>;

export type ChatMicrophoneParts = {
  /** Nobody listens where it is not there. */
  listenTo?: ListenTo | undefined;
  clock: Clock;
  budgets: Budgets;
};

/** Somebody's microphone, for as long as they are connected. */
export interface ChatMicrophone {
  /** Takes one binary frame; resolves when there is room for more. */
  take(frame: Uint8Array): Promise<void>;
  /** Nothing more comes for now: resolves when everything heard is written down, or it is too late. */
  end(stop?: AbortSignal): Promise<void>;
  /** Whoever had it has left. */
  gone(): void;
}

const noRecogniser = 'This server has no recogniser of its own, so it does not hear what you say. Write it, or run npm run ears on the server.';
const numbered = 'Sound with numbers is for coached sessions, so it was not heard. Connect without a subprotocol and send the sound as it comes.';
const watchOnly = 'You may follow this conversation but not take part in it, so your microphone was not heard.';
const over = 'This conversation is finished, so the sound was not heard.';

/** Gives each connection of a chat its microphone. */
export function chatMicrophones({ listenTo, clock, budgets }: ChatMicrophoneParts) {
  const open = new Set<ChatMicrophone>();
  return {
    of({ talk, role }: Pass, guest: Guest, line: Line): ChatMicrophone {
      const mic = microphone<Recorded>({
        listen: async (pieces, _isComplete, stop) => listenTo?.(talk, guest.id, pieces, stop),
        sizeOf: ({ bytes }) => bytes.length,
        tellTrouble: (problem) => complain(line, problem),
        waiting: budgets.waitingSound,
        meter: line.meter,
      });
      let refused = false;
      const refusal = () => {
        if (!allows(role, 'speak')) return new Problem('forbidden', watchOnly);
        if (line.numbered) return new Problem('invalid', numbered);
        if (isOver(talk.entries)) return new Problem('session_finished', over);
        return listenTo ? undefined : new Problem('no_recogniser', noRecogniser);
      };
      const own: ChatMicrophone = {
        async take(frame) {
          const why = refusal();
          // said once: a microphone sends on for a while
          if (why && !refused) complain(line, why);
          refused = why !== undefined;
          if (!why) await mic.hear({ bytes: frame });
        },
        async end(stop) {
          const late = deadline(clock, budgets.heardOut);
          await mic.end(stop ? AbortSignal.any([stop, late.stop]) : late.stop);
          late.release();
        },
        gone: () => void open.delete(own),
      };
      open.add(own);
      return own;
    },
    /** Everybody is sent away: resolves when what they said is written down, or it is too late. */
    async drain(): Promise<void> {
      const late = deadline(clock, budgets.drainWords);
      await Promise.all([...open].map((mic) => mic.end(late.stop)));
      late.release();
    },
  };
}
