import type { Conversation } from '../core/conversation.ts';
import type { News } from '../core/entry.ts';
import { Problem } from '../core/problem.ts';
import { type SharedMessage, shared } from '../core/shared.ts';
import { first } from '../core/views.ts';
import { type ShareEvents, type ShareWish, type ShownConversation, type ShownMessage, shareEvents } from '../wire/share.ts';
import type { ChatCommand, Guest } from './chat.ts';
import { read } from './read.ts';

/** What is told to everybody in a conversation, but not to `except`. */
export type ShareNews = { readonly event: string; readonly data: object; readonly except?: string };

const anonymous = 'anonymous';

/** Whoever gives no id is known by the name alone: two of them are two. */
export function guestOf({ user_id: id = anonymous, username }: { user_id?: string | undefined; username?: string | undefined }): Guest {
  const name = username ?? `User_${id.slice(0, 6)}`;
  return { id: id === anonymous && username !== undefined ? `${anonymous}/${username}` : id, name };
}

const userIdOf = (by: string): string => (by.startsWith(`${anonymous}/`) ? anonymous : by);

const unknownEvent = (event: string) =>
  `There is no event ${event.slice(0, 64)} here, so nothing was done. Send ${Object.keys(shareEvents).join(', ')}.`;

/** What an event asks for, or a Problem that says what is wrong with it. */
export function wishOf(event: string, sent: readonly unknown[]): ShareWish {
  if (!Object.hasOwn(shareEvents, event)) throw new Problem('invalid', unknownEvent(event));
  const name = event as keyof ShareEvents;
  return { event: name, data: read(shareEvents[name], sent[0]) } as ShareWish;
}

const noMessage = 'There is no such message in this conversation, so nothing was noted. Send the id of one.';

/** Wire to house: what somebody who is in wants written down or told. */
export function hear(wish: Exclude<ShareWish, { event: 'join_room' | 'leave_room' }>, { id: by }: Guest, talk: Conversation): ChatCommand {
  switch (wish.event) {
    case 'send_message': {
      const { message: text, type: sort, id } = wish.data;
      const draft = { by, type: 'said' as const, text, via: 'text' as const, ...(sort !== 'text' && { sort }) };
      return { draft, ...(id !== undefined && { id }) };
    }
    case 'typing':
      return { signal: { type: 'typing', by, active: wish.data.is_typing } };
    case 'react': {
      const { message_id, emoji, on } = wish.data;
      const of = Number(message_id);
      if (!shared(talk.entries).bySeq.has(of)) throw new Problem('invalid', noMessage);
      return { draft: { by, type: 'reacted', of, emoji, on } };
    }
  }
}

const nameIn = (talk: Conversation, by: string): string => shared(talk.entries).names.get(by) ?? by;
const who = (by: string, talk: Conversation) => ({ user_id: userIdOf(by), username: nameIn(talk, by) });

/** House to wire: what everybody in a conversation is told. */
export function tell(news: News, talk: Conversation): ShareNews | undefined {
  switch (news.type) {
    case 'said': {
      const message = shared(talk.entries).bySeq.get(news.seq);
      return message && { event: 'new_message', data: shown(message) };
    }
    case 'reacted':
      return {
        event: 'message_reaction',
        data: { message_id: String(news.of), ...who(news.by, talk), emoji: news.emoji, on: news.on, timestamp: news.at },
      };
    case 'joined':
    case 'left':
      return {
        event: news.type === 'joined' ? 'user_joined' : 'user_left',
        data: { ...who(news.by, talk), participant_count: shared(talk.entries).here.size },
        except: news.by,
      };
    case 'typing':
      return { event: 'user_typing', data: { ...who(news.by, talk), is_typing: news.active }, except: news.by };
    case 'failed':
    case 'trouble':
      return { event: 'error', data: { message: news.message, code: news.code } };
    case 'ended':
      return { event: 'conversation_ended', data: { room_id: talk.id, message: 'This conversation has ended' } };
    default:
      return undefined;
  }
}

function shown({ said, name, reactions }: SharedMessage): ShownMessage {
  const felt = [...reactions].map(([emoji, by]) => [emoji, [...by].map(userIdOf)] as const);
  return {
    id: String(said.seq),
    user_id: userIdOf(said.by),
    username: name,
    message: said.text,
    type: said.sort ?? 'text',
    timestamp: said.at,
    ...(felt.length > 0 && { reactions: Object.fromEntries(felt) }),
  };
}

/** What is known of a conversation without its messages. */
export function headOf({ id, entries }: Pick<Conversation, 'id' | 'entries'>) {
  const opened = first(entries, 'opened');
  const { messages, here, over } = shared(entries);
  return {
    room_id: id,
    created_at: opened?.at ?? '',
    created_by: userIdOf(opened?.by ?? anonymous),
    title: opened?.title ?? '',
    description: opened?.description ?? '',
    participant_count: here.size,
    message_count: messages.length,
    is_active: !over,
  };
}

/** A conversation as its clients see it, with the newest messages that `room` bytes hold. */
export function conversationOf(talk: Pick<Conversation, 'id' | 'entries'>, room = Number.POSITIVE_INFINITY): ShownConversation {
  const { participant_count: _people, message_count, ...head } = headOf(talk);
  const { messages, here } = shared(talk.entries);
  let left = room;
  const fits = messages.findLastIndex(({ said }) => {
    left -= Buffer.byteLength(said.text) + envelope;
    return left < 0;
  });
  return {
    ...head,
    messages: messages.slice(fits + 1).map(shown),
    participants: [...here].map(([by, { name, since }]) => ({ user_id: userIdOf(by), username: name, joined_at: since })),
    ...(fits >= 0 && { message_count, earlier: fits + 1 }),
  };
}

/** What a message takes besides its words, in bytes. */
const envelope = 256;
