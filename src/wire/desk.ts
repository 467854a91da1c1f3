import { z } from 'zod';
import { message, words } from './text.ts';

const sender = z.enum(['user', 'assistant']);

/** A date as programs write it; one without a zone is UTC. */
const date = z.iso
  .datetime({ offset: true, local: true, error: 'timestamp is no date: send one such as 2026-01-31T12:00:00.000Z.' })
  .transform((written) => new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(written) ? written : `${written}Z`).toISOString());

/** An id that a client may choose: it stands in addresses. */
const chosenId = z.string().regex(/^[\w.~-]{1,128}$/, { error: 'id may have 1 to 128 letters, digits and - . _ ~.' });

/** POST /api/sessions: everything may be left out. */
export const deskRequest = z.object({ title: words(200).trim().optional(), id: chosenId.optional() }).default({});

/** POST /api/sessions/{id}/messages. */
export const deskMessageRequest = z.object({ content: message, sender, timestamp: date.optional() });

/** A message as a socket of the desk takes it: whoever says no sender is the user. */
export const deskCommand = deskMessageRequest.extend({ sender: sender.default('user') });

const told = { id: z.int(), content: z.string(), sender, timestamp: z.string() };

export const deskMessage = z
  .object({ ...told, session_id: z.string() })
  .describe('The message is kept; its `id` rises by one from message to message of a session.');

export const deskSession = z
  .object({ id: z.string(), title: z.string(), created_at: z.string(), messages: z.array(deskMessage) })
  .describe('The session with its messages, the oldest first.');

/** POST /api/sessions. */
export const deskOpened = deskSession.extend({ ws_url: z.string() }).describe('The session is there: connect to its `ws_url`.');

export const deskSessions = z.array(deskSession).describe('The sessions with their messages, the newest session first.');

/** What a socket of the desk tells. */
export const deskNews = z.union([
  z.object({ session_id: z.string(), message: z.object(told) }),
  z.object({ session_id: z.string(), token: z.object({ about: z.int(), content: z.string() }) }),
  z.object({ type: z.literal('error'), message: z.string(), code: z.string(), retry: z.boolean() }),
  z.object({ type: z.literal('finished'), seq: z.int() }),
]);

export type DeskNews = z.infer<typeof deskNews>;
export type DeskSession = z.infer<typeof deskSession>;
export type DeskMessage = z.infer<typeof deskMessage>;

/** Who connects: what they have already, and whether they want to see answers form. */
export const deskQuery = z.object({ after: z.coerce.number().int().min(0).optional(), tokens: z.enum(['0', '1']).optional() });

const limit = z.coerce.number().int().min(1).max(500).optional();

/** The last sessions before this one. */
export const deskSessionsQuery = z.object({ limit, before: z.string().max(128).optional() });

/** The last messages before this number. */
export const deskMessagesQuery = z.object({ limit, before: z.coerce.number().int().min(1).optional() });

export const deskPath = z.object({ id: z.string() });

const kind = z.enum(['coach', 'room', 'desk', 'share', 'talk']);

/** GET /api/search. */
export const searchQuery = z.object({ q: words(200), kind: kind.optional(), limit: z.coerce.number().int().min(1).max(100).default(20) });

export const searchAnswer = z
  .object({
    query: z.string(),
    total: z.int(),
    complete: z.boolean(),
    results: z.array(
      z.object({
        session_id: z.string(),
        kind,
        title: z.string(),
        seq: z.int(),
        sender: z.string(),
        timestamp: z.string(),
        snippet: z.string(),
        marks: z.array(z.array(z.int()).length(2)),
        score: z.number(),
      }),
    ),
  })
  .describe(
    'The best places, of `total` that were found; `marks` are the parts of the `snippet` that were asked for. Not `complete`: there may be more than was read in time.',
  );

export type Found = z.infer<typeof searchAnswer>;
