import { z } from 'zod';
import { message, personId, personName, words } from './text.ts';

const title = words(200);
const description = words(2_000);
const roomId = z.string().min(1).max(128);
/** Whoever says nothing about who they are. */
const userId = personId.optional();
const username = personName.optional();

/** What a message is, as its sender calls it. */
const sort = words(32);

/** POST /api/conversations/create. */
export const createRequest = z
  .object({
    title: title.nullish(),
    description: description.nullish(),
    user_id: userId,
  })
  .nullish()
  .transform((body) => body ?? {});

/** POST /api/conversations/{room_id}/join. */
export const joinRequest = z
  .object({ user_id: userId, username })
  .nullish()
  .transform((body) => body ?? {});

export const roomPath = z.object({ room_id: z.string().max(128) });

const timestamp = z.string();

/** A message as everybody sees it; more may stand in it than old clients know. */
const shownMessage = z.object({
  id: z.string(),
  user_id: z.string(),
  username: z.string(),
  message: z.string(),
  type: z.string(),
  timestamp,
  reactions: z.record(z.string(), z.array(z.string())).optional().describe('Who shows what they feel about it, by what they show.'),
});

const participant = z.object({ user_id: z.string(), username: z.string(), joined_at: z.string() });

/** A conversation with everything that was said in it. */
export const shownConversation = z.object({
  room_id: z.string(),
  created_at: z.string(),
  created_by: z.string(),
  title: z.string(),
  description: z.string(),
  messages: z.array(shownMessage),
  participants: z.array(participant),
  is_active: z.boolean(),
  message_count: z.int().optional().describe('How many messages there are, where not all of them stand here.'),
  earlier: z.int().optional().describe('How many came before the first that stands here.'),
});

const success = z.literal(true);
const found = { success, room_id: z.string(), conversation: shownConversation, join_link: z.string() };

export const createAnswer = z
  .object({
    ...found,
    token: z.string().describe('The right of whoever opened it, to keep: with it others are invited and the conversation is erased.'),
  })
  .describe('The conversation is open: whoever has its link may join.');
export const joinAnswer = z.object(found).describe('You are in; connect with Socket.IO and send join_room to take part.');
export const conversationAnswer = z
  .object({ success, conversation: shownConversation })
  .describe('The conversation with everything that was said in it.');
export const endAnswer = z
  .object({ success, message: z.literal('Conversation ended successfully') })
  .describe('It is over; everybody in it is told.');

const listed = z.object({
  room_id: z.string(),
  title: z.string(),
  description: z.string(),
  created_at: z.string(),
  participant_count: z.int(),
  message_count: z.int(),
  join_link: z.string(),
});

/** GET /api/conversations: those that are not over. */
export const conversationsAnswer = z.object({ success, conversations: z.array(listed) }).describe('Each with its link.');

/** GET /api/health. */
export const shareHealth = z
  .object({
    status: z.literal('healthy'),
    active_conversations: z.int(),
    total_conversations: z.int(),
    active_connections: z.int(),
  })
  .describe('How many conversations there are, and how many clients are connected.');

/** How this door says that something could not be done. */
export const shareRefusal = z.object({ success: z.literal(false), error: z.string(), code: z.string() }).meta({ id: 'ShareRefusal' });

const who = { room_id: roomId, user_id: userId, username };

/** What a client of Socket.IO may send, by the name of the event. */
export const shareEvents = {
  join_room: z.object({ ...who, token: z.string().min(1).max(256).optional() }),
  leave_room: z.object(who),
  send_message: z.object({ ...who, message, type: sort.default('text'), id: z.string().min(1).max(64).optional() }),
  typing: z.object({ ...who, is_typing: z.boolean() }),
  react: z.object({ ...who, message_id: z.string().max(16), emoji: words(32), on: z.boolean().default(true) }),
} as const;

export type ShareEvents = { [Name in keyof typeof shareEvents]: z.output<(typeof shareEvents)[Name]> };

/** Something that a client asks for, by its name and with what it said. */
export type ShareWish = { [Name in keyof ShareEvents]: { event: Name; data: ShareEvents[Name] } }[keyof ShareEvents];

export type ShownMessage = z.infer<typeof shownMessage>;
export type ShownConversation = z.infer<typeof shownConversation>;
export type ListedConversation = z.infer<typeof listed>;
