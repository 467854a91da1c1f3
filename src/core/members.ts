import { fold } from './fold.ts';

/** Somebody who takes or took part: the name they gave, whether it is a person, and whether they are there. */
export type Member = { readonly name: string; readonly role: 'human' | 'agent'; readonly here: boolean };

/** Everybody who ever joined, by who they are. */
export const members = fold(
  () => new Map<string, Member>(),
  (known, entry) => {
    const { by } = entry;
    if (entry.type === 'joined') known.set(by, { name: entry.name, role: entry.role, here: true });
    const member = known.get(by);
    if (entry.type === 'left' && member) known.set(by, { ...member, here: false });
  },
);
