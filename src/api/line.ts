import { on } from 'node:events';
import type { WebSocket } from 'ws';
import type { Budgets } from '../core/budgets.ts';
import { type Meter, noMeter } from '../core/meter.ts';

/** One frame from a client. */
export type Frame = { bytes: Uint8Array; text?: undefined } | { text: string; bytes?: undefined };

/** A guarded socket: bounded both ways, alive or closed, and never able to hurt anybody else. */
export interface Line {
  /** Whether its sound comes in numbered pieces. */
  readonly numbered: boolean;
  /** Aborted when the socket is gone. */
  readonly stop: AbortSignal;
  /** Bytes that the client has not taken yet. */
  readonly backlog: number;
  /** Who counts what happens on it. */
  readonly meter: Meter;
  frames(): AsyncGenerator<Frame, void, undefined>;
  send(message: object): void;
  /** Sends, and resolves when the network has taken it or the socket is gone: whoever has much to tell goes no faster than it is read. */
  deliver(message: object): Promise<void>;
  close(code: number, reason: string): void;
}

/** Whoever speaks this numbers what it sends, and sends again what was lost. */
export const numberedProtocol = 'aside.v1';

/** Takes hold of a socket at once, before anything is awaited, so that no early frame is lost. */
export function openLine(socket: WebSocket, budgets: Budgets, meter: Meter = noMeter): Line {
  const control = new AbortController();
  const incoming = on(socket, 'message', { close: ['close'], highWaterMark: budgets.waitingFrames, lowWaterMark: budgets.waitingFrames / 4 });
  let missed = 0;
  let asked: number | undefined;
  const heartbeat = setInterval(() => {
    if (missed >= budgets.missedPings) return socket.terminate();
    // a beat that comes late because this process slept counts as one, and while we take nothing ourselves no sign of life can reach us
    if (!socket.isPaused) missed += 1;
    socket.ping();
  }, budgets.pingEvery);
  heartbeat.unref();
  meter.note({ type: 'connected' });
  socket.on('pong', () => {
    missed = 0;
  });
  // ws has already chosen the close code for whatever the client broke
  socket.on('error', () => undefined);
  socket.once('close', (code) => {
    clearInterval(heartbeat);
    control.abort();
    // whoever is sent away for reading nothing never answers with the code
    meter.note({ type: 'closed', code: asked ?? code });
  });

  const close = (code: number, reason: string) => {
    asked ??= code;
    socket.close(code, reason);
  };
  return {
    numbered: socket.protocol === numberedProtocol,
    stop: control.signal,
    get backlog() {
      return socket.bufferedAmount;
    },
    meter,
    async *frames() {
      try {
        for await (const [data, isBinary] of incoming as AsyncIterable<[Buffer, boolean]>) {
          missed = 0;
          meter.note({ type: 'frame', bytes: data.length });
          yield isBinary ? { bytes: data } : { text: data.toString('utf8') };
        }
      } catch {
        // the socket broke: its close event says so to everybody who must know
      }
    },
    send(message) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > budgets.backlog) close(4008, 'Too slow: come back and resume by seq');
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
