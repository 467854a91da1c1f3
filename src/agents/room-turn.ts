import type { Entry, EntryOf } from '../core/entry.ts';
import { fold } from '../core/fold.ts';
import { agentsIn, isCalled, orderIn } from '../core/orders.ts';
import { type Ideator, ideators, observer } from './temperaments.ts';

/** Whose turn it is in a room, and the words of a person that they answer. */
export type Turn = { readonly who: Ideator | typeof observer; readonly about: EntryOf<'said'> };

/** After so many messages of people the observer takes the turn. */
const often = 12;

type Room = {
  agents: Set<string>;
  people: Set<string>;
  /** What a person said last, as long as nobody has answered. */
  open: EntryOf<'said'> | undefined;
  /** Who of them was told to be quiet about that. */
  stopped: string | undefined;
  /** When each agent spoke last. */
  spoke: Map<string, number>;
  /** Messages of people since the last observation. */
  unobserved: number;
};

const roomSoFar = fold(
  (): Room => ({ agents: new Set(), people: new Set(), open: undefined, stopped: undefined, spoke: new Map(), unobserved: 0 }),
  (room, entry) => {
    if (entry.type === 'joined') (entry.role === 'agent' ? room.agents : room.people).add(entry.by);
    else if (entry.type === 'left') room.people.delete(entry.by);
    else if (entry.type === 'ended') room.open = undefined;
    else if (entry.type === 'said' && room.agents.has(entry.by)) {
      room.open = undefined;
      room.spoke.set(entry.by, entry.seq);
      if (entry.by === observer.id) room.unobserved = 0;
    } else if (entry.type === 'said') {
      const order = orderIn(entry.text);
      if (order?.deed === 'stop' && order.whom === undefined) room.open = undefined;
      if (order?.deed === 'stop') room.stopped = order.whom;
      if (order) return;
      room.open = entry;
      room.stopped = undefined;
      room.unobserved += 1;
    }
  },
);

const calls = /(?<![\p{L}\p{N}])@([\p{L}\p{N}_-]{1,80})/gu;

/** Who of the agents is called in these words; nobody of them where they are for somebody else. */
function calledIn(text: string): Turn['who'] | 'nobody' | undefined {
  for (const [, whom] of text.matchAll(calls)) {
    const found = [...ideators, observer].find(({ id, name }) => isCalled(id, name, whom!));
    if (found) return found;
  }
  return text.trimStart().startsWith('@') ? 'nobody' : undefined;
}

/**
 * Whose turn it is: of whoever was called, of the observer every so often, or of whoever has kept quiet longest. Nobody's, unless the last
 * words are a person's: so no agent ever answers another.
 */
export function turnIn(entries: readonly Entry[]): Turn | undefined {
  const { open: about, stopped, people, spoke, unobserved } = roomSoFar(entries);
  if (!about || people.size === 0) return undefined;
  const agents = agentsIn(entries);
  const isQuiet = ({ id }: { id: string }) => agents.get(id)?.muted ?? true;
  const next = (): Turn['who'] | undefined => {
    const called = calledIn(about.text);
    if (called !== undefined) return called === 'nobody' || isQuiet(called) ? undefined : called;
    if (unobserved >= often && !isQuiet(observer)) return observer;
    return ideators.filter((ideator) => !isQuiet(ideator)).toSorted((a, b) => (spoke.get(a.id) ?? 0) - (spoke.get(b.id) ?? 0))[0];
  };
  const who = next();
  return who && !(stopped !== undefined && isCalled(who.id, who.name, stopped)) ? { who, about } : undefined;
}

/** What people said, without what they told the agents to do. */
export const saidByPeople = (entries: readonly Entry[]): EntryOf<'said'>[] => {
  const agents = agentsIn(entries);
  return entries.filter((entry): entry is EntryOf<'said'> => entry.type === 'said' && !agents.has(entry.by) && !orderIn(entry.text));
};
