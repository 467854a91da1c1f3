import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Clock } from '../../../src/core/ports.ts';
import type { Fault } from './faults.ts';
import { dripMs, reset, slept, slowDown } from './line-faults.ts';
import type { Call } from './vendor-server.ts';

/** An open socket of a simulated vendor. */
export type Link = {
  /** Aborted when the socket is gone, whoever closed it. */
  readonly stop: AbortSignal;
  send(message: object): void;
  /** Says goodbye with a code; of the reason the first 123 bytes are sent, more are not allowed. */
  close(code: number, reason?: string): void;
  /** Does it so many ms later, unless the socket is gone by then; at once when there is nothing to wait for. */
  after(ms: number, act: () => void): void;
  /** An alarm that every `set` puts off. */
  alarm(act: () => void): { set(ms: number): void; clear(): void };
  /** Goes wrong from now on as the line itself can: hang, slow, cut, malformed, refused, and for ever the same message when endless; says whether it did. */
  goWrong(fault: Fault | undefined, message?: object): boolean;
};

/** Longer than this no message of a vendor is; an unknown message is as long. */
const hugeBytes = 1 << 20;

/** Speaks JSON with a client over a socket, and records both sides. */
export function linked(peer: WebSocket, line: Duplex, call: Call, clock: Clock, hear: (message: unknown) => void): Link {
  const gone = new AbortController();
  let [silent, saidFirst] = [false, false];
  peer.on('error', () => undefined);
  peer.on('message', (data, binary) => {
    const text = String(data);
    const message = binary ? data : parsed(text);
    call.got.push(message);
    if (!silent && !saidFirst) hear(message);
  });
  peer.on('close', (code, reason) => {
    call.closed ??= { code, reason: String(reason), by: saidFirst ? 'vendor' : 'client' };
    gone.abort();
  });
  line.once('close', () => gone.abort());

  const link: Link = {
    stop: gone.signal,
    send: (message) => {
      if (silent || peer.readyState !== peer.OPEN) return;
      call.sent.push(message);
      peer.send(JSON.stringify(message));
    },
    close: (code, reason = '') => {
      if (silent || saidFirst || peer.readyState !== peer.OPEN) return;
      saidFirst = true;
      const short = cutTo(reason, 123);
      call.closed = { code, reason: short, by: 'vendor' };
      peer.close(code, short);
    },
    after: (ms, act) => {
      if (ms <= 0) act();
      else void slept(clock, ms, gone.signal).then((still) => still && act());
    },
    alarm: (act) => {
      let pending: AbortController | undefined;
      return {
        set: (ms) => {
          pending?.abort();
          const mine = new AbortController();
          pending = mine;
          void slept(clock, ms, AbortSignal.any([mine.signal, gone.signal])).then((still) => still && act());
        },
        clear: () => pending?.abort(),
      };
    },
    goWrong: (fault, message = {}) => {
      switch (fault?.name) {
        case 'hang':
          silent = true;
          // who hangs answers no ping and no goodbye either, but his line can still be taken down
          line.removeAllListeners('data');
          line.resume();
          return true;
        case 'slow':
          slowDown(line, clock, gone.signal);
          return false;
        case 'cut':
          link.close(1000);
          return true;
        case 'refused':
          reset(line);
          return true;
        case 'malformed':
          peer.send('{"this is no: [message');
          peer.send('null');
          peer.send(Buffer.of(0, 1, 2), { binary: true });
          return true;
        case 'unknown':
          link.send({ type: 'weather_report', message_type: 'weather_report', padding: 'x'.repeat(hugeBytes) });
          return false;
        case 'endless':
          void (async () => {
            do link.send(message);
            while (await slept(clock, dripMs, gone.signal));
          })();
          return true;
        default:
          return false;
      }
    },
  };
  return link;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function cutTo(text: string, bytes: number): string {
  let short = text;
  while (Buffer.byteLength(short) > bytes) short = short.slice(0, -1);
  return short;
}
