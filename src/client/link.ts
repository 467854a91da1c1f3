import type { ClientMessage, ServerMessage } from '../wire/coach.ts';
import { afterClose } from './close-codes.ts';
import type { Session } from './session.ts';
import { browser, type Surroundings } from './surroundings.ts';

/** How the line to the service is. */
export type LinkState =
  | { readonly is: 'connecting'; readonly attempt: number }
  | { readonly is: 'open' }
  | { readonly is: 'waiting'; readonly attempt: number; readonly ms: number }
  | { readonly is: 'over'; readonly code: number; readonly why: string };

/** A line to one session that comes back by itself and tells every entry once. */
export interface Link {
  /** The number of the last entry that was told. */
  readonly seq: number;
  say(message: ClientMessage): void;
  /** Sends sound, or keeps it while the line is down; `false` when too much has been kept and all of it was let go. */
  sound(piece: Blob): boolean;
  /** Lets go of the sound that waits: another recorder begins. */
  dropSound(): void;
  /** Resolves when the line is over. */
  readonly done: Promise<void>;
}

export type LinkOptions = {
  onMessage(message: ServerMessage): void;
  onState(state: LinkState): void;
  /** Everything after this entry is told; 0 for all. */
  after?: number;
  around?: Surroundings;
};

/** After so much quiet the service is asked whether it is there; without an answer it is dead after so much more: 12 s in all. */
const quiet = 5_000;
const patience = 6_000;
/** Pieces of sound that are kept while the line is down: a minute of them. */
const soundKept = 600;
/** A line that held so long was a good one: the next wait is short again. */
const held = 5_000;
const saidKept = 256;

/** Connects to a session and stays connected until stopped or sent away for good. */
export function connect(session: Session, options: LinkOptions, stop: AbortSignal): Link {
  const { onMessage, onState, around = browser } = options;
  let seq = options.after ?? 0;
  let open: WebSocket | undefined;
  let sounds: Blob[] = [];
  const sayings: ClientMessage[] = [];

  function welcomed(socket: WebSocket): void {
    open = socket;
    for (const message of sayings.splice(0)) socket.send(JSON.stringify(message));
    onState({ is: 'open' });
    for (const piece of sounds.splice(0)) socket.send(piece);
  }

  function hear(data: unknown, socket: WebSocket): void {
    const message = JSON.parse(String(data)) as ServerMessage;
    if (message.type === 'hello') {
      onMessage(message);
      welcomed(socket);
      return;
    }
    if ('seq' in message && message.seq !== undefined) {
      if (message.seq <= seq) return;
      seq = message.seq;
    }
    if (message.type !== 'pong') onMessage(message);
  }

  /** One socket, from its opening to its end. */
  function live(): Promise<{ code: number; reason: string; good: boolean }> {
    const here = new AbortController();
    return new Promise((resolve) => {
      const socket = around.socket(addressOf(session, seq));
      const began = around.now();
      let heard = began;
      let asked: number | undefined;
      const end = (code: number, reason: string) => {
        if (here.signal.aborted) return;
        here.abort();
        if (open === socket) open = undefined;
        resolve({ code, reason, good: around.now() - began >= held });
      };
      stop.addEventListener('abort', () => [socket.close(1000), end(1000, '')], { once: true, signal: here.signal });
      around.every(
        1_000,
        () => {
          const now = around.now();
          if (asked !== undefined && now - asked >= patience) {
            // a dead line takes its time to close: do not wait for it
            socket.close();
            end(1006, 'no answer');
          } else if (asked === undefined && now - heard >= quiet) {
            asked = now;
            if (socket.readyState === socket.OPEN) socket.send('{"type":"ping"}');
          }
        },
        here.signal,
      );
      socket.onmessage = ({ data }) => {
        if (here.signal.aborted) return;
        heard = around.now();
        asked = undefined;
        hear(data, socket);
      };
      socket.onclose = ({ code, reason }) => end(code, reason);
    });
  }

  async function run(): Promise<void> {
    for (let attempt = 0; !stop.aborted; attempt += 1) {
      onState({ is: 'connecting', attempt });
      const { code, reason, good } = await live();
      if (stop.aborted) return;
      if (good) attempt = 0;
      const next = afterClose(code, reason, attempt, around.random());
      if ('over' in next) return onState({ is: 'over', code, why: next.over });
      onState({ is: 'waiting', attempt, ms: next.wait });
      const waited = new AbortController();
      await around.sleep(next.wait, AbortSignal.any([stop, around.online(waited.signal)]));
      waited.abort();
    }
  }

  return {
    get seq() {
      return seq;
    },
    say(message) {
      if (open?.readyState === WebSocket.OPEN) open.send(JSON.stringify(message));
      // a hint is for now or not at all
      else if (message.type !== 'hint' && message.type !== 'ping' && sayings.length < saidKept) sayings.push(message);
    },
    sound(piece) {
      if (open?.readyState === WebSocket.OPEN) {
        open.send(piece);
        return true;
      }
      sounds.push(piece);
      if (sounds.length <= soundKept) return true;
      sounds = [];
      return false;
    },
    dropSound() {
      sounds = [];
    },
    done: run(),
  };
}

/** A page that came over https may only open secure sockets. */
function addressOf(session: Session, after: number): string {
  const address = new URL(session.socket);
  if (session.base.startsWith('https:')) address.protocol = 'wss:';
  address.searchParams.set('after', String(after));
  return address.href;
}
