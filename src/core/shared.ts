import type { EntryOf } from './entry.ts';
import { fold } from './fold.ts';

/** Something that was said or handed round in a shared conversation, by whom as they were called then, and who shows what they feel about it. */
export type SharedMessage = {
  readonly entry: EntryOf<'said' | 'attached'>;
  readonly name: string;
  /** Who, by what they show. */
  readonly reactions: Map<string, Set<string>>;
};

/** Where a browser is reached while its page is closed. */
export type PushTo = NonNullable<EntryOf<'subscribed'>['to']>;

/** What stands in a shared conversation. */
export type Shared = {
  readonly messages: SharedMessage[];
  /** By the number of the entry. */
  readonly bySeq: Map<number, SharedMessage>;
  /** Who is there: what they are called and since when. */
  readonly here: Map<string, { readonly name: string; readonly since: string }>;
  readonly names: Map<string, string>;
  /** Who wants to be told while they are away, and where. */
  readonly pushes: Map<string, PushTo>;
  over: boolean;
};

/** A shared conversation as it stands at the end of these entries. */
export const shared = fold<Shared>(
  () => ({ messages: [], bySeq: new Map(), here: new Map(), names: new Map(), pushes: new Map(), over: false }),
  (sum, entry) => {
    const { by, seq } = entry;
    switch (entry.type) {
      case 'joined':
        sum.names.set(by, entry.name);
        sum.here.set(by, { name: entry.name, since: sum.here.get(by)?.since ?? entry.at });
        break;
      case 'subscribed':
        if (entry.to) sum.pushes.set(by, entry.to);
        else sum.pushes.delete(by);
        break;
      case 'left':
        sum.here.delete(by);
        break;
      case 'said':
      case 'attached': {
        const message = { entry, name: sum.names.get(by) ?? by, reactions: new Map() };
        sum.messages.push(message);
        sum.bySeq.set(seq, message);
        break;
      }
      case 'reacted': {
        const { reactions } = sum.bySeq.get(entry.of) ?? {};
        const who = reactions?.get(entry.emoji) ?? new Set();
        if (entry.on) reactions?.set(entry.emoji, who.add(by));
        else if (who.delete(by) && who.size === 0) reactions?.delete(entry.emoji);
        break;
      }
      case 'removed':
        for (const gone of entry.of ?? []) {
          const message = sum.bySeq.get(gone);
          if (message) sum.messages.splice(sum.messages.indexOf(message), 1);
          sum.bySeq.delete(gone);
        }
        break;
      case 'ended':
        sum.over = true;
    }
  },
);
