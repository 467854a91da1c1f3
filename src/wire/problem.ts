import { z } from 'zod';

/** What every refused request answers: `detail` is the one sentence for people. */
export const problemAnswer = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    code: z.string(),
    request_id: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

export type ProblemAnswer = z.infer<typeof problemAnswer>;
