import type { Entry, EntryOf } from './entry.ts';
import { fold } from './fold.ts';
import { said } from './views.ts';

/** Something that was written in a chat, under a number that rises by one from message to message. */
export type Message = { readonly id: number; readonly entry: EntryOf<'said'> };

/** The numbers of messages by those of their entries. */
const numbers = fold(
  () => new Map<number, number>(),
  (known, { type, seq }) => {
    if (type === 'said') known.set(seq, known.size + 1);
  },
);

/** The number of the message in this entry. */
export const messageId = (entries: readonly Entry[], seq: number): number => numbers(entries).get(seq) ?? 0;

/** All messages, in order. */
export const messages = (entries: readonly Entry[]): Message[] => said(entries).map((entry) => ({ id: messageId(entries, entry.seq), entry }));

/** A title is no longer than this, in characters. */
const longest = 60;

/** What a conversation is called: as it was opened, or by the first thing that somebody wrote in it. */
export function titleOf(entries: readonly Entry[], untitled = 'New conversation'): string {
  const opened = entries[0];
  if (opened?.type === 'opened' && opened.title !== '') return opened.title;
  const first = entries.find((entry) => entry.type === 'said' && entry.by === 'user');
  const line = first?.type === 'said' ? first.text.trim().replace(/\s+/g, ' ') : '';
  if (line === '') return untitled;
  if (line.length <= longest) return line;
  const cut = line.slice(0, longest).toWellFormed();
  return `${cut.includes(' ') ? cut.slice(0, cut.lastIndexOf(' ')) : cut}…`;
}
