import { z } from 'zod';
import { message, ownId, personId, personName } from './text.ts';

/** POST /room/create: who opens the room, and whether agents take part. */
export const roomRequest = z.object({ participant_id: personId, agents: z.boolean().optional() });

export const roomAnswer = z
  .object({
    room_id: z.string(),
    ws_url: z.string(),
    token: z.string().describe('The right of whoever opened it, to keep: with it the room is ended, erased and taken along.'),
  })
  .describe('The room is open: whoever has its id may come in.');

/** Who comes in, and what they have already: messages up to that number. */
export const roomQuery = z.object({
  participant_id: personId.optional(),
  name: personName.optional(),
  after: z.coerce.number().int().min(0).optional(),
});

/** What somebody in a room may say; plain text is a message too. */
export const roomCommand = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message'), content: message, id: ownId.optional() }),
  z.object({ type: z.literal('typing'), is_typing: z.boolean().default(true) }),
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.literal('ping') }),
]);

const role = z.enum(['human', 'agent']);
const participant = { participant_id: z.string(), name: z.string(), role };
const kept = { seq: z.int(), timestamp: z.string() };
const said = { message_id: z.string(), room_id: z.string(), ...participant, content: z.string(), about: z.string().optional(), ...kept };

/** What a room says. */
export const roomNews = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('room_state'),
    room_id: z.string(),
    participant_id: z.string(),
    seq: z.int(),
    participants: z.array(z.object(participant)),
  }),
  z.object({ type: z.literal('ack'), message_id: z.string(), id: z.string().optional(), ...kept }),
  z.object({ type: z.literal('message'), ...said }),
  z.object({ type: z.literal('observation'), ...said }),
  z.object({ type: z.literal('participant_joined'), room_id: z.string(), ...participant, ...kept }),
  z.object({ type: z.literal('participant_left'), room_id: z.string(), ...participant, ...kept }),
  z.object({ type: z.literal('typing'), room_id: z.string(), ...participant, is_typing: z.boolean() }),
  z.object({ type: z.literal('token'), room_id: z.string(), ...participant, about: z.string(), content: z.string() }),
  z.object({
    type: z.literal('agents'),
    content: z.string(),
    agents: z.array(z.object({ participant_id: z.string(), name: z.string(), muted: z.boolean() })),
  }),
  z.object({
    type: z.literal('error'),
    message: z.string(),
    code: z.string(),
    retry: z.boolean(),
    id: z.string().optional(),
    seq: z.int().optional(),
  }),
  z.object({ type: z.literal('finished'), seq: z.int() }),
  z.object({ type: z.literal('stopped') }),
  z.object({ type: z.literal('pong') }),
]);

export type RoomNews = z.infer<typeof roomNews>;
