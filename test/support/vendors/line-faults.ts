import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../../src/core/ports.ts';
import type { Fault } from './faults.ts';

/** Between two bytes of a slow line. */
export const dripMs = 50;

/** Sleeps, and says whether nobody told it to stop meanwhile. */
export const slept = (clock: Clock, ms: number, stop: AbortSignal): Promise<boolean> =>
  clock.sleep(ms, stop).then(
    () => true,
    () => false,
  );

/** The line is gone at once, without a farewell: what a client sees when nobody listens any more. */
export const reset = (line: Duplex): void => {
  const socket = line as Socket;
  if (typeof socket.resetAndDestroy === 'function') socket.resetAndDestroy();
  else socket.destroy();
};

/** Does to a line that has just asked what a fault of the line does at `connect`; says whether it did. */
export function breakLine(line: Duplex, fault: Fault | undefined, clock: Clock, stop: AbortSignal): boolean {
  if (fault?.phase !== 'connect') return false;
  switch (fault.name) {
    case 'refused':
      reset(line);
      return true;
    case 'hang':
      return true;
    case 'cut':
      line.end();
      return true;
    case 'malformed':
      line.end('\x16\x03\x01 this is no HTTP\r\n\r\n');
      return true;
    case 'slow':
      void drip(line, 'HTTP/1.1 200 OK\r\nx-patience: ', clock, stop);
      return true;
    default:
      return false;
  }
}

/** A head that never ends, a byte at a time. */
async function drip(line: Duplex, head: string, clock: Clock, stop: AbortSignal): Promise<void> {
  line.write(head);
  while (await slept(clock, dripMs, stop)) line.write('.');
}

/** From now on everything written to this line goes a byte at a time. */
export function slowDown(line: Duplex, clock: Clock, stop: AbortSignal): void {
  const write = line.write.bind(line) as (bytes: Uint8Array) => boolean;
  const waiting: Buffer[] = [];
  let busy = false;
  const send = async () => {
    busy = true;
    for (let next = waiting.shift(); next; next = waiting.shift())
      for (const byte of next) {
        if (!(await slept(clock, dripMs, stop))) return;
        write(Buffer.of(byte));
      }
    busy = false;
  };
  line.write = ((bytes: Uint8Array | string, second?: unknown, third?: unknown) => {
    // what is written may be used again by its owner before it goes out
    waiting.push(Buffer.from(bytes as Uint8Array));
    const told = [second, third].find((each) => typeof each === 'function') as (() => void) | undefined;
    if (told) queueMicrotask(told);
    if (!busy) void send();
    return true;
  }) as typeof line.write;
}
