import type { ListedConversation } from '../wire/share.ts';
import { ask } from './ask.ts';
import type { Person } from './rooms.ts';
import type { SealedTalk } from './sealed-talk.ts';
import type { ShareNews, ShownConversation, ShownMessage } from './share-news.ts';
import { ioLine } from './socket-io.ts';
import type { LineState } from './steady-line.ts';
import { browser } from './surroundings.ts';
import { Trouble } from './trouble.ts';

export type { ListedConversation, ShareNews, ShownConversation, ShownMessage };

/** Where the conversations are, and a key of the service or the token of an invitation where there is one. */
export type ShareAt = { readonly base: string; readonly key?: string | undefined };

const pathOf = (room: string, more = '') => `/api/conversations/${encodeURIComponent(room)}${more}`;

/** A conversation that was opened here: its link for others, and the right of whoever opened it. */
export type OpenedConversation = { readonly room_id: string; readonly join_link: string; readonly token: string };

/** What somebody opens: with its title, sealed already where it is encrypted. */
export type Opening = { readonly title: string; readonly encrypted?: boolean; readonly invited_only?: boolean };

/** Opens a conversation. */
export const openConversation = ({ base, key }: ShareAt, by: string, { title, ...how }: Opening): Promise<OpenedConversation> =>
  ask(base, pathOf('create'), { method: 'POST', key, body: { user_id: by, ...(title && { title }), ...how } });

/** The conversations that are not over. */
export const conversations = async ({ base, key }: ShareAt): Promise<readonly ListedConversation[]> =>
  (await ask<{ conversations: readonly ListedConversation[] }>(base, '/api/conversations', { key })).conversations;

/** A conversation with everything that was said in it. */
export const conversationOf = async ({ base, key }: ShareAt, room: string): Promise<ShownConversation> =>
  (await ask<{ conversation: ShownConversation }>(base, pathOf(room), { key })).conversation;

/** What a conversation is, before anybody comes in: whether it is encrypted, and whether it is over. */
export const headOf = async ({ base, key }: ShareAt, room: string): Promise<ShownConversation> =>
  (await ask<{ conversation: ShownConversation }>(base, pathOf(room, '?messages=none'), { key })).conversation;

/** Ends a conversation for everybody. */
export const endConversation = ({ base, key }: ShareAt, room: string): Promise<object> => ask(base, pathOf(room, '/end'), { method: 'POST', key });

/** Hands a file round. */
export async function handRound({ base, key }: ShareAt, room: string, who: Person, file: File, sealed?: SealedTalk): Promise<void> {
  const form = new FormData();
  form.set('user_id', who.id);
  form.set('username', sealed?.name ?? who.name);
  if (sealed) {
    const bytes = await sealed.room.sealBytes(new Uint8Array(await file.arrayBuffer()));
    form.set('file', new Blob([bytes], { type: 'application/octet-stream' }), await sealed.room.seal(file.name));
  } else form.set('file', file);
  await ask(base, pathOf(room, '/files'), { method: 'POST', key, body: form });
}

/** A file that was handed round. */
export async function fileOf({ base, key }: ShareAt, { file }: ShownMessage, sealed?: SealedTalk, around = browser): Promise<Blob> {
  const address = new URL(file?.url ?? '', base);
  if (address.origin !== new URL(base).origin) throw new Trouble('unreachable', 'This file is not kept by this Aside, so it was not fetched.');
  const response = await around.fetch(address, { ...(key && { headers: { authorization: `Bearer ${key}` } }) });
  if (response.ok && !sealed) return response.blob();
  if (response.ok && sealed) {
    const opened = sealed.room.openBytes(new Uint8Array(await response.arrayBuffer()));
    return new Blob([await opened.catch(unopened)]);
  }
  throw new Trouble('not_found', 'This file is not there any more: it was taken away, or the conversation was erased.');
}

function unopened(cause: unknown): never {
  throw new Trouble('not_opened', 'This file does not open with the key of this conversation: it was changed, or another key sealed it.', { cause });
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
  /** Of an encrypted conversation: then nothing leaves that is not sealed. */
  sealed?: SealedTalk | undefined;
  onNews(news: ShareNews): void;
  onState(state: LineState): void;
  around?: typeof browser;
};

/** Joins a conversation by its link and stays in it, over every break of the line, until stopped. */
export function joinConversation({ base, key, room, who, sealed, onNews, onState, around = browser }: JoinOptions, stop: AbortSignal): Joined {
  const me = { room_id: room, user_id: who.id, username: sealed?.name ?? who.name };
  const unsaid = new Map<string, { text: string; resolve(id: string): void; reject(why: Error): void }>();
  const page = around.random().toString(36).slice(2);
  let count = 0;
  let connected = false;
  let joined = false;
  // what is sealed and opened takes a moment, and stays in order
  let sealing: Promise<unknown> = Promise.resolve();
  let opening: Promise<unknown> = Promise.resolve();

  function hear(news: ShareNews): void {
    onNews(news);
    if (news.event !== 'conversation_state') return;
    joined = connected;
    if (joined) onState({ is: 'open' });
    for (const id of unsaid.keys()) tell(id);
  }

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
      onConnect() {
        connected = true;
        line.emit('join_room', { ...me, ...(key && { token: key }) });
      },
      onEvent(event, data) {
        const news = { event, data } as ShareNews;
        if (!sealed) return hear(news);
        const opened = opening.then(() => sealed.open(news));
        opening = opened;
        void opened.then(hear);
      },
      onState(state) {
        connected = false;
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
        function keep(words: string): void {
          unsaid.set(id, { text: words, resolve, reject });
          tell(id);
        }
        if (!sealed) return keep(text);
        sealing = sealing.then(() => sealed.room.seal(text)).then(keep, reject);
      });
    },
    typing: (active) => joined && line.emit('typing', { ...me, is_typing: active }),
    react(message_id, emoji, on) {
      const show = (shown: string) => joined && line.emit('react', { ...me, message_id, emoji: shown, on });
      if (!sealed) show(emoji);
      else if (on) void sealed.room.seal(emoji).then(show);
      else for (const shown of sealed.reactionsOf(message_id, who.id, emoji)) show(shown);
    },
  };
}
