import { z } from 'zod';

/** Whether every character can be seen or breaks a line. */
const isReadable = (value: string): boolean => !/\p{Cc}/u.test(value.replace(/[\t\n\r]/g, ''));

const readable = () =>
  z
    .string()
    .refine((value) => value.trim() !== '', { error: ({ path }) => `${nameOf(path)} is empty: say it in a few words.` })
    .refine(isReadable, { error: ({ path }) => `${nameOf(path)} holds control characters that nobody can read: send plain text.` });

/** Words of people, as long as they may be here; characters that nobody can read are refused. */
export const words = (longest: number) => readable().max(longest);

const nameOf = (path: readonly PropertyKey[] = []): string => path.map(String).join('.') || 'What was sent';

/** One message of a chat. */
export const message = words(16_384);

/** What a client calls its own message, and is called when it is answered. */
export const ownId = words(64);

/** What only those in an encrypted conversation can read: a mark, a nonce and what is sealed, as src/client/sealed-room.ts makes it. */
export const isSealed = (text: string): boolean => /^aside1\.[\w-]{16}\.[\w-]{22,}$/.test(text);

/** So long is what was sealed: letters of up to four bytes, its proof, its nonce and its mark. */
const lengthSealed = (longest: number): number => 24 + Math.ceil(((longest * 4 + 16) * 4) / 3);

/** Words of people that may be sealed: as long as they may be, however long that makes them then. */
export const sealable = (longest: number) =>
  readable()
    .refine((value) => value.length <= longest || (value.length <= lengthSealed(longest) && isSealed(value)), {
      error: ({ path }) => `${nameOf(path)} is longer than ${longest} characters: shorten it.`,
    })
    .meta({ maxLength: longest });

/** What somebody is called. */
export const personName = words(80).trim();

/** By which somebody is known to their client. */
export const personId = words(128).trim();
