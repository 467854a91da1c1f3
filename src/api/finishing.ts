import type { Budgets } from '../core/budgets.ts';
import type { Conversation } from '../core/conversation.ts';
import type { Clock } from '../core/ports.ts';
import { deadline } from './microphone.ts';

export type FinishingParts = {
  /** Ends the microphone of a session and waits for its last words. */
  readonly flush: (talk: Conversation) => Promise<void>;
  /** Ends a session and judges it; by what is there once it is `late`. */
  readonly finish: (talk: Conversation, stop: AbortSignal, why: string | undefined, late: AbortSignal) => Promise<unknown>;
  readonly clock: Clock;
  readonly budgets: Pick<Budgets, 'finish'>;
};

/** Finishes a session in the time that all of it may take together: what hears the last words longer leaves a model less to judge them. */
export function finishing({ flush, finish, clock, budgets }: FinishingParts) {
  return async (talk: Conversation, stop: AbortSignal, why?: string): Promise<void> => {
    const late = deadline(clock, budgets.finish);
    try {
      await flush(talk);
      await finish(talk, stop, why, late.stop);
    } finally {
      late.release();
    }
  };
}
