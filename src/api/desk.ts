import type { Conversation } from '../core/conversation.ts';
import type { Draft, Entry, News } from '../core/entry.ts';
import { type Message, messageId, messages, titleOf } from '../core/messages.ts';
import { Problem } from '../core/problem.ts';
import { type DeskMessage, type DeskNews, type DeskSession, deskCommand, deskQuery } from '../wire/desk.ts';
import type { Attendance } from './attendance.ts';
import type { ChatDoor } from './chat.ts';
import { troubleOf } from './failures.ts';
import { read } from './read.ts';

/** Nobody counts who sits at a desk. */
export const uncounted: Pick<Attendance, 'arrive' | 'leave'> = { arrive: async () => undefined, leave: async () => undefined };

const senderOf = (by: string): 'user' | 'assistant' => (by === 'assistant' ? 'assistant' : 'user');

/** Wire to house: a message that somebody wrote. */
export const draftOf = ({
  content,
  sender,
  timestamp,
}: {
  content: string;
  sender: 'user' | 'assistant';
  timestamp?: string | undefined;
}): Draft => ({
  by: sender,
  type: 'said',
  text: content,
  via: 'text',
  ...(timestamp !== undefined && { written: timestamp }),
});

/** House to wire: a message. */
export const messageOf = (session_id: string, { id, entry: { text, by, written, at } }: Message): DeskMessage => ({
  id,
  session_id,
  content: text,
  sender: senderOf(by),
  timestamp: written ?? at,
});

/** So many messages, the last before that number. */
export type Page = { readonly limit?: number | undefined; readonly before?: number | undefined };

/** House to wire: a session with its messages, or with some of them. */
export function sessionOf(id: string, entries: readonly Entry[], { limit, before = Number.POSITIVE_INFINITY }: Page = {}): DeskSession {
  const earlier = messages(entries).filter((each) => each.id < before);
  return {
    id,
    title: titleOf(entries),
    created_at: entries[0]?.at ?? '',
    messages: (limit === undefined ? earlier : earlier.slice(-limit)).map((each) => messageOf(id, each)),
  };
}

function hear(text: string) {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Problem('unreadable', 'That is no JSON, so nothing was done. Send {"content": "…"}.', { cause });
  }
  return { draft: draftOf(read(deskCommand, json)) };
}

function tell(news: News, { id: session_id, entries }: Conversation): DeskNews | undefined {
  switch (news.type) {
    case 'said': {
      const { session_id: _, ...message } = messageOf(session_id, { id: messageId(entries, news.seq), entry: news });
      return { session_id, message };
    }
    case 'token':
      return { session_id, token: { about: messageId(entries, news.about), content: news.text } };
    case 'ended':
      return { type: 'finished', seq: news.seq };
    case 'trouble':
      return troubleOf(news);
    default:
      return undefined;
  }
}

/** The desk's door: everybody is told everything, also what they wrote themselves; answers as they form only to those who ask for it. */
export const desk: ChatDoor = {
  guest(query) {
    const { after, tokens } = read(deskQuery, query);
    return { id: 'user', name: 'user', ...(after !== undefined && { after }), ...(tokens !== '1' && { without: 'token' }) };
  },
  hear,
  tell,
  ack: (entry, _id, talk) => tell(entry, talk)!,
  sound: () => new Problem('invalid', 'The desk takes no sound, so it was not heard. Write your message as text.'),
};
