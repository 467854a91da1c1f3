import { z } from 'zod';
import { sessionPath } from './coach.ts';
import { personName } from './text.ts';

/** POST /session/{id}/tokens: for whom, and for how long, at most so many seconds. */
export const tokenRequest = (longest: number) =>
  z.object({
    role: z
      .enum(['speaker', 'viewer', 'whisper', 'export', 'talk', 'watch'])
      .transform((role) => (role === 'talk' ? 'speaker' : role === 'watch' ? 'viewer' : role))
      .describe(
        'speaker (or talk) takes part, viewer (or watch) watches live, whisper may say something into the ear of the user besides, export only reads.',
      ),
    name: personName.optional().describe('Who it is for, as the user is told.'),
    expires_in_seconds: z.int().min(1).max(longest).default(longest),
  });

export const tokenAnswer = z
  .object({
    token: z.string(),
    grant: z.string(),
    role: z.enum(['speaker', 'viewer', 'whisper', 'export']),
    expires_at: z.string(),
    link: z.string().optional().describe('To whisper or to watch: the page on which a friend does that, with the token in it; hand it on as it is.'),
  })
  .describe('The token to hand on; nobody can read it again. Its `grant` is its name, by which it is revoked.');

/** DELETE /session/{id}/tokens/{grant}: the receipt. */
export const revoked = z
  .object({ grant: z.string(), revoked: z.literal(true) })
  .describe('The token is worth nothing any more, and whoever was connected by it is sent away.');

/** POST /session/{id}/ticket. */
export const ticketAnswer = z
  .object({ ticket: z.string(), expires_in: z.int() })
  .describe('A ticket for one socket, once, within so many seconds: offer `aside.v1` and `ticket.` with the ticket as subprotocols.');

/** The name of a token in a path. */
export const grantPath = sessionPath.extend({ grant: z.string().max(128) });

export type TokenAnswer = z.infer<typeof tokenAnswer>;
