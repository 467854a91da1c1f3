import { afterClose } from './close-codes.ts';
import type { ClientMessage, ServerMessage, Told } from './messages.ts';
import { type Session, socketOf } from './session.ts';
import { browser, type Surroundings } from './surroundings.ts';
import { numbered, type Piece, type Tail, type TailStore, tail } from './tail.ts';
import type { Trouble } from './trouble.ts';

/** How the line to the service is. */
export type LinkState =
  | { readonly is: 'connecting'; readonly attempt: number }
  | { readonly is: 'open' }
  | { readonly is: 'waiting'; readonly attempt: number; readonly ms: number }
  | { readonly is: 'over'; readonly code: number; readonly why: string };

/** A line to one session that comes back by itself, tells every entry once, and brings every word and every sound there. */
export interface Link {
  /** The number of the last entry that was told. */
  readonly seq: number;
  /** Whether the service has everything that was said and recorded here. */
  readonly delivered: boolean;
  say(message: ClientMessage): void;
  /** Takes what was said in these last seconds off the record, also when that can only be told later. */
  forget(seconds: number): void;
  /** Sends sound that was recorded from `at` on, and keeps it until it is heard. */
  sound(piece: Blob, at: number): void;
  /** Resolves when the line is over. */
  readonly done: Promise<void>;
}

export type LinkOptions = {
  onMessage(message: ServerMessage): void;
  onState(state: LinkState): void;
  /** Everything after this entry is told; 0 for all. */
  after?: number;
  /** What an earlier page left, and where this one leaves it. */
  tail?: Tail;
  /** Asks for a ticket before each socket, for whoever must not come in by the id alone: where that is enough, it is the right of the wearer. */
  ticket?: () => Promise<string>;
  around?: Surroundings;
};

/** How a socket ended: by which code and why, and whether it was let in before. */
type End = { readonly code: number; readonly reason: string; readonly greeted: boolean };

/** After so much quiet the service is asked whether it is there; without an answer it is dead after so much more: less than 12 s in all. */
const quiet = 5_000;
const patience = 5_000;
/** Bytes that may lie unsent in the socket before more is given to it. */
const enough = 65_536;
const saidKept = 256;
const forgetful: TailStore = { keep: () => undefined, forget: () => undefined, keepVoices: () => undefined, clear: () => undefined };

/** Connects to a session and stays connected until stopped or sent away for good. */
export function connect(session: Session, options: LinkOptions, stop: AbortSignal): Link {
  const { onMessage, onState, ticket, around = browser, tail: sounds = tail([], forgetful) } = options;
  const sayings = new Map<string, { message: ClientMessage; at: number }>();
  const again = new Set<string>();
  const times = new WeakMap<Piece, number>();
  const page = around.random().toString(36).slice(2);
  let count = 0;
  let seq = options.after ?? 0;
  let epoch: string | undefined;
  let open: WebSocket | undefined;
  /** The next piece to send, and when the session began on this device's clock. */
  let next = 1;
  let began = 0;
  let ending = false;
  let endTold = false;
  let unheard = false;

  const newId = () => {
    count += 1;
    return `${page}-${count}`;
  };

  /** What was said about going off the record and on it again, and is not done yet. */
  const wishes = () => [...sayings].filter(([, { message }]) => message.type === 'pause' || message.type === 'resume').map(([id]) => id);

  /** Whether the user has gone on or off the record again since: then the older wish must not be the last word. */
  const isOvertaken = (id: string) => wishes().includes(id) && wishes().at(-1) !== id;

  /** Where older wishes come again, the newest must be done again after them, even if it is done already. */
  function wishAnew(): void {
    const newest = wishes().length > 1 ? wishes().at(-1) : undefined;
    const all = [...sayings];
    sayings.clear();
    for (const [id, { message, at }] of all) {
      const key = id === newest ? newId() : id;
      sayings.set(key, { message: { ...message, id: key } as ClientMessage, at });
    }
  }

  /** What could not be kept a moment ago is said once more. */
  function repeat(): void {
    if (open?.readyState !== WebSocket.OPEN) return;
    for (const id of again) open.send(JSON.stringify(sayings.get(id)?.message));
    again.clear();
  }

  /** When a piece was recorded in the session; one that comes again comes with its old time, however slow the greetings were. */
  function timeOf(piece: Piece): number {
    const at = times.get(piece) ?? Math.max(0, Math.round(piece.at - began));
    times.set(piece, at);
    return at;
  }

  /** Gives the socket what it can take; the end comes last. */
  function pump(): void {
    while (open?.readyState === WebSocket.OPEN && open.bufferedAmount < enough) {
      const piece = sounds.from(next);
      if (!piece) {
        if (ending && !endTold) open.send('{"type":"stop"}');
        endTold = ending;
        return;
      }
      const at = timeOf(piece);
      if (piece.no > next) open.send(JSON.stringify({ type: 'lost', before: piece.no, at }));
      open.send(numbered(piece, at));
      next = piece.no + 1;
    }
  }

  /** The microphone has stopped, and everything that it recorded was heard. */
  function stopped(): void {
    unheard = false;
    ending = false;
    onMessage({ type: 'stopped' });
  }

  /** What the service let go of before the end is brought there once more. */
  function stopAgain(): void {
    if (!unheard) return;
    unheard = false;
    endTold = false;
    next = sounds.from(0)?.no ?? next;
  }

  function welcomed(socket: WebSocket, { chunk = 0, clock = 0, voices }: Told<'hello'>): void {
    open = socket;
    if (voices === false && sounds.voices) socket.send(JSON.stringify({ type: 'voices', numbers: sounds.voices }));
    // a session never gets younger: if it seems so, the greeting was slow or the service's clock went back
    began = Math.min(began || Number.POSITIVE_INFINITY, around.now() - clock);
    sounds.follow(chunk);
    next = chunk + 1;
    endTold = false;
    again.clear();
    wishAnew();
    for (const { message } of sayings.values()) socket.send(JSON.stringify(message));
    onState({ is: 'open' });
    pump();
  }

  function hear(data: unknown, socket: WebSocket): void {
    const message = JSON.parse(String(data)) as ServerMessage;
    if (message.type === 'hello') {
      // another log than the one that was told until now
      if (!message.resumed) seq = 0;
      epoch = message.epoch;
      onMessage(message);
      welcomed(socket, message);
      return;
    }
    // before the greeting, somebody else's sound may be meant
    if (message.type === 'ack' && open === socket) sounds.heard(message.chunk);
    if (message.type === 'stopped') unheard = true;
    if (message.type === 'resend') next = message.from;
    if (message.type === 'voices') sounds.keepVoices(message.numbers);
    // whatever was refused for good must not be tried for ever
    if (message.type === 'done') sayings.delete(message.id);
    if (message.type === 'error' && message.id !== undefined)
      message.retry && !isOvertaken(message.id) ? again.add(message.id) : sayings.delete(message.id);
    pump();
    if (unheard && sounds.from(0) === undefined) stopped();
    if (message.type === 'done' || message.type === 'resend' || message.type === 'voices' || message.type === 'pong' || message.type === 'stopped')
      return;
    if ('seq' in message && message.seq !== undefined) {
      if (message.seq <= seq) return;
      seq = message.seq;
    }
    if (message.type !== 'ack') onMessage(message);
  }

  /** One socket, from its opening to its end. */
  function live(...shown: string[]): Promise<End> {
    const here = new AbortController();
    return new Promise((resolve) => {
      const socket = around.socket(socketOf(session, seq, epoch, sounds.fresh), ['aside.v1', ...shown]);
      let heard = around.now();
      let greeted = false;
      let asked: number | undefined;
      const end = (code: number, reason: string) => {
        if (here.signal.aborted) return;
        here.abort();
        if (open === socket) open = undefined;
        resolve({ code, reason, greeted });
      };
      stop.addEventListener('abort', () => [socket.close(1000), end(1000, '')], { once: true, signal: here.signal });
      around.every(
        1_000,
        () => {
          const now = around.now();
          repeat();
          stopAgain();
          pump();
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
      // where the id alone is not enough, this is who we are
      socket.onopen = () => socket.send(JSON.stringify({ type: 'auth', token: session.token }));
      socket.onmessage = ({ data }) => {
        if (here.signal.aborted) return;
        heard = around.now();
        asked = undefined;
        hear(data, socket);
        greeted = true;
      };
      socket.onclose = ({ code, reason }) => end(code, reason);
    });
  }

  /** One socket for whoever came in by a ticket; without the right to one they are not let in. */
  const liveByTicket = (asked: Promise<string>): Promise<End> =>
    asked.then(
      (ticket) => live(`ticket.${ticket}`),
      (thrown: Trouble) => ({ code: thrown.code === 'session_not_found' ? 4001 : 1006, reason: '', greeted: false }),
    );

  async function run(): Promise<void> {
    for (let attempt = 0; !stop.aborted; attempt += 1) {
      onState({ is: 'connecting', attempt });
      const { code, reason, greeted } = await (ticket ? liveByTicket(ticket()) : live());
      if (stop.aborted) return;
      // whoever was let in once is let in again: the next wait is short
      if (greeted) attempt = 0;
      const next = afterClose(code, reason, attempt, around.random());
      if ('over' in next) return onState({ is: 'over', code, why: next.over });
      onState({ is: 'waiting', attempt, ms: next.wait });
      const waited = new AbortController();
      await around.sleep(next.wait, AbortSignal.any([stop, around.online(waited.signal)]));
      waited.abort();
    }
  }

  function say(message: ClientMessage): void {
    if (message.type === 'stop') {
      ending = true;
      pump();
      return;
    }
    // a hint is for now or not at all
    const passing = message.type === 'hint' || message.type === 'ping' || message.type === 'lost';
    const kept = passing ? message : { ...message, id: newId() };
    if ('id' in kept && sayings.size < saidKept) sayings.set(kept.id!, { message: kept, at: around.now() });
    // behind what has to be said again, everything waits its turn
    if ('id' in kept && again.size > 0 && sayings.has(kept.id!)) again.add(kept.id!);
    else if (open?.readyState === WebSocket.OPEN) open.send(JSON.stringify(kept));
  }

  return {
    get seq() {
      return seq;
    },
    get delivered() {
      return sayings.size === 0 && sounds.from(next) === undefined && !ending;
    },
    say,
    forget(seconds) {
      // words that could not be told yet must not be told now
      for (const [id, { message, at }] of sayings) {
        if (message.type !== 'said' || at <= around.now() - seconds * 1_000) continue;
        sayings.delete(id);
        again.delete(id);
      }
      // before the first greeting nobody knows when the session began, and nothing was sent
      say({ type: 'forget', seconds, ...(began > 0 && { until: Math.max(0, Math.round(around.now() - began)) }) });
    },
    sound(piece, at) {
      sounds.add(piece, at);
      pump();
    },
    done: run(),
  };
}
