import type { Role } from '../core/entry.ts';
import type { Line } from './line.ts';

/** Somebody's place in a session: by which line and by which right, and as whom. */
export type Seat = { readonly line: Line; readonly grant: string; readonly role: Role; readonly name: string };

/** Who is connected to which session: one who takes part, and some who watch. */
export interface Presence {
  /** Takes part from now on, and whoever did so before is sent away. */
  speak(id: string, seat: Seat): void;
  /** Watches from now on, unless so many do already. */
  watch(id: string, seat: Seat): boolean;
  /** Whether it is still this one who takes part. */
  speaks(id: string, seat: Seat): boolean;
  /** Who takes part, and who watches. */
  speaker(id: string): Seat | undefined;
  watching(id: string): Seat[];
  /** Is gone; answers whether it was the one who took part. */
  leave(id: string, seat: Seat): boolean;
  /** Whose right has ended: sent away, and not listened to any more. */
  dismiss(seat: Seat, reason: string): void;
  /** Everybody who came in by that right. */
  holding(id: string, grant: string): Seat[];
  all(): Line[];
}

/** Keeps places for this many connections a session. */
export function presence(most: number): Presence {
  const speakers = new Map<string, Seat>();
  const watchers = new Map<string, Set<Seat>>();
  const dismissed = new WeakSet<Seat>();
  const watching = (id: string): Set<Seat> => watchers.get(id) ?? new Set();

  return {
    speak(id, seat) {
      speakers.get(id)?.line.close(4009, 'Replaced by a newer connection');
      speakers.set(id, seat);
    },
    watch(id, seat) {
      const seats = watching(id);
      // one place is always left for whoever takes part
      if (seats.size >= most - 1) return false;
      watchers.set(id, seats.add(seat));
      return true;
    },
    speaker: (id) => speakers.get(id),
    watching: (id) => [...watching(id)],
    speaks: (id, seat) => speakers.get(id) === seat && !dismissed.has(seat),
    leave(id, seat) {
      const spoke = speakers.get(id) === seat;
      if (spoke) speakers.delete(id);
      const seats = watching(id);
      seats.delete(seat);
      if (seats.size === 0) watchers.delete(id);
      return spoke;
    },
    dismiss(seat, reason) {
      dismissed.add(seat);
      seat.line.close(4001, reason);
    },
    holding(id, grant) {
      const speaker = speakers.get(id);
      return [...(speaker ? [speaker] : []), ...watching(id)].filter((seat) => seat.grant === grant);
    },
    all: () => [...speakers.values(), ...[...watchers.values()].flatMap((seats) => [...seats])].map(({ line }) => line),
  };
}
