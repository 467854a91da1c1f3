import { z } from 'zod';
import type { Claims } from '../core/entry.ts';
import { claimable } from '../insight/claims.ts';

/** More of anything is no answer any more. */
const most = 100;

/** A longer answer is not read to its end; in characters. */
export const longestAnswer = 65_536;

const claim = z.object({
  text: z.string().describe('One or two plain sentences to the user, as “you”.'),
  cites: z.array(z.int()).max(most).describe('The seq of every line it rests on.'),
});

const answer = z.object({
  stars: z.array(claim).max(most).describe('Exactly 2: what the user did well.'),
  wish: claim.describe('The one thing to do differently next time.'),
  takeaways: z.array(claim).max(most).describe('Exactly 3: what to do before or in the next conversation.'),
  bullets: z.array(claim).max(most).describe('3 to 5: what the conversation was about and how it went.'),
  moments: z
    .array(
      z.object({
        seq: z.int(),
        kind: z.enum(claimable),
        quote: z.string().describe('Words of that line, as they stand there.'),
        why: z.string().describe('Why it is worth looking at again.'),
      }),
    )
    .max(most)
    .describe('Up to 4 lines of the user worth looking at again.'),
});

/** What not every service that takes schemas takes. */
const unportable = ['maxItems', 'minItems', 'minimum', 'maximum', 'maxLength', 'minLength'];

const { $schema: _, ...schema } = z.toJSONSchema(answer, {
  override: ({ jsonSchema }) => {
    for (const key of unportable) delete (jsonSchema as Record<string, unknown>)[key];
  },
});

/** The shape of the answer as a JSON schema that every service takes: all required, nothing besides, no limits. */
export const reviewShape = { name: 'feedback', schema: schema as Readonly<Record<string, unknown>> };

/** What a model has written, as claims; or what is wrong with it, in a sentence that it can be told. Fences and words around the object are forgiven. */
export function readAnswer(text: string): { readonly claims: Claims } | { readonly fault: string } {
  if (text.length > longestAnswer) return { fault: `The answer is longer than ${longestAnswer} characters.` };
  const [from, to] = [text.indexOf('{'), text.lastIndexOf('}')];
  if (from === -1 || to < from) return { fault: 'The answer holds no JSON object.' };
  let value: unknown;
  try {
    value = JSON.parse(text.slice(from, to + 1));
  } catch {
    return { fault: 'The answer is no valid JSON; perhaps it was cut off.' };
  }
  const read = answer.safeParse(value);
  if (read.success) return { claims: read.data };
  const where = read.error.issues.slice(0, 5).map(({ path, code }) => `${path.join('.').slice(0, 60) || 'the whole'} (${code})`);
  return { fault: `The answer has not the shape that was asked for, at ${where.join(', ')}.` };
}
