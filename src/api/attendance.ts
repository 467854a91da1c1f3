import type { Conversation } from '../core/conversation.ts';
import { members } from '../core/members.ts';
import type { Clock } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { isOver } from '../core/views.ts';
import type { Guest } from './chat.ts';

/** One connection of somebody, whatever it is. */
type Seat = object;
/** Who is connected to a chat, and what is on its way into its log: as whom somebody joins, or without a name that they leave. */
type Room = { readonly seats: Map<string, Set<Seat>>; readonly asked: Map<string, { readonly name: string | undefined }> };

/** Who is connected to which chat: the log says when somebody joined and left. */
export interface Attendance {
  /** Takes a seat; somebody new joins, another connection of the same person changes nothing. */
  arrive(talk: Conversation, guest: Guest, seat: Seat): Promise<void>;
  /** Writes down somebody who joins before they connect. */
  expect(talk: Conversation, guest: Guest): Promise<void>;
  /** Gives the seat up; with their last connection somebody has left. */
  leave(talk: Conversation, guest: Guest, seat: Seat): Promise<void>;
}

export type AttendanceParts = {
  clock: Clock;
  /** So many people may be in one chat. */
  most: number;
  /** So long those who were there may take to come back after a restart, in ms. */
  comingBack: number;
  /** Whether somebody who connects is announced where the log says already that they are there. */
  announces?: boolean;
  /** What clients of this door call the id of a person. */
  idName: string;
  /** Agents that may sit there, by who they are: nobody else is called so. */
  agents?: ReadonlyMap<string, string>;
  stop: AbortSignal;
};

const full = 'This room is full, so you could not come in. Try again when somebody has left.';
const comeBack = 10_000;

/** Names that entries of the house itself are written under. */
const reserved = ['house', 'user'];

/** Refuses whoever calls themselves like somebody of the house; `idName` is what clients of a door call the id of a person. */
export function notOfTheHouse({ id, name }: Guest, idName: string, agents: ReadonlyMap<string, string> = new Map()): void {
  const isOneOf = (taken: Iterable<string>, called: string) => [...taken].some((each) => each.toLowerCase() === called.toLowerCase());
  const wrong = isOneOf([...reserved, ...agents.keys()], id) ? idName : isOneOf(agents.values(), name) ? 'name' : undefined;
  if (wrong) throw new Problem('invalid', `Somebody of the house is called that, so you could not come in under it. Choose another ${wrong}.`);
}

/** Keeps the seats of all chats of one kind. */
export function attendance({ clock, most, comingBack, announces = false, idName, agents = new Map(), stop }: AttendanceParts): Attendance {
  const rooms = new WeakMap<Conversation, Room>();

  const peopleIn = (talk: Conversation): string[] =>
    [...members(talk.entries)].flatMap(([by, { role, here }]) => (here && role === 'human' ? [by] : []));

  /** Whoever was there when a process ended, and does not come back to this one, has left. */
  async function farewell(talk: Conversation, { seats }: Room): Promise<void> {
    const were = peopleIn(talk);
    await clock.sleep(comingBack, stop);
    for (const by of were) if (!seats.has(by) && nameHere(talk, by) !== undefined) await note(talk, by, undefined);
  }

  function roomOf(talk: Conversation): Room {
    const known = rooms.get(talk);
    if (known) return known;
    const room: Room = { seats: new Map(), asked: new Map() };
    rooms.set(talk, room);
    // where it cannot be written down, the next process finds out
    farewell(talk, room).catch(() => undefined);
    return room;
  }

  /** As whom somebody is there; what is on its way into the log counts already. */
  function nameHere(talk: Conversation, id: string): string | undefined {
    const asked = roomOf(talk).asked.get(id);
    if (asked) return asked.name;
    const known = members(talk.entries).get(id);
    return known?.here ? known.name : undefined;
  }

  /** Writes down that somebody joins, or without a name that they leave. */
  async function note(talk: Conversation, by: string, name: string | undefined): Promise<void> {
    const { asked } = roomOf(talk);
    const pending = { name };
    asked.set(by, pending);
    try {
      await talk.append(name === undefined ? { by, type: 'left' } : { by, type: 'joined', name, role: 'human' });
    } finally {
      if (asked.get(by) === pending) asked.delete(by);
    }
  }

  /** Everybody who is in, whether connected or only joined. */
  function everybodyIn(talk: Conversation): Set<string> {
    const { seats, asked } = roomOf(talk);
    return new Set([...seats.keys(), ...[...peopleIn(talk), ...asked.keys()].filter((id) => nameHere(talk, id) !== undefined)]);
  }

  const check = (guest: Guest): void => notOfTheHouse(guest, idName, agents);

  const noRoom = () => new Problem('busy', full, { after: comeBack });

  return {
    async expect(talk, guest) {
      check(guest);
      if (nameHere(talk, guest.id) !== undefined) return;
      if (everybodyIn(talk).size >= most) throw noRoom();
      await note(talk, guest.id, guest.name);
    },
    async arrive(talk, guest, seat) {
      check(guest);
      const { id, name } = guest;
      const { seats } = roomOf(talk);
      const there = everybodyIn(talk);
      const unconnected = there.size < most || there.has(id) ? undefined : [...there].find((other) => !seats.has(other));
      if (there.size >= most && !there.has(id) && unconnected === undefined) throw noRoom();
      // whoever only said that they would come makes room for whoever does
      if (unconnected !== undefined) note(talk, unconnected, undefined).catch(() => undefined);
      const own = seats.get(id) ?? new Set();
      seats.set(id, own.add(seat));
      const isNew = announces || nameHere(talk, id) !== name;
      // what is over is still read
      if (own.size === 1 && isNew && !isOver(talk.entries)) await note(talk, id, name);
    },
    async leave(talk, { id }, seat) {
      const seats = rooms.get(talk)?.seats;
      const own = seats?.get(id);
      own?.delete(seat);
      if (!seats || own?.size !== 0) return;
      seats.delete(id);
      if (nameHere(talk, id) !== undefined) await note(talk, id, undefined);
    },
  };
}
