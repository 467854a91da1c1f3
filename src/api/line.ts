import type { WebSocket } from 'ws';
import type { Budgets } from '../core/budgets.ts';
import { channel, othersFirst } from '../core/flow.ts';
import { type Meter, noMeter } from '../core/meter.ts';
import type { Clock } from '../core/ports.ts';
import { gather, release, type Wire } from './gathering.ts';
import { framed, type Letter, textIn } from './letters.ts';
import { bucket } from './limits.ts';

/** One frame from a client. */
export type Frame = { bytes: Uint8Array; text?: undefined } | { text: string; bytes?: undefined };

/** A guarded socket: bounded both ways, alive or closed, and never able to hurt anybody else. */
export interface Line {
  /** Whether its sound comes in numbered pieces. */
  readonly numbered: boolean;
  /** Whether it is told plain text instead of JSON. */
  readonly plain: boolean;
  /** Aborted when the socket is gone. */
  readonly stop: AbortSignal;
  /** Bytes that the client has not taken yet. */
  readonly backlog: number;
  /** Who counts what happens on it. */
  readonly meter: Meter;
  frames(): AsyncGenerator<Frame, void, undefined>;
  /** Sends it at once; what else is sent in this turn of the event loop follows in one piece. */
  send(message: object | Letter): void;
  /** Sends, and resolves when there is room for more or the socket is gone: whoever has much to tell goes no faster than it is read. */
  deliver(message: object | Letter): Promise<void>;
  close(code: number, reason: string): void;
}

/** Whoever speaks this numbers what it sends, and sends again what was lost. */
export const numberedProtocol = 'aside.v1';

/** Why everything ends that waited for a socket; one for all, since its stack tells nothing. */
const gone = new DOMException('The socket is gone', 'AbortError');

const tooFast = 'That was too much at once, so this connection ends. Come back in a moment and send less at a time; what was heard is kept.';

/** How a message is written; of some nothing is. */
export type Wording = (message: object) => string | undefined;

/** So many bytes are held together at most: more is on its way at once, and counts as unread only where it is. */
const handful = 32_768;

/** Takes hold of a socket at once, before anything is awaited, so that no early frame is lost. */
export function openLine(socket: WebSocket, budgets: Budgets, clock: Clock, meter: Meter = noMeter, wording?: Wording, wire?: Wire): Line {
  const textOf = (message: object): string | undefined => (wording ? wording(message) : JSON.stringify(message));
  const letterOf = (message: object | Letter): Letter | undefined => {
    if (Buffer.isBuffer(message)) return message;
    const text = textOf(message);
    return text === undefined ? undefined : framed(text);
  };
  const control = new AbortController();
  // events.on would do, but sets aside 32 KiB for each socket
  const incoming = channel<{ data: Buffer; isBinary: boolean }>();
  socket.on('message', (data: Buffer, isBinary) => {
    incoming.offer({ data, isBinary });
    if (incoming.size >= budgets.waitingFrames) socket.pause();
  });
  const now = () => clock.now();
  const sound = bucket({ perSecond: budgets.soundPerSecond, burst: budgets.soundBurst }, now);
  const pieces = bucket({ perSecond: budgets.framesPerSecond, burst: budgets.framesBurst }, now);
  const commands = bucket({ perSecond: budgets.textPerSecond, burst: budgets.textBurst }, now);
  let held: { since: number } | undefined;
  let missed = 0;
  let asked: number | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  const beat = () => {
    if (missed >= budgets.missedPings) return socket.terminate();
    // while we take nothing ourselves, no sign of life can reach us
    if (!socket.isPaused) missed += 1;
    socket.ping();
    // what a client asks while it is held back waits its turn: it must not think that nobody is here
    if (held || socket.isPaused) send({ type: 'pong' });
    // if this process was what slept, everything that came meanwhile is read before the next beat
    setImmediate(wait);
  };
  const wait = () => {
    if (!control.signal.aborted) heartbeat = setTimeout(beat, budgets.pingEvery).unref();
  };
  wait();
  meter.note({ type: 'connected' });
  socket.on('pong', () => {
    missed = 0;
  });
  // ws has already chosen the close code for whatever the client broke
  socket.on('error', () => incoming.end());
  socket.once('close', (code) => {
    incoming.end();
    clearTimeout(heartbeat);
    control.abort(gone);
    // whoever is sent away for reading nothing never answers with the code
    meter.note({ type: 'closed', code: asked ?? code });
  });

  /** Whether that is more than may be borne; sound that comes too fast is read more slowly. */
  async function isTooMuch(size: number, isBinary: boolean): Promise<boolean> {
    if (!isBinary) return commands(1) > 0;
    const wait = Math.max(sound(size), pieces(1));
    if (wait === 0 || control.signal.aborted) {
      held = undefined;
      return false;
    }
    held ??= { since: now() };
    await clock.sleep(wait, control.signal).catch(() => undefined);
    return now() - held.since > budgets.heldBack;
  }

  const close = (code: number, reason: string) => {
    asked ??= code;
    socket.close(code, reason);
  };
  function write(message: object | Letter, written?: () => void): void {
    const letter = socket.readyState === socket.OPEN ? letterOf(message) : undefined;
    if (!letter) written?.();
    else if (!wire) socket.send(textIn(letter), { binary: false }, written);
    else {
      gather(wire, letter, written);
      if (socket.bufferedAmount >= handful) release(wire);
    }
  }
  function send(message: object | Letter): void {
    if (socket.readyState === socket.OPEN && socket.bufferedAmount > budgets.backlog) close(4008, 'Too slow: come back and resume by seq');
    else write(message);
  }

  return {
    numbered: socket.protocol === numberedProtocol,
    plain: wording !== undefined,
    stop: control.signal,
    get backlog() {
      return socket.bufferedAmount;
    },
    meter,
    async *frames() {
      let taken = 0;
      for await (const { data, isBinary } of incoming) {
        taken += 1;
        if (taken % budgets.waitingFrames === 0) await othersFirst();
        if (socket.isPaused && incoming.size <= budgets.waitingFrames / 4) socket.resume();
        missed = 0;
        meter.note({ type: 'frame', bytes: data.length });
        if (await isTooMuch(data.length, isBinary)) {
          send({ type: 'error', message: tooFast, code: 'too_fast', retry: true });
          close(4029, 'Too fast: come back in a moment');
          return;
        }
        yield isBinary ? { bytes: data } : { text: data.toString('utf8') };
      }
    },
    send,
    async deliver(message) {
      if (socket.bufferedAmount < handful / 2) return write(message);
      await new Promise<unknown>((resolve) => write(message, () => setImmediate(resolve)));
    },
    close,
  };
}
