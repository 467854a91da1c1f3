import { z } from 'zod';
import { message, ownId, personId } from './text.ts';

/** The id of a talk, which its client invents. */
export const talkId = z.uuid({ error: 'The id of a session must be a UUID, such as crypto.randomUUID makes one.' });

/** Who talks, how they are told, and what they have already. */
export const talkQuery = z.object({
  user_id: personId.optional(),
  format: z.enum(['json', 'text']).optional(),
  after: z.coerce.number().int().min(0).optional(),
});

/** What a client with typed frames may say; plain text is a message too. */
export const talkCommand = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message'), content: message, id: ownId.optional() }),
  z.object({ type: z.literal('ping') }),
]);

const kept = { seq: z.int(), timestamp: z.string() };

/** What a talk says in typed frames; in plain text it says the content of tokens, and errors as sentences. */
export const talkNews = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ack'), id: z.string().optional(), ...kept }),
  z.object({ type: z.literal('token'), about: z.int(), content: z.string() }),
  z.object({ type: z.literal('tool_call'), call_id: z.string(), tool: z.string(), input: z.unknown(), ...kept }),
  z.object({ type: z.literal('tool_result'), call_id: z.string(), output: z.unknown(), error: z.string().optional(), ...kept }),
  z.object({ type: z.literal('message'), role: z.enum(['user', 'assistant']), content: z.string(), about: z.int().optional(), ...kept }),
  z.object({
    type: z.literal('error'),
    message: z.string(),
    code: z.string(),
    retry: z.boolean(),
    id: z.string().optional(),
    seq: z.int().optional(),
  }),
  z.object({ type: z.literal('finished'), seq: z.int() }),
  z.object({ type: z.literal('pong') }),
]);

export type TalkNews = z.infer<typeof talkNews>;

const event = z.object({ id: z.int(), event_type: z.string(), role: z.string().nullable(), content: z.string().nullable(), created_at: z.string() });

/** GET /api/talks/{session_id}. */
export const talkAnswer = z
  .object({
    session_id: z.string(),
    user_id: z.string(),
    start_time: z.string(),
    end_time: z.string().nullable(),
    duration_seconds: z.int().nullable(),
    summary: z.string().nullable(),
    summary_by: z.string().nullable(),
    events: z.array(event),
  })
  .describe(
    'The talk with everything that happened in it; while it lasts it has no end and no summary. `summary_by` is `rules` where no model wrote it.',
  );

export const talkPath = z.object({ session_id: z.string() });

export type TalkAnswer = z.infer<typeof talkAnswer>;
