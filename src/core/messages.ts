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
  return (first?.type === 'said' && titleFrom(first.text)) || untitled;
}

/** A message as a title: on one line, with a capital at its beginning, cut between words. */
function titleFrom(text: string): string {
  // no more of it can matter, and a message may be long
  const line = text
    .trimStart()
    .slice(0, 4 * longest)
    .trim()
    .replace(/\s+/g, ' ');
  // what is written its own way, such as an address or iPhone, stays so
  const [word = ''] = /^\p{Ll}[\p{Ll}\p{M}'’]*(?=[\s,.;:!?…]*(?:\s|$))/u.exec(line) ?? [];
  const capital = word.charAt(0).toUpperCase();
  const title = capital.length === 1 ? capital + line.slice(1) : line;
  if (title.length <= longest) return title;
  const words = title.slice(0, title.lastIndexOf(' ', longest));
  return `${(title.lastIndexOf(' ', longest) > 0 ? words : wholeSigns(title)).replace(/(?<![\s,;:–—-])[\s,;:–—-]+$/, '')}…`;
}

/** As many signs as fit, none of them in half. */
function wholeSigns(text: string): string {
  let end = 0;
  for (const { index, segment } of new Intl.Segmenter().segment(text.slice(0, 2 * longest))) {
    if (index + segment.length > longest) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}
