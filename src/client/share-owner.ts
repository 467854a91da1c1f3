import { ask } from './ask.ts';
import type { ShareAt, ShownMessage } from './share.ts';

const pathOf = (room: string, more = '') => `/api/conversations/${encodeURIComponent(room)}${more}`;

/** To whom a conversation is opened by a link of their own: what they may do there, and for how many seconds. */
export type Inviting = { readonly role: 'talk' | 'watch'; readonly expires_in_seconds: number };
export type Invitation = { readonly invitation: string; readonly link: string; readonly expires_at: string };

/** Makes a link for somebody; only whoever opened the conversation can. */
export const invite = ({ base, key }: ShareAt, room: string, inviting: Inviting): Promise<Invitation> =>
  ask(base, pathOf(room, '/invitations'), { method: 'POST', key, body: inviting });

/** Takes a link back: whoever came in by it is out. */
export const uninvite = ({ base, key }: ShareAt, room: string, invitation: string): Promise<object> =>
  ask(base, pathOf(room, `/invitations/${encodeURIComponent(invitation)}`), { method: 'DELETE', key });

/** Erases a conversation for good; only whoever opened it can. */
export const eraseConversation = ({ base, key }: ShareAt, room: string): Promise<object> => ask(base, pathOf(room), { method: 'DELETE', key });

/** A message in which something was found, and where. */
export type FoundMessage = ShownMessage & { readonly snippet: string };

/** The messages of a conversation in which all these words stand, the newest first. */
export const searchIn = async ({ base, key }: ShareAt, room: string, words: string): Promise<readonly FoundMessage[]> =>
  (await ask<{ results: readonly FoundMessage[] }>(base, pathOf(room, `/search?q=${encodeURIComponent(words)}`), { key })).results;
