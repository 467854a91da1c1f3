import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../../src/core/ports.ts';
import type { Fault } from './faults.ts';
import { dripMs, reset, slept } from './line-faults.ts';
import type { Call } from './vendor-server.ts';

type Headers = Record<string, string>;
type Pieces = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

/** How a request is answered. `fault` is what is to go wrong with the line while it is: the one of the call if nothing else is said, null for nothing. */
export type Reply = {
  /** One message; nothing goes wrong with the line of an answer that is an error. */
  json(status: number, body: unknown, headers?: Headers, fault?: Fault | null): Promise<void>;
  /** A body in pieces, sent as they come; a piece is one chunk on the wire. What goes wrong in the middle goes wrong in the piece after so many unharmed ones. */
  stream(type: string, pieces: Pieces, headers?: Headers, fault?: Fault | null, unharmed?: number): Promise<void>;
};

/** Answers a response; faults of the phases `first` (after the head) and `stream` (after the first piece, or half of the only one) are done to the body. */
export function answerer(response: ServerResponse, call: Call, clock: Clock, stop: AbortSignal): Reply {
  const write = async (piece: Uint8Array | string): Promise<void> => {
    if (!stop.aborted && !response.write(piece)) await new Promise<void>((resolve) => void response.once('drain', resolve).once('close', resolve));
  };

  const drip = async (pieces: Pieces): Promise<void> => {
    for await (const piece of pieces)
      for (const byte of Buffer.from(piece as Uint8Array)) {
        if (!(await slept(clock, dripMs, stop))) return;
        await write(Buffer.of(byte));
      }
    response.end();
  };

  /** What happens instead of the rest; nothing when the rest may come. */
  const broken = async (fault: Fault, last: Uint8Array | string, rest: Pieces): Promise<void> => {
    const tears = !['hang', 'cut', 'slow', 'malformed', 'endless'].includes(fault.name);
    // torn a moment later: what came before is read, not lost with the line
    for (let turns = 0; tears && fault.phase === 'stream' && turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    switch (fault.name) {
      case 'hang':
        return;
      case 'refused':
        if (response.socket) reset(response.socket);
        return;
      case 'cut':
        response.end();
        return;
      case 'slow':
        return drip(rest);
      case 'malformed':
        await write('\u0000{"this is no: [message\n\n');
        response.end();
        return;
      case 'endless':
        for (;;) {
          await write(last);
          if (!(await slept(clock, dripMs, stop))) return;
        }
      default:
        // the status has gone out long ago: whatever it is, it can only tear the line
        (response.socket as Socket | null)?.destroySoon();
    }
  };

  const stream = async (
    type: string,
    pieces: Pieces,
    headers: Headers = {},
    fault: Fault | null = call.fault ?? null,
    unharmed = 0,
  ): Promise<void> => {
    call.status ??= 200;
    let sent = 0;
    response.writeHead(call.status, { 'content-type': type, ...headers });
    response.flushHeaders();
    const source = iterated(pieces);
    if (fault?.phase === 'first' && fault.name !== 'endless') return broken(fault, '', source);
    let last: Uint8Array | string = '';
    // not with for: leaving it would close the source, and what goes slowly still needs the rest
    for (let next = await source.next(); !next.done; next = await source.next()) {
      const piece = next.value;
      if (stop.aborted) return void source.return(undefined);
      last = piece;
      const [before, after] = fault?.phase === 'stream' && sent++ >= unharmed ? halves(piece) : [piece, undefined];
      await write(before);
      if (fault && after !== undefined && fault.name !== 'endless') return broken(fault, last, following(after, source));
      if (after !== undefined) await write(after);
    }
    if (fault?.name === 'endless') return broken(fault, last, []);
    response.end();
  };

  return {
    stream,
    json: async (status, body, headers = {}, fault = status < 400 ? (call.fault ?? null) : null) => {
      call.status = status;
      call.sent.push(body);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      await stream('application/json', [text], headers, fault);
    },
  };
}

/** One pass over pieces that can be stopped and gone on with. */
async function* iterated(pieces: Pieces): AsyncGenerator<Uint8Array | string> {
  yield* pieces;
}

async function* following(first: Uint8Array | string, rest: AsyncGenerator<Uint8Array | string>): AsyncGenerator<Uint8Array | string> {
  yield first;
  yield* rest;
}

/** Half of a message is no message. */
function halves(piece: Uint8Array | string): [Uint8Array, Uint8Array] {
  const bytes = Buffer.from(piece as Uint8Array);
  const middle = bytes.length >> 1;
  return [bytes.subarray(0, middle), bytes.subarray(middle)];
}
