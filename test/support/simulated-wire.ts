import { EventEmitter } from 'node:events';
import type { WebSocket as ServerSocket } from 'ws';
import type { HeldSound } from './held-sound.ts';
import type { Life } from './simulated-time.ts';

/** Which way a frame goes: from the client up to the service, or down to the client. */
export type Way = 'up' | 'down';
type Frame = { readonly data: string | Buffer; readonly taken?: (() => void) | undefined } | { readonly code: number; readonly reason: string };

/** What the network does with frames: lets them through, holds them — also greetings, or not —, and once in a while doubles or swaps two of sound. */
export type Network = { held: Record<Way, boolean>; swap: number; double: number; greets: boolean };

/** One connection between a client and a service, in memory: frames stay in order, until the network or a crash takes them. */
export type Wire = {
  readonly open: boolean;
  readonly client: WebSocket;
  readonly server: ServerSocket;
  let(way: Way, count: number): void;
  /** Goes on delivering what is no longer held. */
  go(): void;
  /** Cut: what is under way is lost, and both sides notice. */
  cut(): void;
  /** Dead: what is under way and all that comes is lost, and nobody is told; the service notices after a while. */
  die(): void;
  /** The service is gone, and its side of the line with it. */
  crash(): void;
};

const opening = 1;
const latency = 1;
/** So long a service waits for the answer to its goodbye, and for a sign of life, in ms. */
const patience = 2_000;
const silence = 12_000;

/** Connects a client and a service, once `accept` has taken the service's end. */
export function wire(life: Life, network: Network, accept: (server: ServerSocket) => boolean, told: (data: string | Buffer) => void): Wire {
  const queues: Record<Way, Frame[]> = { up: [], down: [] };
  const going = { up: false, down: false };
  const events = new EventEmitter();
  let clientState = 0;
  let serverState = 1;
  let paused = false;
  let dead = false;
  let greeted = false;
  const bytes = (way: Way) => queues[way].reduce((sum, frame) => sum + ('data' in frame ? frame.data.length : 0), 0);

  function serverGone(code: number): void {
    if (serverState === 3) return;
    serverState = 3;
    for (const frame of queues.down.splice(0)) if ('taken' in frame) frame.taken?.();
    events.emit('close', code, Buffer.from(''));
  }
  function clientGone(code: number, reason: string): void {
    if (clientState === 3) return;
    clientState = 3;
    queues.up.length = 0;
    client.onclose?.({ code, reason } as CloseEvent);
  }

  function arrive(way: Way): void {
    const frame = queues[way].shift();
    if (!frame) return;
    if (way === 'up') {
      if ('code' in frame) {
        serverGone(frame.code);
        clientGone(frame.code, frame.reason);
        return;
      }
      const { data } = frame;
      if (serverState !== 3) events.emit('message', typeof data === 'string' ? Buffer.from(data) : data, typeof data !== 'string');
    } else if ('code' in frame) {
      clientGone(frame.code, frame.reason);
      serverGone(frame.code);
    } else {
      greeted = true;
      frame.taken?.();
      if (clientState !== 3) client.onmessage?.({ data: String(frame.data) } as MessageEvent);
    }
  }

  function deliver(way: Way, count: number): void {
    for (let left = count; left > 0 && queues[way].length > 0 && !(way === 'up' && paused); left -= 1) arrive(way);
  }

  /** A greeting comes through where that is asked for. */
  const isHeld = (way: Way) => network.held[way] && (greeted || way === 'up' || !network.greets);

  function go(way: Way): void {
    if (going[way] || isHeld(way) || queues[way].length === 0) return;
    going[way] = true;
    life.after(latency, () => {
      going[way] = false;
      if (!isHeld(way)) deliver(way, network.held[way] ? 1 : queues[way].length);
      if (!paused) go(way);
    });
  }

  function send(way: Way, frame: Frame): void {
    if (dead) {
      if ('taken' in frame) frame.taken?.();
      return;
    }
    const queue = queues[way];
    queue.push(frame);
    if (way === 'up' && 'data' in frame && typeof frame.data !== 'string') {
      const before = queue.at(-2);
      if (network.double > 0) {
        network.double -= 1;
        queue.push(frame);
      } else if (network.swap > 0 && before && 'data' in before && typeof before.data !== 'string') {
        network.swap -= 1;
        queue.splice(-2, 2, frame, before);
      }
    }
    go(way);
  }

  const client = {
    OPEN: 1,
    get readyState() {
      return clientState;
    },
    get bufferedAmount() {
      return bytes('up');
    },
    send: (data: string | HeldSound) => {
      if (clientState === 1) send('up', { data: typeof data === 'string' ? data : data.bytes });
    },
    close(code = 1005) {
      if (clientState >= 2) return;
      clientState = 2;
      send('up', { code, reason: '' });
    },
    onopen: undefined as unknown,
    onmessage: undefined as unknown,
    onclose: undefined as unknown,
  } as unknown as WebSocket;

  const server = Object.assign(events, {
    OPEN: 1,
    protocol: 'aside.v1',
    pause: () => {
      paused = true;
    },
    resume: () => {
      paused = false;
      go('up');
    },
    ping: () => events.emit('pong'),
    terminate: () => serverGone(1006),
    send(data: string | Buffer, _options: object, taken?: () => void) {
      if (serverState !== 1) return taken?.();
      if (!dead) told(data);
      send('down', { data, taken });
    },
    close(code: number, reason: string) {
      if (serverState !== 1) return;
      serverState = 2;
      send('down', { code, reason });
      life.after(patience, () => serverGone(1006));
    },
  });
  Object.defineProperties(server, {
    readyState: { get: () => serverState },
    bufferedAmount: { get: () => bytes('down') },
    isPaused: { get: () => paused },
  });

  life.after(opening, () => {
    if (clientState !== 0) return;
    if (!accept(server as unknown as ServerSocket)) return clientGone(1006, '');
    clientState = 1;
    client.onopen?.({} as Event);
  });

  return {
    get open() {
      return clientState === 1 || serverState < 3;
    },
    client,
    server: server as unknown as ServerSocket,
    let: (way, count) => (way === 'up' || greeted || !network.greets ? deliver(way, count) : undefined),
    go: () => [go('up'), go('down')],
    cut() {
      serverGone(1006);
      clientGone(1006, '');
    },
    die() {
      dead = true;
      queues.up.length = 0;
      for (const frame of queues.down.splice(0)) if ('taken' in frame) frame.taken?.();
      life.after(silence, () => serverGone(1006));
    },
    crash() {
      dead = true;
      serverGone(1006);
      clientGone(1006, '');
    },
  };
}
