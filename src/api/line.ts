import { on } from 'node:events';
import type { WebSocket } from 'ws';

/** One frame from a client. */
type Frame = { bytes: Uint8Array; text?: undefined } | { text: string; bytes?: undefined };

/** A guarded socket: bounded both ways, alive or closed, and never able to hurt anybody else. */
export interface Line {
  /** Aborted when the socket is gone. */
  readonly stop: AbortSignal;
  /** Bytes that the client has not taken yet. */
  readonly backlog: number;
  frames(): AsyncGenerator<Frame, void, undefined>;
  send(message: object): void;
  /** Sends, and resolves when the network has taken it or the socket is gone: whoever has much to tell goes no faster than it is read. */
  deliver(message: object): Promise<void>;
  close(code: number, reason: string): void;
}

/** What a socket may cost. */
export const lineLimits = {
  /** ws refuses larger frames by itself with close code 1009. */
  frame: 65_536,
  text: 8_192,
  /** Above this many unread bytes the client is too slow: it is sent away and comes back by seq. */
  backlog: 1_048_576,
  /** Frames that may wait unread before the socket is paused. */
  waiting: 64,
  pingEvery: 5_000,
  missedPings: 2,
} as const;

/** Takes hold of a socket at once, before anything is awaited, so that no early frame is lost. */
export function openLine(socket: WebSocket): Line {
  const control = new AbortController();
  const incoming = on(socket, 'message', { close: ['close'], highWaterMark: lineLimits.waiting, lowWaterMark: lineLimits.waiting / 4 });
  let missed = 0;
  const heartbeat = setInterval(() => {
    if (missed >= lineLimits.missedPings) return socket.terminate();
    missed += 1;
    socket.ping();
  }, lineLimits.pingEvery);
  heartbeat.unref();
  socket.on('pong', () => {
    missed = 0;
  });
  // ws has already chosen the close code for whatever the client broke
  socket.on('error', () => undefined);
  socket.once('close', () => {
    clearInterval(heartbeat);
    control.abort();
  });

  const close = (code: number, reason: string) => socket.close(code, reason);
  return {
    stop: control.signal,
    get backlog() {
      return socket.bufferedAmount;
    },
    async *frames() {
      try {
        for await (const [data, isBinary] of incoming as AsyncIterable<[Buffer, boolean]>) {
          missed = 0;
          yield isBinary ? { bytes: data } : { text: data.toString('utf8') };
        }
      } catch {
        // the socket broke: its close event says so to everybody who must know
      }
    },
    send(message) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > lineLimits.backlog) close(4008, 'Too slow: come back and resume by seq');
      else socket.send(JSON.stringify(message));
    },
    deliver: (message) =>
      new Promise((resolve) => {
        if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message), () => resolve());
        else resolve();
      }),
    close,
  };
}
