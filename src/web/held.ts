import type { Session } from '../client/session.ts';
import { attempt } from './memory.ts';

/** A conversation that this browser can open: what it was for, and when it began by the clock of this device. */
export type Held = Session & { readonly goal: string; readonly began: number };

const key = 'aside.held';

/** A browser gives a page some megabytes; nobody looks further back than this. */
const most = 500;

const isHeld = (value: unknown): value is Held => {
  const { id, token, base, goal, began } = (value ?? {}) as Partial<Held>;
  return [id, token, base, goal].every((field) => typeof field === 'string') && typeof began === 'number';
};

const keep = (all: readonly Held[]): void =>
  attempt(() => (all.length === 0 ? localStorage.removeItem(key) : localStorage.setItem(key, JSON.stringify(all.slice(0, most)))));

/** The conversations that this browser can open, newest first. */
export function held(): readonly Held[] {
  const stored = attempt(() => JSON.parse(localStorage.getItem(key) ?? '[]') as unknown);
  return Array.isArray(stored) ? stored.filter(isHeld).sort((a, b) => b.began - a.began) : [];
}

/** From now on this browser can open it. */
export const hold = (session: Held): void => keep([session, ...held().filter(({ id }) => id !== session.id)]);

/** This browser cannot open it any more; the service keeps what it has. */
export const letGo = (id: string): void => keep(held().filter((one) => one.id !== id));
