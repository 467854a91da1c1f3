import type { Person } from '../../client/rooms.ts';
import { canSeal, type SealedRoom, sealedRoom } from '../../client/sealed-room.ts';
import { type SealedTalk, sealedTalk } from '../../client/sealed-talk.ts';
import { headOf, type ShareAt, type ShownConversation } from '../../client/share.ts';

/** Why nobody can read here: there is no key, it is not the right one, this page may not seal, or what should be encrypted is not. */
export type Locked = 'keyMissing' | 'keyWrong' | 'noSealing' | 'notEncrypted';

/** How somebody comes in: by a way that leaves words as they are, by one that seals them, or not at all. */
export type Entrance = { readonly locked: Locked } | { readonly talkAs?: (who: Person) => Promise<SealedTalk> };

/** Looks at what a conversation is, and at the key that somebody brought, before a word is sent there. */
export async function entrance(at: ShareAt, id: string, key: string | undefined): Promise<Entrance> {
  const head = await headOf(at, id);
  // words that somebody takes for sealed are never sent as they are
  if (!head.encrypted) return key === undefined ? {} : { locked: 'notEncrypted' };
  if (!canSeal()) return { locked: 'noSealing' };
  if (key === undefined) return { locked: 'keyMissing' };
  const rooms = await Promise.all([sealedRoom(key, id), sealedRoom(key)]).catch(() => undefined);
  if (!rooms || !(await fits(rooms, head))) return { locked: 'keyWrong' };
  return { talkAs: (who) => sealedTalk(...rooms, who) };
}

/** Whether a key opens what stands there already: the title, or where a program gave none, the name of anybody. */
async function fits([room, title]: readonly [SealedRoom, SealedRoom], head: ShownConversation): Promise<boolean> {
  const isOpened = (opening: Promise<string>) =>
    opening.then(
      () => true,
      () => false,
    );
  if (head.title.startsWith('aside1.')) return isOpened(title.open(head.title));
  if (head.participants.length === 0) return true;
  return (await Promise.all(head.participants.map(({ username }) => isOpened(room.open(username))))).includes(true);
}
