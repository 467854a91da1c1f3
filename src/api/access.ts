import { timingSafeEqual } from 'node:crypto';
import type { Conversation } from '../core/conversation.ts';
import type { Entry, Kind, Role } from '../core/entry.ts';
import { type Grant, grants } from '../core/grants.ts';
import type { Hub } from '../core/hub.ts';
import type { Clock } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import type { Admission, From } from './admission.ts';
import type { Tickets } from './tickets.ts';

/** What somebody wants with a session: rule it, take part, watch it live, whisper to its user, read it, or take a copy of it along. */
export type Deed = 'rule' | 'speak' | 'watch' | 'whisper' | 'read' | 'copy';

const may: Record<Role, readonly Deed[]> = {
  owner: ['rule', 'speak', 'watch', 'read', 'copy'],
  speaker: ['speak', 'watch', 'read'],
  viewer: ['watch', 'read'],
  whisper: ['whisper', 'watch', 'read'],
  export: ['read', 'copy'],
};

/** Whether that role is enough for this. */
export const allows = (role: Role, deed: Deed): boolean => may[role].includes(deed);

/** What somebody shows at the gate. */
export type Credential = { readonly token: string } | { readonly ticket: string };

/** Somebody at the gate: what they show, and where they come from. */
export type Visitor = { readonly shown: Credential | undefined; readonly from: From };

/** Somebody who may come in: to which session, as what, by which right and until when. */
export type Pass = { readonly talk: Conversation; readonly role: Role; readonly grant: string; readonly expires: number };

/** Decides who may do what with which session. */
export interface Access {
  readonly tickets: Tickets;
  /** The digest of the key by which somebody may open sessions; nothing where none is needed. */
  opener(visitor: Visitor): string | undefined;
  /** Whether knowing the address of this conversation is enough to come in. */
  isOpen(id: string, from: From): Promise<boolean>;
  /** Lets somebody into a conversation of that kind, or of any; whatever is missing, the answer is that there is no such session. */
  admit(id: string, deed: Deed, visitor: Visitor, kind?: Kind | 'any'): Promise<Pass>;
  /** Lets somebody erase a conversation of that kind, also one that is damaged: as far as it can be read, it says whose it is. */
  mayErase(id: string, visitor: Visitor, kind: Kind): Promise<void>;
  /** Whether that right still holds. */
  holds(pass: Pass): boolean;
}

export type AccessParts = {
  hub: Pick<Hub, 'find' | 'remains'>;
  keys: readonly string[];
  bareIds: boolean;
  digest: (token: string) => string;
  tickets: Tickets;
  admission: Pick<Admission, 'guess' | 'guessedWrong' | 'bearer'>;
  clock: Clock;
};

const same = (one: string, other: string): boolean => one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** A right, and what its token or key is counted by, where it came with one. */
type Right = Omit<Pass, 'talk'> & { readonly bearer?: string };

const rightBy = (given: Grant | undefined): Right | undefined =>
  given && { role: given.role, grant: given.grant, expires: given.expires, bearer: given.key };

/** The right of whoever has a key of the service, or a bare id where that is enough. */
const unnamed: Right = { role: 'owner', grant: '', expires: Number.POSITIVE_INFINITY };

/** The right of whoever has the link of a conversation that is shared by its link. */
const linked: Right = { ...unnamed, role: 'speaker' };
const byLink = new Set<Kind>(['room', 'share']);

const kindOf = (entries: readonly Entry[]): Kind | undefined => (entries[0]?.type === 'opened' ? entries[0].kind : undefined);
const isByLink = (entries: readonly Entry[]): boolean => byLink.has(kindOf(entries) ?? 'coach');

/** Whether even who knows its address needs a token. */
const isByInvitation = ([opened]: readonly Entry[]): boolean => opened?.type === 'opened' && opened.invited === true;

const keyNeeded = 'This Aside asks for a key, so no session was opened. Send one of those that it was given as Authorization: Bearer KEY.';

/** The gatekeeper of a service with these keys. */
export function access({ hub, keys, bareIds, digest, tickets, admission, clock }: AccessParts): Access {
  const digests = keys.map(digest);
  let latest = 0;

  /** Never earlier than it was: a clock that goes back gives nobody back what has run out. */
  const now = () => {
    latest = Math.max(latest, clock.now());
    return latest;
  };

  const keyOf = (token: string): string | undefined => {
    const asked = digest(token);
    // all of them, so that the time tells nobody which was nearly right
    return digests.filter((known) => same(known, asked))[0];
  };

  function rightTo({ id, entries }: Pick<Conversation, 'id' | 'entries'>, shown: Credential | undefined): Right | undefined {
    if (!shown) return isByInvitation(entries) ? undefined : isByLink(entries) ? linked : bareIds ? unnamed : undefined;
    const held = grants(entries, now());
    if ('ticket' in shown) {
      const ticketed = tickets.redeem(shown.ticket);
      if (ticketed?.id !== id) return undefined;
      return ticketed.grant === '' ? unnamed : rightBy(held.find(({ grant }) => grant === ticketed.grant));
    }
    const asked = digest(shown.token);
    const key = keyOf(shown.token);
    return rightBy(held.filter((one) => same(one.key, asked))[0]) ?? (key === undefined ? undefined : { ...unnamed, bearer: key });
  }

  function refuse(from: From): never {
    admission.guessedWrong(from);
    throw new Problem('session_not_found', 'Session not found');
  }

  async function admit(id: string, deed: Deed, { shown, from }: Visitor, wanted: Kind | 'any' = 'coach'): Promise<Pass> {
    admission.guess(from);
    const talk = await hub.find(id);
    const kind = talk && kindOf(talk.entries);
    const right = kind !== undefined && (wanted === 'any' || kind === wanted) ? rightTo(talk!, shown) : undefined;
    if (!talk || !right || !allows(right.role, deed)) return refuse(from);
    if (right.bearer !== undefined) admission.bearer(right.bearer);
    return { talk, role: right.role, grant: right.grant, expires: right.expires };
  }

  return {
    tickets,
    opener({ shown, from }) {
      if (keys.length === 0) return undefined;
      admission.guess(from);
      const key = shown && 'token' in shown ? keyOf(shown.token) : undefined;
      if (key !== undefined) {
        admission.bearer(key);
        return key;
      }
      admission.guessedWrong(from);
      throw new Problem('key_needed', keyNeeded);
    },
    async isOpen(id, from) {
      if (bareIds) return true;
      admission.guess(from);
      const talk = await hub.find(id);
      return talk !== undefined && isByLink(talk.entries);
    },
    admit,
    async mayErase(id, visitor, wanted) {
      try {
        await admit(id, 'rule', visitor, wanted);
      } catch (error) {
        if (!(error instanceof Problem && error.code === 'storage_damaged')) throw error;
        const entries = await hub.remains(id);
        const kind = kindOf(entries) ?? wanted;
        const right = kind === wanted ? rightTo({ id, entries }, visitor.shown) : undefined;
        if (!right || !allows(right.role, 'rule')) refuse(visitor.from);
      }
    },
    holds: ({ talk, grant }) => grant === '' || grants(talk.entries, now()).some((held) => held.grant === grant),
  };
}
