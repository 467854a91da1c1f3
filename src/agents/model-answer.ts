import { z } from 'zod';
import type { AdviceKind } from '../core/entry.ts';
import { sentencesOf } from '../insight/words.ts';
import { longest, wordCount } from './reflexes/wording.ts';

/** What a model may say that its advice is for; silence and hint are occasions, and no model decides about these. */
export const modelKinds = ['answer', 'return', 'goal', 'monologue', 'fillers', 'pace'] as const satisfies readonly AdviceKind[];
export type ModelKind = (typeof modelKinds)[number];

/** The shape of an answer, in the order in which it can be used while it comes: the voice begins with what is for the ear while the proof of it is still written. */
export const answerShape = {
  name: 'whisper',
  schema: {
    type: 'object',
    properties: {
      speak: { type: 'boolean', description: 'false: silence is better now.' },
      ear: { type: 'string', description: 'What is whispered: at most 12 plain words; empty when silent.' },
      lines: { type: 'array', items: { type: 'integer' }, description: 'The seqs of the lines that this rests on; empty when silent.' },
      kind: { type: 'string', enum: modelKinds },
      screen: { type: ['string', 'null'], description: 'One longer plain sentence to read, or null.' },
    },
    required: ['speak', 'ear', 'lines', 'kind', 'screen'],
    additionalProperties: false,
  },
} as const;

const fields = {
  speak: z.boolean(),
  ear: z.string().max(2_000),
  lines: z.array(z.int()).max(20),
  kind: z.enum(modelKinds),
  screen: z.string().max(2_000).nullable(),
};

/** As much of an answer as has come whole. `broken` never becomes anything else. */
export type AnswerSoFar = { readonly [Name in keyof typeof fields]?: z.infer<(typeof fields)[Name]> } & {
  readonly state: 'open' | 'closed' | 'broken';
  /** What is for the ear, as far as it has come while it is still written. */
  readonly begun?: string;
};

/** No answer of our shape is as long as this, in characters. */
const longestAnswer = 2_000;

const opening = /^\s*(?:```[a-z]*\s*)?\{/i;
const name = /\s*"([a-z]{1,20})"\s*:\s*/y;
const value = /"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-f]{4}))*"|\[[\d\s,]*\]|true|false|null/iy;
const begunText = /"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-f]{4}))*/iy;
const comma = /\s*,/y;
const closing = /\s*\}\s*`{0,3}\s*/y;

/** Reads an answer as far as it has come, whatever it is cut into; a fence around it does no harm. */
export function readAnswer(text: string): AnswerSoFar {
  const broken: AnswerSoFar = { state: 'broken' };
  if (text.length > longestAnswer) return broken;
  let at = opening.exec(text)?.[0].length;
  if (at === undefined) return { state: 'open' };
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at!;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const read: Record<string, unknown> = {};
  for (;;) {
    const key = take(name)?.[1];
    const written = key === undefined ? undefined : take(value)?.[0];
    if (key === 'ear' && written === undefined) {
      const begun = parse(`${take(begunText)?.[0]}"`);
      return { ...read, state: 'open', ...(typeof begun === 'string' && { begun }) };
    }
    if (key === undefined || written === undefined) return { ...read, state: 'open' };
    if (!isField(key) || key in read) return broken;
    const parsed = fields[key].safeParse(parse(written));
    if (!parsed.success) return broken;
    read[key] = parsed.data;
    if (take(comma)) continue;
    if (!take(closing)) return { ...read, state: 'open' };
    const whole = at === text.length && Object.keys(fields).every((field) => field in read);
    return whole ? { ...read, state: 'closed' } : broken;
  }
}

const isField = (key: string): key is keyof typeof fields => Object.hasOwn(fields, key);

function parse(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}

/** More than this nobody reads from the corner of an eye. */
const longestText = 200;

/** What no whisper and no line on the screen has: signs that steer machines, markup, addresses, blanks of our redaction. */
const foreign =
  /[\p{Cc}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}|[<>`*_[\]{}|\\~^‹›]|^\s*[#•-]|&#?\w{1,10};|\S@\S|:\/\/|\b(?:www\.|mailto:|javascript:|data:|tel:)|\w\.(?:com|net|org|info|biz|io|ai|app|dev|xyz|top|site|online|link|click|ru|cn|de|uk|eu|co|me|ly|gg|tv)\b/iu;

/** Whether people may be shown this: one plain line, not too long. */
export const isPlain = (text: string): boolean => text.length <= longestText && /\p{L}/u.test(text) && !foreign.test(text);

/** Whether this may go into an ear. */
export const isWhisper = (text: string): boolean => isPlain(text) && wordCount(text) <= longest;

/** A sentence of fewer words is over before the next one could follow it without a gap. */
const worthBeginning = 3;

/** What a voice may begin to make of an answer while it comes: all that is for the ear, or its first sentence as soon as that is complete and `more` of it has begun. */
export function sayable({ speak, ear, begun = '' }: AnswerSoFar): { readonly text: string; readonly more: boolean } | undefined {
  if (!speak) return undefined;
  if (ear !== undefined) return isWhisper(ear) ? { text: ear.trim(), more: false } : undefined;
  const [text, next] = sentencesOf(begun);
  return text !== undefined && next !== undefined && wordCount(text) >= worthBeginning && isWhisper(begun) ? { text, more: true } : undefined;
}
