import type { Entry } from './entry.ts';

/** A sum over a growing log that adds only what is new each time it is asked for. */
export function fold<Sum>(start: () => Sum, add: (sum: Sum, entry: Entry) => void): (entries: readonly Entry[]) => Sum {
  const sums = new WeakMap<readonly Entry[], { sum: Sum; read: number }>();
  return (entries) => {
    let known = sums.get(entries);
    if (!known) {
      known = { sum: start(), read: 0 };
      sums.set(entries, known);
    }
    for (; known.read < entries.length; known.read += 1) add(known.sum, entries[known.read]!);
    return known.sum;
  };
}
