import type { Problem } from './problem.ts';

/** What a coach elsewhere is told when it comes in: how it shall behave, what the talk is about by name, and all that was said so far. */
export type Introduction = {
  readonly instructions: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly language?: string;
  readonly past: string;
};

/** A turn to be answered: its words as they stand in the log, and as they may be told to those who did not hear them. */
export type GuestTurn = { readonly words: string; readonly told: string };

/** A coach elsewhere that hears a conversation for itself, answers every turn of it, and may speak with a voice of its own. */
export interface Guest {
  readonly name: string;
  /** Sits in a conversation until stopped; each time it comes in it is introduced. */
  sit(talk: string, know: () => Introduction, stop: AbortSignal): GuestSeat;
}

/** The place of such a coach in one conversation. */
export interface GuestSeat {
  /** Why it cannot be asked just now. */
  readonly trouble: Problem | undefined;
  /** What it says to a turn; one that it did not hear is told to it hereby. Throws a Problem where it cannot. */
  answer(turn: GuestTurn, stop: AbortSignal): Promise<string>;
  /** Tells it what needs no answer, where it is there to hear it. */
  tell(text: string): void;
  /** Sends it out: it knows nothing any more, and is introduced anew when it is needed again. */
  leave(): void;
}
