import type { Entry, Role } from './entry.ts';
import { fold } from './fold.ts';

/** A right to a conversation: whose token it is by its digest, what it allows and until when. */
export type Grant = { readonly grant: string; readonly role: Role; readonly key: string; readonly expires: number };

/** The name of the right that comes with opening a conversation. */
export const ownersGrant = 'owner';

/** What was given and taken back, and when the log was written last. */
const given = fold(
  () => ({ all: [] as Grant[], revoked: new Set<string>(), latest: 0 }),
  (rights, entry) => {
    rights.latest = Math.max(rights.latest, Date.parse(entry.at));
    if (entry.type === 'opened' && entry.key !== undefined)
      rights.all.unshift({ grant: ownersGrant, role: 'owner', key: entry.key, expires: Number.POSITIVE_INFINITY });
    if (entry.type === 'granted') rights.all.push({ grant: entry.grant, role: entry.role, key: entry.key, expires: Date.parse(entry.expires) });
    if (entry.type === 'revoked') rights.revoked.add(entry.grant);
  },
);

/** The rights to a conversation that hold now. A clock that goes back gives none of them back: what happened already has passed. */
export function grants(entries: readonly Entry[], now: number): Grant[] {
  const { all, revoked, latest } = given(entries);
  return all.filter(({ grant, expires }) => !revoked.has(grant) && Math.max(now, latest) < expires);
}
