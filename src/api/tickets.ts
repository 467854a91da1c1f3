import type { Clock } from '../core/ports.ts';

/** What a ticket stands for: a session and the right by which it was asked for. */
export type Ticketed = { readonly id: string; readonly grant: string };

/** Tickets that let one socket in, once and soon; they are kept only as digests, and only in memory. */
export interface Tickets {
  issue(what: Ticketed): string;
  /** What it stood for, the first time and in time. */
  redeem(ticket: string): Ticketed | undefined;
}

export type TicketParts = { newToken: () => string; digest: (token: string) => string; clock: Clock; life: number; most: number };

/** Makes a box of tickets that holds at most so many; the oldest makes room. */
export function ticketBox({ newToken, digest, clock, life, most }: TicketParts): Tickets {
  // in the order in which they run out
  const waiting = new Map<string, Ticketed & { until: number }>();

  function makeRoom(): void {
    for (const [key, { until }] of waiting) {
      if (until > clock.now() && waiting.size < most) return;
      waiting.delete(key);
    }
  }

  return {
    issue({ id, grant }) {
      makeRoom();
      const ticket = newToken();
      waiting.set(digest(ticket), { id, grant, until: clock.now() + life });
      return ticket;
    },
    redeem(ticket) {
      const key = digest(ticket);
      const found = waiting.get(key);
      waiting.delete(key);
      return found && found.until > clock.now() ? found : undefined;
    },
  };
}
