import { z } from 'zod';
import { ownId, personId, sealable, words } from './text.ts';

const title = sealable(200);
const description = sealable(2_000);
const message = sealable(16_384);
const roomId = z.string().min(1).max(128);
/** Whoever says nothing about who they are. */
const userId = personId.optional();
const username = sealable(80).trim().optional();

/** What a message is, as its sender calls it. */
const sort = words(32);

/** POST /api/conversations/create. */
export const createRequest = z
  .object({
    title: title.nullish(),
    description: description.nullish(),
    user_id: userId,
    invited_only: z.boolean().optional().describe('Its link alone lets nobody in: an invitation is needed.'),
    encrypted: z
      .boolean()
      .optional()
      .describe('Only those in it can read it: title, description, names, messages and files must be sealed, or they are refused.'),
  })
  .nullish()
  .transform((body) => body ?? {});

/** POST /api/conversations/{room_id}/join. */
export const joinRequest = z
  .object({ user_id: userId, username })
  .nullish()
  .transform((body) => body ?? {});

export const roomPath = z.object({ room_id: z.string().max(128) });

/** GET /api/conversations/{room_id}. */
export const conversationQuery = z.object({
  messages: z.enum(['all', 'none']).default('all').describe('With none only what it is: who is there, whether it is encrypted, whether it is over.'),
});

const timestamp = z.string();

/** A message as everybody sees it; more may stand in it than old clients know. */
const shownMessage = z.object({
  id: z.string(),
  user_id: z.string(),
  username: z.string(),
  message: z.string(),
  type: z.string(),
  timestamp,
  file: z.object({ url: z.string(), type: z.string(), size: z.int() }).optional().describe('Of a message of the type file: where it is downloaded.'),
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
  encrypted: z.literal(true).optional(),
  invited_only: z.literal(true).optional(),
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
  send_message: z.object({ ...who, message, type: sort.default('text'), id: ownId.optional() }),
  typing: z.object({ ...who, is_typing: z.boolean() }),
  voice: z.object({
    ...who,
    audio: z
      .instanceof(Uint8Array, { error: 'audio must be bytes.' })
      .refine(({ length }) => length > 0 && length <= 65_536, { error: 'audio holds from 1 to 65536 bytes: send less at a time.' }),
  }),
  react: z.object({ ...who, message_id: z.string().max(16), emoji: words(128), on: z.boolean().default(true) }),
} as const;

export type ShareEvents = { [Name in keyof typeof shareEvents]: z.output<(typeof shareEvents)[Name]> };

/** Something that a client asks for, by its name and with what it said. */
export type ShareWish = { [Name in keyof ShareEvents]: { event: Name; data: ShareEvents[Name] } }[keyof ShareEvents];

const whoIs = { user_id: z.string(), username: z.string() };
const counted = z.object({ ...whoIs, participant_count: z.int() });

/** What a client of Socket.IO is told, by the name of the event. */
export const shareNews = {
  conversation_state: z.object({ conversation: shownConversation, room_id: z.string(), watching: z.literal(true).optional() }),
  user_joined: counted,
  user_left: counted,
  new_message: shownMessage,
  message_reaction: z.object({ ...whoIs, message_id: z.string(), emoji: z.string(), on: z.boolean(), timestamp }),
  user_typing: z.object({ ...whoIs, is_typing: z.boolean() }),
  user_voice: z.object({ ...whoIs, audio: z.custom<Uint8Array>((value) => value instanceof Uint8Array) }),
  conversation_ended: z.object({ room_id: z.string(), message: z.literal('This conversation has ended') }),
  error: z.object({ message: z.string(), code: z.string() }),
} as const;

/** Something that clients are told, by its name and with what it says. */
export type ShareTold = { [Name in keyof typeof shareNews]: { event: Name; data: z.output<(typeof shareNews)[Name]> } }[keyof typeof shareNews];

/** The fields of a form with a file. */
export const attachFields = z.object({ user_id: userId, username });

/** What a file is called. */
export const fileName = sealable(255);

export const filePath = roomPath.extend({ id: z.string().max(16) });
export const attachAnswer = z
  .object({ success, message: shownMessage, url: z.string() })
  .describe('The file is kept, and everybody in the conversation is told of it.');

/** POST /api/conversations/{room_id}/invitations: for at most so many seconds. */
export const invitationRequest = (longest: number) =>
  z.object({
    role: z
      .enum(['talk', 'watch'])
      .default('talk')
      .describe('talk takes part, watch only follows. To whisper is for a live session: POST /session/{id}/tokens.'),
    expires_in_seconds: z.int().min(1).max(longest).default(longest),
  });

export const invitationAnswer = z
  .object({ success, invitation: z.string(), role: z.enum(['talk', 'watch']), token: z.string(), link: z.string(), expires_at: z.string() })
  .describe('The link to hand on; nobody can read its token again. `invitation` is its name, by which it is taken back.');
export const invitationPath = roomPath.extend({ invitation: z.string().max(128) });
export const revokedAnswer = z
  .object({ success, revoked: z.string() })
  .describe('The invitation is worth nothing any more, and whoever came in by it is out.');
export const erasedAnswer = z.object({ success, message: z.literal('Conversation erased') }).describe('It is erased: nothing of it is left.');

const pushKey = z.string().regex(/^[\w-]{16,128}$/);

/** POST /api/conversations/{room_id}/push: what pushManager.subscribe gave, or nothing any more. */
export const subscribeRequest = z.object({
  user_id: userId,
  username,
  subscription: z.object({ endpoint: z.string().max(2_048), keys: z.object({ p256dh: pushKey, auth: pushKey }) }).nullish(),
});
export const subscribeAnswer = z.object({ success, subscribed: z.boolean() }).describe('Whether you are told of new messages while you are away.');
export const pushKeyAnswer = z.object({ success, public_key: z.string().nullable() }).describe('The key, or null where nothing is pushed.');

/** GET /api/conversations/{room_id}/search. */
export const searchQuery = z.object({ q: words(200) });
export const searchAnswer = z
  .object({ success, results: z.array(shownMessage.extend({ snippet: z.string() })) })
  .describe('The messages in which all words stand, the newest first.');

export type ShownMessage = z.infer<typeof shownMessage>;
export type ShownConversation = z.infer<typeof shownConversation>;
export type ListedConversation = z.infer<typeof listed>;
