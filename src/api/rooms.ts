import type { Conversation } from '../core/conversation.ts';
import type { EntryOf, News } from '../core/entry.ts';
import { members } from '../core/members.ts';
import { Problem, type ProblemCode, problems } from '../core/problem.ts';
import { type RoomNews, roomCommand, roomQuery } from '../wire/rooms.ts';
import { message as messageText } from '../wire/text.ts';
import type { ChatCommand, ChatDoor, Guest } from './chat.ts';
import { read } from './read.ts';

/** The agent whose messages are observations. */
export const observerId = 'observer';

/** What a frame means: an object with a type is a command, anything else a message. */
function hear(text: string, { id: by }: Guest): ChatCommand {
  const command = commandIn(text);
  if (!command) return { draft: { by, type: 'said', text: read(messageText, text), via: 'text' } };
  switch (command.type) {
    case 'message':
      return { draft: { by, type: 'said', text: command.content, via: 'text' }, ...(command.id !== undefined && { id: command.id }) };
    case 'typing':
      return { signal: { type: 'typing', by, active: command.is_typing } };
    case 'ping':
      return { answer: { type: 'pong' } };
  }
}

function commandIn(text: string) {
  if (!text.trimStart().startsWith('{')) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  return typeof json === 'object' && json !== null && 'type' in json ? read(roomCommand, json) : undefined;
}

const participant = (by: string, talk: Conversation) => {
  const { name = by, role = 'human' as const } = members(talk.entries).get(by) ?? {};
  return { room_id: talk.id, participant_id: by, name, role };
};

/** House to wire: what a room tells everybody. */
export function tell(news: News, talk: Conversation): RoomNews | undefined {
  switch (news.type) {
    case 'said':
      return {
        type: news.by === observerId ? 'observation' : 'message',
        message_id: String(news.seq),
        ...participant(news.by, talk),
        content: news.text,
        seq: news.seq,
        timestamp: news.at,
      };
    case 'joined':
      return { type: 'participant_joined', ...participant(news.by, talk), seq: news.seq, timestamp: news.at };
    case 'left':
      return { type: 'participant_left', ...participant(news.by, talk), seq: news.seq, timestamp: news.at };
    case 'typing':
      return { type: 'typing', ...participant(news.by, talk), is_typing: news.active };
    case 'token':
      return { type: 'token', ...participant(news.by, talk), about: String(news.about), content: news.text };
    case 'failed':
      return {
        type: 'error',
        message: news.message,
        code: news.code,
        retry: news.code in problems ? problems[news.code as ProblemCode].retry : true,
        seq: news.seq,
      };
    case 'trouble':
      return { type: 'error', message: news.message, code: news.code, retry: true };
    case 'ended':
      return { type: 'finished', seq: news.seq };
    default:
      return undefined;
  }
}

/** What the sender of a message is told: it is kept, under this number. */
const ack = ({ seq, at }: EntryOf<'said'>, id?: string): RoomNews => ({
  type: 'ack',
  message_id: String(seq),
  ...(id !== undefined && { id }),
  seq,
  timestamp: at,
});

/** Where a room stands, for whoever comes in. */
const greet = (talk: Conversation, guest: Guest): RoomNews => ({
  type: 'room_state',
  room_id: talk.id,
  participant_id: guest.id,
  seq: talk.entries.length,
  participants: [...members(talk.entries)].flatMap(([id, { name, role, here }]) => (here ? [{ participant_id: id, name, role }] : [])),
});

/** The rooms' door: brainstorming with people and agents. */
export const rooms: ChatDoor = {
  guest(query, newId) {
    const { participant_id: id = newId(), name = id, after } = read(roomQuery, query);
    return { id, name, ...(after !== undefined && { after }) };
  },
  hear,
  tell,
  ack,
  greet,
  sound: () => new Problem('invalid', 'This room takes no sound yet, so it was not heard. Write your message as text.'),
};
