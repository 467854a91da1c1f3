import { z } from 'zod';

/** Which engines this service runs with. */
export const engines = z.object({ ears: z.string(), voice: z.string(), brain: z.string() });

/** GET /: that it is here, for whoever asks for no page. */
export const running = z.object({ status: z.literal('Aside is running') });

/** GET /health: alive, and with which engines. */
export const health = z
  .object({
    status: z.literal('ok'),
    engines,
    awake: z.int(),
    loop_lag_ms: z.object({ p50: z.int(), p99: z.int() }),
    keep_days: z.object({ transcripts: z.number(), sound: z.number() }),
  })
  .describe(
    'The service is alive; `awake` sessions are in memory, and its event loop was late by `loop_lag_ms` in the last ten seconds. What is said is kept for `keep_days` after the end; 0 is gone within the hour.',
  );

/** GET /ready: whether new sessions can be taken, and in words whatever does not work. */
export const ready = z.object({ ready: z.boolean(), storage: z.enum(['ok', 'failed']), troubles: z.array(z.string()) });

export type Engines = z.infer<typeof engines>;
