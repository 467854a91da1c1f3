import type { Conversation } from '../core/conversation.ts';
import type { Hub } from '../core/hub.ts';
import { first } from '../core/views.ts';
import { headOf } from './share.ts';

/** What is known of a conversation without its messages. */
export type Head = ReturnType<typeof headOf> & { readonly invited: boolean };

/** The shared conversations that there are, the sleeping ones among them. */
export interface ShareShelf {
  all(): Promise<Head[]>;
  /** Somebody comes to this conversation: what is known of it may not hold any more. */
  touch(id: string): void;
}

/** One that is too damaged to say who may know of it counts as one for those who are invited. */
function known(talk: Pick<Conversation, 'id' | 'entries'>): Head {
  const opened = first(talk.entries, 'opened');
  return { ...headOf(talk), invited: !opened || opened.invited === true };
}

/** Reads each sleeper once; whoever wakes one says so. */
export function shareShelf(hub: Pick<Hub, 'list' | 'talks' | 'remains'>): ShareShelf {
  const asleep = new Map<string, Head>();

  return {
    async all() {
      const awake = new Map(hub.talks().map((talk) => [talk.id, talk]));
      const heads: Head[] = [];
      for await (const { id, kind } of hub.list()) {
        if (kind !== 'share') continue;
        const talk = awake.get(id);
        const head = talk ? known(talk) : (asleep.get(id) ?? known({ id, entries: await hub.remains(id) }));
        if (!talk) asleep.set(id, head);
        heads.push(head);
      }
      const there = new Set(heads.map(({ room_id }) => room_id));
      for (const id of asleep.keys()) if (!there.has(id) || awake.has(id)) asleep.delete(id);
      return heads;
    },
    touch: (id) => void asleep.delete(id),
  };
}
