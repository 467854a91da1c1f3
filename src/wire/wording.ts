import type { z } from 'zod';

/** What a field should have been, as people say it. */
const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a JSON object',
  record: 'a JSON object',
  array: 'a list',
};

/** A name may come from the client and may be of any length. */
const named = (path: readonly PropertyKey[] = []): string => path.map((step) => String(step).slice(0, 64)).join('.') || 'What was sent';

const listed = (values: readonly unknown[]): string => (values.length < 2 ? values.join() : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`);

/** The one place where a refusal is put into words: which field, what is wrong, what is expected. Handed to every parse of what a client sent. */
export const wording: z.core.$ZodErrorMap = (issue) => {
  const name = named(issue.path);
  const missing = issue.code === 'invalid_type' ? issue.input === undefined : issue.code === 'invalid_union' && !hasField(issue.input, issue.path);
  const must = (what: string) => (missing ? `${name} is missing: send ${what}.` : `${name} must be ${what}.`);
  switch (issue.code) {
    case 'invalid_type':
      return must(kinds[issue.expected] ?? issue.expected);
    case 'invalid_value':
      return must(listed(issue.values));
    case 'invalid_union':
      return 'options' in issue ? must(listed(issue.options as unknown[])) : `${name} is not of any kind that is known here.`;
    case 'too_small':
      if (issue.origin === 'string') return `${name} is empty: say it in a few words.`;
      return must(`${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`);
    case 'too_big':
      if (issue.origin === 'string') return `${name} is longer than ${issue.maximum} characters: shorten it.`;
      return must(`at most ${issue.maximum}`);
    case 'invalid_key':
      return `${name} is too long a name: shorten it.`;
    default:
      return `${name} is not as the documentation at /docs asks.`;
  }
};

const hasField = (sent: unknown, path: readonly PropertyKey[] = []): boolean =>
  typeof sent === 'object' && sent !== null && path.length > 0 && path.at(-1)! in sent;
