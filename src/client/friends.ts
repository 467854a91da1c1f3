import type { TokenAnswer } from '../wire/tokens.ts';
import { ask } from './ask.ts';
import type { Session } from './session.ts';

/** A friend whom the wearer lets in: to say something into their ear, or only to follow; as whom the wearer is told. */
export type Inviting = { readonly role: 'whisper' | 'watch'; readonly name?: string | undefined };

/** Makes the token with which a friend follows a session; its `grant` is what they are sent away by. */
export const inviteFriend = (session: Session, inviting: Inviting): Promise<TokenAnswer> =>
  ask(session.base, `/session/${session.id}/tokens`, { method: 'POST', key: session.token, body: inviting });

/** A ticket with which a friend comes in once. */
export const ticketFor = async (session: Session): Promise<string> =>
  (await ask<{ ticket: string }>(session.base, `/session/${session.id}/ticket`, { method: 'POST', key: session.token })).ticket;

/** Sends a friend away: their token is worth nothing any more. */
export const sendAway = (session: Session, grant: string): Promise<object> =>
  ask(session.base, `/session/${session.id}/tokens/${encodeURIComponent(grant)}`, { method: 'DELETE', key: session.token });
