import type { CorrectionRequest, Feedback, SessionAnswer, SessionRequest, SessionState } from '../wire/coach.ts';
import { ask } from './ask.ts';
import { browser } from './surroundings.ts';
import { Trouble } from './trouble.ts';

/** A session as its owner knows it: enough to come back to it after a reload. */
export type Session = { readonly base: string; readonly id: string; readonly token: string; readonly socket: string; readonly greeting: string };

/** Opens a session at the service of `base`, such as `https://aside.example`, with a key where the service asks for one. */
export async function openSession(base: string, request: SessionRequest, key?: string, around = browser): Promise<Session> {
  const answer = await ask<SessionAnswer>(base, '/session', { method: 'POST', key, body: request }, around);
  return { base, id: answer.session_id, token: answer.token, socket: answer.ws_url, greeting: answer.message };
}

/** Ends the session and brings its feedback; asked again, it is the same feedback. */
export const finish = (session: Session, around = browser): Promise<Feedback> =>
  ask(session.base, `/session/${session.id}/finish`, { method: 'POST', key: session.token }, around);

/** Where the session stands. */
export const stateOf = (session: Session, around = browser): Promise<SessionState> =>
  ask(session.base, `/session/${session.id}`, { key: session.token }, around);

/** A recording of the session, where its sound was kept; it begins at `from`, in ms of the session. */
export type Recording = { readonly number: number; readonly format: string; readonly from: number; readonly path: string };

/** Which sound of the session was kept. */
export const recordingsOf = async (session: Session, around = browser): Promise<readonly Recording[]> =>
  (await ask<{ recordings: readonly Recording[] }>(session.base, `/session/${session.id}/recordings`, { key: session.token }, around)).recordings;

/** One recording as it was kept. */
export async function soundOf(session: Session, { path }: Recording, around = browser): Promise<Blob> {
  const response = await around.fetch(new URL(path, session.base), { headers: { authorization: `Bearer ${session.token}` } });
  if (response.ok) return response.blob();
  throw new Trouble('sound_gone', 'This recording is not there any more.');
}

/** Says who it really was or what was really said in a line; the feedback that `finish` brings then follows from it. */
export async function correct(session: Session, correction: CorrectionRequest, around = browser): Promise<void> {
  await ask(session.base, `/session/${session.id}/corrections`, { method: 'POST', key: session.token, body: correction }, around);
}

/** Erases the session for good. */
export async function erase(session: Session, around = browser): Promise<void> {
  await ask(session.base, `/session/${session.id}`, { method: 'DELETE', key: session.token }, around);
}

/** Where the socket of a session is, behind what is known already; a page that came over https may only open secure ones. */
export function socketOf(session: Session, after: number, epoch: string | undefined, isNew: boolean): string {
  const address = new URL(session.socket);
  if (session.base.startsWith('https:')) address.protocol = 'wss:';
  address.searchParams.set('after', String(after));
  if (epoch !== undefined) address.searchParams.set('epoch', epoch);
  if (isNew) address.searchParams.set('recorder', 'new');
  return address.href;
}
