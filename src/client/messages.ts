import type { ClientMessage, Feedback, ServerMessage, SessionRequest, SessionState } from '../wire/coach.ts';

/** One kind of what the service says, with only its own fields. */
export type Told<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;

export type { ClientMessage, Feedback, ServerMessage, SessionRequest, SessionState };
