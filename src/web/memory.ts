import type { Session } from '../client/session.ts';

/** What the start form holds. */
export type Fields = Record<'user_name' | 'context' | 'goal', string>;

/** A session, and when it began by the clock of this device. */
export type Begun = Session & { readonly began: number };

const fieldsKey = 'aside.fields';
const draftKey = 'aside.draft';
const sessionKey = 'aside.session';
const friendsKey = 'aside.friends';
const keyKey = 'aside.key';

/** A browser may forbid storage: then nothing is remembered, and nothing breaks. */
export function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** The fields that the user asked this device to remember. */
export const rememberedFields = (): Fields | undefined => attempt(() => JSON.parse(localStorage.getItem(fieldsKey) ?? 'null') ?? undefined);

/** Remembers the fields, or forgets them when there are none. */
export const rememberFields = (fields: Fields | undefined): void =>
  attempt(() => (fields ? localStorage.setItem(fieldsKey, JSON.stringify(fields)) : localStorage.removeItem(fieldsKey)));

/** What was half written when this tab was read anew; told once. */
export const draftFields = (): Fields | undefined =>
  attempt(() => {
    const draft = JSON.parse(sessionStorage.getItem(draftKey) ?? 'null') ?? undefined;
    sessionStorage.removeItem(draftKey);
    return draft;
  });

/** Keeps what is half written until this tab is read anew. */
export const keepDraft = (fields: Fields): void => attempt(() => sessionStorage.setItem(draftKey, JSON.stringify(fields)));

/** The session that this tab was in before it was reloaded. */
export const rememberedSession = (): Begun | undefined => attempt(() => JSON.parse(sessionStorage.getItem(sessionKey) ?? 'null') ?? undefined);

/** Remembers the session for this tab only, or forgets it. */
export const rememberSession = (session: Begun | undefined): void =>
  attempt(() => (session ? sessionStorage.setItem(sessionKey, JSON.stringify(session)) : sessionStorage.removeItem(sessionKey)));

/** A friend who was let into a session: by which right, as whom, and what they may do. */
export type Invited = { readonly grant: string; readonly name: string; readonly role: string };

/** The friends whom this tab has let into that session. */
export const invitedTo = (id: string): readonly Invited[] =>
  attempt(() => JSON.parse(sessionStorage.getItem(`${friendsKey}.${id}`) ?? '[]') as Invited[]) ?? [];

/** Remembers them for this tab only. */
export const rememberInvited = (id: string, invited: readonly Invited[]): void =>
  attempt(() => sessionStorage.setItem(`${friendsKey}.${id}`, JSON.stringify(invited)));

/** The key by which this tab may open sessions. */
export const rememberedKey = (): string | undefined => attempt(() => sessionStorage.getItem(keyKey) ?? undefined);

/** Remembers the key for this tab only, or forgets it. */
export const rememberKey = (key: string | undefined): void =>
  attempt(() => (key ? sessionStorage.setItem(keyKey, key) : sessionStorage.removeItem(keyKey)));
