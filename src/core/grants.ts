import type { Entry, Role } from './entry.ts';
import { every, first } from './views.ts';

/** A right to a conversation: whose token it is by its digest, what it allows and until when. */
export type Grant = { readonly grant: string; readonly role: Role; readonly key: string; readonly expires: number };

/** The name of the right that comes with opening a conversation. */
export const ownersGrant = 'owner';

/** The rights to a conversation that hold now. A clock that goes back gives none of them back: what happened already has passed. */
export function grants(entries: readonly Entry[], now: number): Grant[] {
  const seen = entries.reduce((latest, { at }) => (at > latest ? at : latest), '');
  const time = Math.max(now, seen === '' ? now : Date.parse(seen));
  const revoked = new Set(every(entries, 'revoked').map(({ grant }) => grant));
  const key = first(entries, 'opened')?.key;
  const given = every(entries, 'granted').map(({ grant, role, key, expires }): Grant => ({ grant, role, key, expires: Date.parse(expires) }));
  const all: Grant[] = [
    ...(key === undefined ? [] : [{ grant: ownersGrant, role: 'owner', key, expires: Number.POSITIVE_INFINITY } as const]),
    ...given,
  ];
  return all.filter(({ grant, expires }) => !revoked.has(grant) && time < expires);
}
