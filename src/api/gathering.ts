import type { Socket } from 'node:net';

/** What is written to; corked, it keeps what is written and writes it in one piece when uncorked. */
export type Wire = Pick<Socket, 'cork' | 'uncork' | 'write' | 'writableCorked'>;

// a list and not a set: each table that a set has outgrown keeps the next one in memory, twenty megabytes in ten seconds
let gathered: Wire[] = [];

function releaseAll(): void {
  const all = gathered;
  gathered = [];
  for (const wire of all) release(wire);
}

/** Writes at once, and what else is written in this turn of the event loop in one piece at its end. */
export function gather(wire: Wire, bytes: Uint8Array, written?: () => void): void {
  wire.write(bytes, written);
  if (wire.writableCorked > 0) return;
  if (gathered.length === 0) setImmediate(releaseAll);
  gathered.push(wire);
  wire.cork();
}

/** Writes what is held. */
export const release = (wire: Wire): void => wire.uncork();
