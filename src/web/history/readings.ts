import type { Feedback, SessionState } from '../../client/messages.ts';
import { finish, stateOf } from '../../client/session.ts';
import type { Held } from '../held.ts';

/** What became of a conversation: how it stands, with its feedback where it is over, or why that is not known. */
export type Reading = { readonly held: Held } & (
  | { readonly is: 'known'; readonly state: SessionState; readonly feedback: Feedback | undefined }
  | { readonly is: 'gone' }
  | { readonly is: 'unread'; readonly thrown: unknown }
);

/** So many are asked for at once; who asks faster is sent away for a while. */
const together = 4;

const isGone = (thrown: unknown): boolean => thrown instanceof Error && 'code' in thrown && thrown.code === 'session_not_found';

async function read(held: Held): Promise<Reading> {
  try {
    const state = await stateOf(held);
    // only where it is over: to ask a running one for its feedback would end it
    const feedback = state.state === 'finished' ? await finish(held) : undefined;
    return { held, is: 'known', state, feedback };
  } catch (thrown) {
    return isGone(thrown) ? { held, is: 'gone' } : { held, is: 'unread', thrown };
  }
}

/** Reads what became of all of these, a few at a time, newest first; tells each one as it comes. */
export async function readAll(all: readonly Held[], told: (reading: Reading) => void): Promise<void> {
  const waiting = [...all];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) told(await read(next));
  };
  await Promise.all(Array.from({ length: together }, work));
}
