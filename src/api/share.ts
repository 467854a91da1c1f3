import type { Conversation } from '../core/conversation.ts';
import type { News } from '../core/entry.ts';
import { Problem } from '../core/problem.ts';
import { type SharedMessage, shared } from '../core/shared.ts';
import { first } from '../core/views.ts';
import { type ShareEvents, type ShareTold, type ShareWish, type ShownConversation, type ShownMessage, shareEvents } from '../wire/share.ts';
import { isSealed } from '../wire/text.ts';
import type { ChatCommand, Guest } from './chat.ts';
import { read } from './read.ts';

/** What is told to everybody in a conversation, but not to `except`; what is fleeting not to whoever is slow either. */
export type ShareNews = Readonly<ShareTold> & { readonly except?: string; readonly fleeting?: true };

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

const voiceUnsealed = 'This conversation is encrypted, and voice is not sealed here, so yours was not handed on. Send messages and files.';

/** Wire to house: what somebody who is in wants written down or told. */
export function hear(wish: Exclude<ShareWish, { event: 'join_room' | 'leave_room' }>, { id: by }: Guest, talk: Conversation): ChatCommand {
  switch (wish.event) {
    case 'send_message': {
      sealedHere(talk, wish.data.message);
      const { message: text, type: sort, id } = wish.data;
      // what kind a message is, everybody could read
      if (sort !== 'text') sealedHere(talk, sort);
      const draft = { by, type: 'said' as const, text, via: 'text' as const, ...(sort !== 'text' && { sort }) };
      return { draft, ...(id !== undefined && { id }) };
    }
    case 'typing':
      return { signal: { type: 'typing', by, active: wish.data.is_typing } };
    case 'react': {
      const { message_id, emoji, on } = wish.data;
      sealedHere(talk, emoji);
      const of = Number(message_id);
      if (!shared(talk.entries).bySeq.has(of)) throw new Problem('invalid', noMessage);
      return { draft: { by, type: 'reacted', of, emoji, on } };
    }
    case 'voice':
      if (first(talk.entries, 'opened')?.encrypted) throw new Problem('invalid', voiceUnsealed);
      return { signal: { type: 'relayed', by, data: wish.data.audio } };
  }
}

/** Why something was refused that everybody could read. */
export const plainHere = () =>
  new Problem('invalid', 'This conversation is encrypted, so what everybody could read was not kept. Seal it first, as the documentation says.');

/** Refuses what is not sealed where everything must be. */
export function sealedHere({ entries }: Pick<Conversation, 'entries'>, text: string | undefined): void {
  if (first(entries, 'opened')?.encrypted && text !== undefined && !isSealed(text)) throw plainHere();
}

const nameIn = (talk: Conversation, by: string): string => shared(talk.entries).names.get(by) ?? by;
const who = (by: string, talk: Conversation) => ({ user_id: userIdOf(by), username: nameIn(talk, by) });

/** House to wire: what everybody in a conversation is told. */
export function tell(news: News, talk: Conversation): ShareNews | undefined {
  switch (news.type) {
    case 'said':
    case 'attached': {
      const message = shared(talk.entries).bySeq.get(news.seq);
      return message && { event: 'new_message', data: shown(talk.id, message) };
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
    case 'relayed':
      return { event: 'user_voice', data: { ...who(news.by, talk), audio: news.data }, except: news.by, fleeting: true };
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

/** Where a file of a conversation is downloaded. */
export const fileUrl = ({ id }: Pick<Conversation, 'id'>, seq: number): string => `/api/conversations/${id}/files/${seq}`;

function shown(id: string, { entry, name, reactions }: SharedMessage): ShownMessage {
  const felt = [...reactions].map(([emoji, by]) => [emoji, [...by].map(userIdOf)] as const);
  return {
    id: String(entry.seq),
    user_id: userIdOf(entry.by),
    username: name,
    message: wordsOf(entry),
    type: entry.type === 'said' ? (entry.sort ?? 'text') : 'file',
    timestamp: entry.at,
    ...(entry.type === 'attached' && { file: { url: fileUrl({ id }, entry.seq), type: entry.mime, size: entry.size } }),
    ...(felt.length > 0 && { reactions: Object.fromEntries(felt) }),
  };
}

/** What stands in a message: its text, or the name of the file. */
export const wordsOf = (entry: SharedMessage['entry']): string => (entry.type === 'said' ? entry.text : entry.name);

/** The message of that number, as its clients see it. */
export function messageIn({ id, entries }: Pick<Conversation, 'id' | 'entries'>, seq: number): ShownMessage | undefined {
  const message = shared(entries).bySeq.get(seq);
  return message && shown(id, message);
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
  const fits = messages.findLastIndex(({ entry }) => {
    left -= Buffer.byteLength(wordsOf(entry)) + envelope;
    return left < 0;
  });
  return {
    ...head,
    messages: messages.slice(fits + 1).map((message) => shown(talk.id, message)),
    participants: [...here].map(([by, { name, since }]) => ({ user_id: userIdOf(by), username: name, joined_at: since })),
    ...(first(talk.entries, 'opened')?.encrypted && { encrypted: true as const }),
    ...(first(talk.entries, 'opened')?.invited && { invited_only: true as const }),
    ...(fits >= 0 && { message_count, earlier: fits + 1 }),
  };
}

/** What a message takes besides its words, in bytes. */
const envelope = 256;
