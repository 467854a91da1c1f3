import { attempt } from '../memory.ts';

/** Something that was begun or visited in this browser: its id, what it is called here, and when somebody was there last. */
export type Visit = { readonly id: string; readonly label: string; readonly at: number; readonly token?: string };

export type Kind = 'rooms' | 'conversations' | 'talks';

const most = 50;
const keyOf = (kind: Kind) => `aside.visited.${kind}`;

/** The list with a visit, the latest first; a visit without a label or a right keeps the ones before it. */
export function withVisit(visits: readonly Visit[], visit: Visit): readonly Visit[] {
  const known = visits.find(({ id }) => id === visit.id);
  const merged = { ...known, ...visit, label: visit.label || known?.label || '' };
  return [merged, ...visits.filter(({ id }) => id !== visit.id)].toSorted((a, b) => b.at - a.at).slice(0, most);
}

/** What was begun or visited here, the latest first. */
export const visited = (kind: Kind): readonly Visit[] =>
  attempt(() => {
    const kept = JSON.parse(localStorage.getItem(keyOf(kind)) ?? '[]') as unknown;
    return Array.isArray(kept) ? kept.filter((each): each is Visit => typeof each?.id === 'string' && typeof each?.at === 'number') : [];
  }) ?? [];

const keep = (kind: Kind, visits: readonly Visit[]) => attempt(() => localStorage.setItem(keyOf(kind), JSON.stringify(visits)));

/** Remembers in this browser that somebody is there. */
export const visit = (kind: Kind, id: string, label = '', token?: string): void =>
  keep(kind, withVisit(visited(kind), { id, label, at: Date.now(), ...(token !== undefined && { token }) })) as undefined;

/** Takes it off the list of this browser; what it was goes on without it. */
export const unvisit = (kind: Kind, id: string): void =>
  keep(
    kind,
    visited(kind).filter((each) => each.id !== id),
  ) as undefined;

/** The right that somebody has there, if they began it. */
export const rightTo = (kind: Kind, id: string): string | undefined => visited(kind).find((each) => each.id === id)?.token;

/** The beginning of a text as a label, cut at a word. */
export function labelOf(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length <= 60
    ? line
    : `${line
        .slice(0, 60)
        .toWellFormed()
        .replace(/\s+\S*$/, '')} …`;
}
