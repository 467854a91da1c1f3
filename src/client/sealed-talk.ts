import type { Person } from './rooms.ts';
import type { SealedRoom } from './sealed-room.ts';
import type { ShareNews, ShownConversation, ShownMessage } from './share-news.ts';

/** Somebody in an encrypted conversation: what they send is sealed, and what they are told is opened. */
export interface SealedTalk {
  readonly room: SealedRoom;
  /** What they are called, as the service is told it. */
  readonly name: string;
  /** Everything that comes can be shown: what does not open says that it does not. */
  open(news: ShareNews): Promise<ShareNews>;
  openAll(conversation: ShownConversation): Promise<ShownConversation>;
  /** As what somebody's reaction was sealed: only so it can be taken back. */
  reactionsOf(message: string, who: string, emoji: string): readonly string[];
}

/** What the service calls somebody who says no name. */
const unnamed = (id: string): string => `User_${id.slice(0, 6)}`;

/** Seals and opens for somebody; `title` is opened by a room without a place, as it is sealed before there is a conversation. */
export async function sealedTalk(room: SealedRoom, title: SealedRoom, who: Person): Promise<SealedTalk> {
  const name = await room.seal(who.name);
  // the same name stands in many messages
  const names = new Map<string, Promise<string | undefined>>();
  const sealedAs = new Map<string, string[]>();

  const opened = (sealed: string, by = room): Promise<string | undefined> => by.open(sealed).catch(() => undefined);

  async function nameOf({ user_id, username }: { user_id: string; username: string }): Promise<string> {
    const known = names.get(username) ?? opened(username);
    names.set(username, known);
    return (await known) ?? unnamed(user_id);
  }

  /** What somebody shows they feel; nothing where nobody with the key did so. */
  async function reaction(sealed: string, message: string, by: readonly string[], on = true): Promise<string | undefined> {
    const emoji = await opened(sealed);
    for (const id of emoji === undefined ? [] : by) {
      const place = JSON.stringify([message, id, emoji]);
      sealedAs.set(place, [...(sealedAs.get(place) ?? []).filter((each) => each !== sealed), ...(on ? [sealed] : [])]);
    }
    return emoji;
  }

  async function reactions({ id, reactions: all = {} }: ShownMessage): Promise<Record<string, string[]>> {
    const shown: Record<string, string[]> = {};
    for (const [sealed, by] of Object.entries(all)) {
      const emoji = await reaction(sealed, id, by);
      if (emoji !== undefined) shown[emoji] = [...new Set([...(shown[emoji] ?? []), ...by])];
    }
    return shown;
  }

  async function message(sealed: ShownMessage): Promise<ShownMessage> {
    const text = await opened(sealed.message);
    const clear = { ...sealed, username: await nameOf(sealed), reactions: await reactions(sealed) };
    return text === undefined ? { ...clear, message: '', unreadable: true } : { ...clear, message: text };
  }

  async function openAll(sealed: ShownConversation): Promise<ShownConversation> {
    return {
      ...sealed,
      title: (await opened(sealed.title, title)) ?? '',
      description: '',
      messages: await Promise.all(sealed.messages.map(message)),
      participants: await Promise.all(sealed.participants.map(async (each) => ({ ...each, username: await nameOf(each) }))),
    };
  }

  return {
    room,
    name,
    openAll,
    reactionsOf: (of, by, emoji) => sealedAs.get(JSON.stringify([of, by, emoji])) ?? [],
    async open(news) {
      switch (news.event) {
        case 'conversation_state':
          return { ...news, data: { ...news.data, conversation: await openAll(news.data.conversation) } };
        case 'new_message':
          return { ...news, data: await message(news.data) };
        case 'message_reaction': {
          const { emoji: sealed, message_id, user_id, on } = news.data;
          const emoji = (await reaction(sealed, message_id, [user_id], on)) ?? '';
          return { ...news, data: { ...news.data, emoji, username: await nameOf(news.data) } };
        }
        case 'user_joined':
        case 'user_left':
          return { ...news, data: { ...news.data, username: await nameOf(news.data) } };
        case 'user_typing':
          return { ...news, data: { ...news.data, username: await nameOf(news.data) } };
        default:
          return news;
      }
    },
  };
}
