import type { Conversation } from '../core/conversation.ts';
import { members } from '../core/members.ts';
import type { Clock } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import type { Guest } from './chat.ts';

/** One connection of somebody, whatever it is. */
type Seat = object;
type Seats = Map<string, Set<Seat>>;

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
  stop: AbortSignal;
};

const full = 'This room is full, so you could not come in. Try again when somebody has left.';
const taken = 'Somebody of the house is called that, so you could not come in under it. Choose another participant_id.';
const comeBack = 10_000;

/** Names that entries of the house itself are written under. */
const reserved = new Set(['house', 'user']);

/** Keeps the seats of all chats of one kind. */
export function attendance({ clock, most, comingBack, announces = false, stop }: AttendanceParts): Attendance {
  const rooms = new WeakMap<Conversation, Seats>();

  /** Whoever was there when a process ended, and does not come back to this one, has left. */
  async function farewell(talk: Conversation, seats: Seats): Promise<void> {
    await clock.sleep(comingBack, stop);
    for (const [by, { role, here }] of members(talk.entries)) if (here && role === 'human' && !seats.has(by)) await talk.append({ by, type: 'left' });
  }

  function seatsOf(talk: Conversation): Seats {
    const known = rooms.get(talk);
    if (known) return known;
    const seats: Seats = new Map();
    rooms.set(talk, seats);
    // where it cannot be written down, the next process finds out
    farewell(talk, seats).catch(() => undefined);
    return seats;
  }

  function check(talk: Conversation, { id }: Guest): void {
    if (reserved.has(id) || members(talk.entries).get(id)?.role === 'agent') throw new Problem('invalid', taken);
    const seats = seatsOf(talk);
    if (!seats.has(id) && seats.size >= most) throw new Problem('busy', full, { after: comeBack });
  }

  return {
    async expect(talk, guest) {
      check(talk, guest);
      const { id: by, name } = guest;
      if (!members(talk.entries).get(by)?.here) await talk.append({ by, type: 'joined', name, role: 'human' });
    },
    async arrive(talk, guest, seat) {
      check(talk, guest);
      const { id, name } = guest;
      const seats = seatsOf(talk);
      const own = seats.get(id) ?? new Set();
      seats.set(id, own.add(seat));
      const known = members(talk.entries).get(id);
      if (own.size === 1 && (announces || !(known?.here && known.name === name))) await talk.append({ by: id, type: 'joined', name, role: 'human' });
    },
    async leave(talk, { id }, seat) {
      const seats = rooms.get(talk);
      const own = seats?.get(id);
      own?.delete(seat);
      if (!seats || own?.size !== 0) return;
      seats.delete(id);
      if (members(talk.entries).get(id)?.here) await talk.append({ by: id, type: 'left' });
    },
  };
}
