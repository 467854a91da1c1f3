import type { Feedback, SessionAnswer, SessionRequest, SessionState } from '../wire/coach.ts';
import { browser } from './surroundings.ts';
import { Trouble } from './trouble.ts';

/** A session as its owner knows it: enough to come back to it after a reload. */
export type Session = { readonly base: string; readonly id: string; readonly token: string; readonly socket: string; readonly greeting: string };

/** Opens a session at the service of `base`, such as `https://aside.example`, with a key where the service asks for one. */
export async function openSession(base: string, request: SessionRequest, key?: string, around = browser): Promise<Session> {
  const answer = await ask<SessionAnswer>(base, '/session', 'POST', key, request, around);
  return { base, id: answer.session_id, token: answer.token, socket: answer.ws_url, greeting: answer.message };
}

/** Ends the session and brings its feedback; asked again, it is the same feedback. */
export const finish = (session: Session, around = browser): Promise<Feedback> =>
  ask(session.base, `/session/${session.id}/finish`, 'POST', session.token, undefined, around);

/** Where the session stands. */
export const stateOf = (session: Session, around = browser): Promise<SessionState> =>
  ask(session.base, `/session/${session.id}`, 'GET', session.token, undefined, around);

/** A recording of the session, where its sound was kept. */
export type Recording = { readonly number: number; readonly format: string; readonly path: string };

/** Which sound of the session was kept. */
export const recordingsOf = async (session: Session, around = browser): Promise<readonly Recording[]> =>
  (await ask<{ recordings: readonly Recording[] }>(session.base, `/session/${session.id}/recordings`, 'GET', session.token, undefined, around))
    .recordings;

/** One recording as it was kept. */
export async function soundOf(session: Session, { path }: Recording, around = browser): Promise<Blob> {
  const response = await around.fetch(new URL(path, session.base), { headers: { authorization: `Bearer ${session.token}` } });
  if (response.ok) return response.blob();
  throw new Trouble('sound_gone', 'This recording is not there any more.');
}

/** Erases the session for good. */
export async function erase(session: Session, around = browser): Promise<void> {
  await ask(session.base, `/session/${session.id}`, 'DELETE', session.token, undefined, around);
}

async function ask<T>(base: string, path: string, method: string, token: string | undefined, body: object | undefined, around = browser): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (token) headers.authorization = `Bearer ${token}`;
  if (body) headers['content-type'] = 'application/json';
  let response: Response;
  try {
    response = await around.fetch(new URL(path, base), { method, headers, ...(body && { body: JSON.stringify(body) }) });
  } catch (cause) {
    throw new Trouble('unreachable', 'Aside does not answer.', { cause });
  }
  const answer = (await response.json().catch(() => ({}))) as { detail?: string; code?: string };
  if (response.ok) return answer as T;
  throw new Trouble(
    answer.code ?? 'unreachable',
    answer.detail ?? `Aside could not do that (it answered ${response.status}). Try again in a moment.`,
  );
}
