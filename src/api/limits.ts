/** So many at once, and so many more each second. */
export type Limit = { readonly perSecond: number; readonly burst: number };

/** A bucket of one: takes what it is asked for, and answers after how many ms it will have had enough for that. */
export function bucket({ perSecond, burst }: Limit, now: () => number): (amount: number) => number {
  const room = (burst / perSecond) * 1_000;
  // when it will be full again; nobody has taken anything because the clock went back
  let full = 0;
  let last = now();
  return (amount) => {
    const time = now();
    full -= Math.max(0, last - time);
    last = time;
    full = Math.min(Math.max(full, time), time + room) + (amount / perSecond) * 1_000;
    return Math.max(0, full - time - room);
  };
}

/** Buckets of many, by name. */
export interface Rates {
  /** Takes one, or takes nothing and answers after how many ms there will be one. */
  take(name: string): number;
  /** After how many ms there will be one. */
  wait(name: string): number;
}

/** More names than this are not kept: the one that was asked for longest ago is forgotten. */
const names = 10_000;

/** Makes buckets that are remembered only as long as they are not full. */
export function rates({ perSecond, burst }: Limit, now: () => number): Rates {
  const step = 1_000 / perSecond;
  const room = burst * step;
  const full = new Map<string, number>();

  const fullAt = (name: string): number => {
    const time = now();
    return Math.min(Math.max(full.get(name) ?? 0, time), time + room);
  };
  const wait = (name: string): number => Math.max(0, fullAt(name) + step - now() - room);

  return {
    wait,
    take(name) {
      const late = wait(name);
      if (late > 0) return late;
      const next = fullAt(name) + step;
      // the newest stands last
      full.delete(name);
      full.set(name, next);
      for (const [oldest, time] of full) {
        if (time > now() && full.size <= names) break;
        full.delete(oldest);
      }
      return 0;
    },
  };
}
