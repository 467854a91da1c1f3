import { z } from 'zod';

/** Whether every character can be seen or breaks a line. */
const isReadable = (value: string): boolean => !/\p{Cc}/u.test(value.replace(/[\t\n\r]/g, ''));

/** Words of people, as long as they may be here; characters that nobody can read are refused. */
export const words = (longest: number) =>
  z
    .string()
    .refine((value) => value.trim() !== '', { error: ({ path }) => `${nameOf(path)} is empty: say it in a few words.` })
    .refine(isReadable, { error: ({ path }) => `${nameOf(path)} holds control characters that nobody can read: send plain text.` })
    .max(longest);

const nameOf = (path: readonly PropertyKey[] = []): string => path.map(String).join('.') || 'What was sent';

/** One message of a chat. */
export const message = words(16_384);

/** What somebody is called. */
export const personName = words(80).trim();

/** By which somebody is known to their client. */
export const personId = words(128).trim();
