import { z } from 'zod';
import { sessionPath } from './coach.ts';
import { exportedEntry } from './entry.ts';

/** A piece of kept sound: its number, when it was recorded (ms of the session), and its bytes. */
const keptSound = z.strictObject({
  no: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
  at: z.number().min(0).max(0xffff_ffff),
  data: z.base64().max(262_144),
});

/** GET /session/{id}/export and POST /session/import: a whole session as one document. */
export const sessionExport = z
  .strictObject({
    format: z.literal('aside.session'),
    version: z.literal(1),
    session_id: z.string().max(128),
    exported_at: z.iso.datetime(),
    entries: z.array(exportedEntry).min(1).max(100_000),
    sounds: z.array(keptSound).max(1_000_000),
  })
  .describe('The whole session: its log, and its sound where that is kept. No token opens the one that is made of it elsewhere but its own.');

/** GET /session/{id}/recordings: what can be played. */
export const recordings = z
  .object({
    session_id: z.string(),
    recordings: z.array(z.object({ number: z.int(), format: z.string(), from: z.number(), bytes: z.int(), path: z.string() })),
  })
  .describe('The kept sound, one file for each recorder and after each gap; `from` is when it begins, in ms of the session.');

/** The number of a recording in a path. */
export const recordingPath = sessionPath.extend({ number: z.coerce.number().int().min(1).max(1_000_000) });

export type SessionExport = z.infer<typeof sessionExport>;
