import type { Socket } from 'node:net';

/** What is written to; corked, it keeps what is written and writes it in one piece when uncorked. */
export type Wire = Pick<Socket, 'cork' | 'uncork' | 'write'>;

const gathered = new Set<Wire>();

function releaseAll(): void {
  for (const wire of gathered) wire.uncork();
  gathered.clear();
}

/** Holds what is written until the end of this turn of the event loop: a crowd is told in as many writes as there are members, one right behind the other. */
export function gather(wire: Wire): void {
  if (gathered.has(wire)) return;
  if (gathered.size === 0) setImmediate(releaseAll);
  gathered.add(wire);
  wire.cork();
}

/** Writes at once what was held. */
export function release(wire: Wire): void {
  if (gathered.delete(wire)) wire.uncork();
}
