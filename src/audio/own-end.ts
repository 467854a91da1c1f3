import type { Conversation } from '../core/conversation.ts';
import type { Draft, Entry, Signal } from '../core/entry.ts';

/** What concerns everybody's microphone. */
const everybodys = new Set<Entry['type']>(['opened', 'paused', 'resumed']);

/** One person's end of a conversation in which everybody has a microphone of their own: what is heard there is said by them, and others are told no more than that they speak. */
export function ownEnd(talk: Conversation, by: string): Conversation {
  const own: Entry[] = [];
  let read = 0;
  const asTheirs = (draft: Draft): Draft => {
    if (draft.type !== 'said') return { ...draft, by };
    const { speaker: _, ...words } = draft;
    return { ...words, by };
  };
  return {
    id: talk.id,
    get entries() {
      for (; read < talk.entries.length; read += 1) {
        const entry = talk.entries[read]!;
        if (entry.by === by || everybodys.has(entry.type)) own.push(entry);
      }
      return own;
    },
    get followers() {
      return talk.followers;
    },
    append: (draft) => talk.append(asTheirs(draft)),
    forget: (asked, choose) => talk.forget(asked, choose),
    signal({ type }: Signal) {
      if (type === 'onset' || type === 'pause') talk.signal({ type: 'typing', by, active: type === 'onset' });
    },
    follow: (after, stop) => talk.follow(after, stop),
    close: (why) => talk.close(why),
  };
}
