import { observer } from '../agents/temperaments.ts';
import type { Conversation } from '../core/conversation.ts';
import type { Entry, EntryOf, News } from '../core/entry.ts';
import { members } from '../core/members.ts';
import { agentsIn, isAgentCalled, orderIn } from '../core/orders.ts';
import { Problem } from '../core/problem.ts';
import { type RoomNews, roomCommand, roomQuery } from '../wire/rooms.ts';
import { message as messageText } from '../wire/text.ts';
import type { ChatCommand, ChatDoor, Guest } from './chat.ts';
import { failureOf, troubleOf } from './failures.ts';
import { read } from './read.ts';
import { commandIn } from './typed-frame.ts';

/** What a frame means: an object with a type is a command, anything else a message. */
function hear(text: string, { id: by }: Guest, talk: Conversation): ChatCommand {
  const command = commandIn(roomCommand, text);
  if (!command) return heard(by, read(messageText, text), undefined, talk);
  switch (command.type) {
    case 'message':
      return heard(by, command.content, command.id, talk);
    case 'typing':
      return { signal: { type: 'typing', by, active: command.is_typing } };
    case 'stop':
      return { heardOut: { type: 'stopped' } };
    case 'ping':
      return { answer: { type: 'pong' } };
  }
}

/** What a message asks for; what is for the agents is a message like any other, so that everybody sees it. */
function heard(by: string, text: string, id: string | undefined, { entries }: Conversation): ChatCommand {
  const order = orderIn(text);
  if (order?.deed === 'agents') return { answer: agentsHere(entries) };
  if (order?.whom !== undefined && !isAgentCalled(entries, order.whom))
    throw new Problem('invalid', `No agent of this room is called ${order.whom}, so nothing was done. /agents tells what they are called.`);
  return { draft: { by, type: 'said', text, via: 'text' }, ...(id !== undefined && { id }) };
}

/** Which agents are here and which of them were told to be quiet, for whoever asks. */
function agentsHere(entries: readonly Entry[]): RoomNews {
  const agents = [...agentsIn(entries)].map(([participant_id, agent]) => ({ participant_id, ...agent }));
  const listed = agents.map(({ participant_id, muted }) => `@${participant_id}${muted ? ' (muted)' : ''}`).join(', ');
  return {
    type: 'agents',
    content: listed === '' ? 'There are no agents in this room.' : `Here are ${listed}. /mute, /unmute and /stop are for all of them or for one.`,
    agents,
  };
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
        type: news.by === observer.id ? 'observation' : 'message',
        message_id: String(news.seq),
        ...participant(news.by, talk),
        content: news.text,
        ...(news.about !== undefined && { about: String(news.about) }),
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
      return failureOf(news);
    case 'trouble':
      return troubleOf(news);
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
};
