import type { ListedConversation, ShownConversation, ShownMessage } from '../wire/share.ts';
import { ask } from './ask.ts';
import type { Person } from './rooms.ts';
import { ioLine } from './socket-io.ts';
import type { LineState } from './steady-line.ts';
import { browser } from './surroundings.ts';
import { Trouble } from './trouble.ts';

export type { ListedConversation, ShownConversation, ShownMessage };

type Who = { readonly user_id: string; readonly username: string };

/** What a shared conversation tells. */
export type ShareNews =
  | { readonly event: 'conversation_state'; readonly data: { readonly conversation: ShownConversation; readonly room_id: string } }
  | { readonly event: 'user_joined' | 'user_left'; readonly data: Who & { readonly participant_count: number } }
  | { readonly event: 'new_message'; readonly data: ShownMessage }
  | {
      readonly event: 'message_reaction';
      readonly data: Who & { readonly message_id: string; readonly emoji: string; readonly on: boolean; readonly timestamp: string };
    }
  | { readonly event: 'user_typing'; readonly data: Who & { readonly is_typing: boolean } }
  | { readonly event: 'conversation_ended'; readonly data: { readonly room_id: string; readonly message: string } }
  | { readonly event: 'error'; readonly data: { readonly message: string; readonly code?: string } };

/** Where the conversations are, and a key of the service or the token of an invitation where there is one. */
export type ShareAt = { readonly base: string; readonly key?: string | undefined };

const pathOf = (room: string, more = '') => `/api/conversations/${encodeURIComponent(room)}${more}`;

/** A conversation that was opened here: its link for others, and the right of whoever opened it. */
export type OpenedConversation = { readonly room_id: string; readonly join_link: string; readonly token: string };

/** Opens a conversation. */
export const openConversation = ({ base, key }: ShareAt, by: string, title: string): Promise<OpenedConversation> =>
  ask(base, pathOf('create'), { method: 'POST', key, body: { user_id: by, ...(title && { title }) } });

/** The conversations that are not over. */
export const conversations = async ({ base, key }: ShareAt): Promise<readonly ListedConversation[]> =>
  (await ask<{ conversations: readonly ListedConversation[] }>(base, '/api/conversations', { key })).conversations;

/** A conversation with everything that was said in it. */
export const conversationOf = async ({ base, key }: ShareAt, room: string): Promise<ShownConversation> =>
  (await ask<{ conversation: ShownConversation }>(base, pathOf(room), { key })).conversation;

/** Ends a conversation for everybody. */
export const endConversation = ({ base, key }: ShareAt, room: string): Promise<object> => ask(base, pathOf(room, '/end'), { method: 'POST', key });

/** Hands a file round. */
export async function handRound({ base, key }: ShareAt, room: string, who: Person, file: File): Promise<void> {
  const form = new FormData();
  form.set('user_id', who.id);
  form.set('username', who.name);
  form.set('file', file);
  await ask(base, pathOf(room, '/files'), { method: 'POST', key, body: form });
}

/** A file that was handed round. */
export async function fileOf({ base, key }: ShareAt, { file }: ShownMessage, around = browser): Promise<Blob> {
  const address = new URL(file?.url ?? '', base);
  if (address.origin !== new URL(base).origin) throw new Trouble('unreachable', 'This file is not kept by this Aside, so it was not fetched.');
  const response = await around.fetch(address, { ...(key && { headers: { authorization: `Bearer ${key}` } }) });
  if (response.ok) return response.blob();
  throw new Trouble('not_found', 'This file is not there any more: it was taken away, or the conversation was erased.');
}

/** Whoever has joined a conversation says something, shows that they write, and what they feel about a message. */
export interface Joined {
  /** Resolves with the number of the message once it is kept. */
  say(text: string): Promise<string>;
  typing(active: boolean): void;
  react(message: string, emoji: string, on: boolean): void;
}

export type JoinOptions = ShareAt & {
  room: string;
  who: Person;
  onNews(news: ShareNews): void;
  onState(state: LineState): void;
  around?: typeof browser;
};

/** Joins a conversation by its link and stays in it, over every break of the line, until stopped. */
export function joinConversation({ base, key, room, who, onNews, onState, around = browser }: JoinOptions, stop: AbortSignal): Joined {
  const me = { room_id: room, user_id: who.id, username: who.name };
  const unsaid = new Map<string, { text: string; resolve(id: string): void; reject(why: Error): void }>();
  const page = around.random().toString(36).slice(2);
  let count = 0;
  let joined = false;

  function tell(id: string): void {
    const said = unsaid.get(id);
    if (!said || !joined) return;
    line.ask('send_message', { ...me, message: said.text, id }).then(
      (answer) => {
        unsaid.delete(id);
        if (answer.success) said.resolve(answer.id ?? '');
        else said.reject(new Trouble('refused', answer.error ?? 'The conversation did not take that. Try again.'));
      },
      // it is said again when the line is back: the conversation keeps it once
      () => undefined,
    );
  }

  const line = ioLine(
    {
      base,
      around,
      onConnect: () => line.emit('join_room', { ...me, ...(key && { token: key }) }),
      onEvent(event, data) {
        onNews({ event, data } as ShareNews);
        if (event !== 'conversation_state') return;
        joined = true;
        onState({ is: 'open' });
        for (const id of unsaid.keys()) tell(id);
      },
      onState(state) {
        joined = false;
        // connected is not yet in
        if (state.is !== 'open') onState(state);
      },
    },
    stop,
  );

  return {
    say(text) {
      count += 1;
      const id = `${page}-${count}`;
      return new Promise((resolve, reject) => {
        unsaid.set(id, { text, resolve, reject });
        tell(id);
      });
    },
    typing: (active) => joined && line.emit('typing', { ...me, is_typing: active }),
    react: (message_id, emoji, on) => joined && line.emit('react', { ...me, message_id, emoji, on }),
  };
}
