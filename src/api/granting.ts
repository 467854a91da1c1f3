import type { Budgets } from '../core/budgets.ts';
import type { Conversation } from '../core/conversation.ts';
import type { Role } from '../core/entry.ts';
import { grants } from '../core/grants.ts';
import type { Clock } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { every } from '../core/views.ts';
import type { Sockets } from './sockets.ts';

export type GrantingParts = {
  sockets: Pick<Sockets, 'dismiss'>;
  newId: () => string;
  newToken: () => string;
  digest: (token: string) => string;
  clock: Clock;
  budgets: Budgets;
};

/** What is given away: to do what, for so long, and to whom, where that is known. */
export type Gift = { readonly role: Exclude<Role, 'owner'>; readonly seconds: number; readonly name?: string | undefined };

/** How a door calls what it gives away, to say what went wrong: “token of this session”. */
export type Called = { readonly one: string; readonly many: string; readonly of: string };

/** Hands out rights to a conversation and takes them back. */
export function granting({ sockets, newId, newToken, digest, clock, budgets }: GrantingParts, by: string, { one, many, of }: Called) {
  return {
    /** Makes a token, which nobody can read again, and the name by which it is taken back. */
    async give({ entries, append }: Pick<Conversation, 'entries' | 'append'>, { role, seconds, name }: Gift) {
      if (grants(entries, clock.now()).length > budgets.grants)
        throw new Problem('too_many', `So many ${many} ${of} hold already that no other was made. Revoke one that nobody needs any more.`);
      const [grant, token] = [newId(), newToken()];
      const expires = new Date(clock.now() + seconds * 1_000).toISOString();
      await append({ by, type: 'granted', grant, role, key: digest(token), expires, ...(name !== undefined && { name }) });
      return { grant, token, expires };
    },
    /** From now on it is worth nothing, and whoever is connected by it is sent away. */
    async takeBack({ id, entries, append }: Pick<Conversation, 'id' | 'entries' | 'append'>, grant: string): Promise<void> {
      const isThere = (type: 'granted' | 'revoked') => every(entries, type).some((entry) => entry.grant === grant);
      if (!isThere('granted') || isThere('revoked')) throw new Problem('not_found', `There is no such ${one} ${of}, or it was revoked already.`);
      await append({ by, type: 'revoked', grant });
      sockets.dismiss(id, grant);
    },
  };
}
