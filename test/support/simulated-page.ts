import { connect, type Link } from '../../src/client/link.ts';
import type { ServerMessage } from '../../src/client/messages.ts';
import type { Surroundings } from '../../src/client/surroundings.ts';
import { type Piece, tail } from '../../src/client/tail.ts';
import { HeldSound } from './held-sound.ts';
import { bytesOf } from './simulated-ear.ts';
import { session } from './simulated-server.ts';
import type { Life, SimulatedTime } from './simulated-time.ts';

/** A word that was spoken: the number of its piece where there is no other page, when, and whether it may be missing for a good reason. */
export type Spoken = { readonly word: number; readonly no: number; readonly at: number; excused: boolean };

/** A page that wears the coach: what it was asked to do, and what it was shown. */
export type Page = {
  readonly life: Life;
  readonly link: Link;
  readonly words: Spoken[];
  /** The ids of its commands, in the order in which they were given; and how many were. */
  readonly commands: Set<string>;
  readonly refused: Set<string>;
  /** Those that could not be kept at once; and those among all that go off the record or on it again. */
  readonly putOff: Set<string>;
  readonly records: Set<string>;
  /** Those that were given off the record: refused, or done later when nobody knows of the refusal any more. */
  readonly offTheRecord: Set<string>;
  given: number;
  hints: number;
  readonly shown: (ServerMessage & { seq: number })[];
  /** The store that told it last. */
  readonly epoch: string;
  readonly over: string | undefined;
  /** The sound that the browser keeps for the page after it. */
  readonly left: ReadonlyMap<number, Piece>;
  /** When each piece was recorded. */
  readonly recorded: readonly number[];
  readonly stopped: boolean;
  paused: boolean;
  /** Brings a piece of sound that lasted so long: a word, or silence. */
  speak(word: number, ms: number): void;
  /** The recorder begins again. */
  recordAnew(): void;
  command(message: Parameters<Link['say']>[0]): void;
  /** Ends its link; with a reason, too early. */
  close(why?: string): void;
};

export type Connect = (address: string, life: Life) => WebSocket;

/** This device's clock is not that of the service. */
const clockOfItsOwn = 5_000_000;

/** Opens a page of the session. */
export function simulatedPage(
  time: SimulatedTime,
  connectTo: Connect,
  random: () => number,
  online: (stop: AbortSignal) => AbortSignal,
  isFull: () => boolean,
  before?: Page,
): Page {
  const life = time.life();
  const control = new AbortController();
  const words: Spoken[] = [...(before?.words ?? [])];
  const left = new Map(before?.left);
  const commands = new Set<string>();
  const refused = new Set<string>();
  const putOff = new Set<string>();
  const records = new Set<string>();
  const offTheRecord = new Set<string>();
  const typedOff = new Set<string>();
  const shown: Page['shown'] = [];
  let epoch = '';
  let over: string | undefined;
  let stopped = false;
  let begins = true;
  let end = 0;
  const recorded: number[] = [...(before?.recorded ?? [])];
  const now = () => clockOfItsOwn + time.now;

  const around: Surroundings = {
    now,
    random,
    sleep: (ms, stop) => life.sleep(ms, stop).catch(() => undefined),
    every(ms, tick, stop) {
      const again = () => {
        if (stop.aborted) return;
        tick();
        wait();
      };
      let planned = { cancel: () => {} };
      const wait = () => {
        planned = life.after(ms, again);
      };
      wait();
      stop.addEventListener('abort', () => planned.cancel(), { once: true });
    },
    online,
    fetch: () => Promise.reject(new Error('nobody fetches here')),
    socket(address) {
      const socket = connectTo(address, life);
      const send = socket.send.bind(socket);
      socket.send = (data: string | Blob) => {
        const { id, type, text } = typeof data === 'string' ? (JSON.parse(data) as { id?: string; type: string; text?: string }) : {};
        if (id !== undefined && text !== undefined && typedOff.has(text)) offTheRecord.add(id);
        if (id !== undefined) commands.add(id);
        if (id !== undefined && (type === 'pause' || type === 'resume')) records.add(id);
        if (id !== undefined && isFull()) putOff.add(id);
        send(data as string);
      };
      return socket;
    },
  };
  const sounds = tail([...left.values()], {
    keep: (piece) => left.set(piece.no, piece),
    forget(no) {
      for (const kept of left.keys()) if (kept <= no) left.delete(kept);
    },
    keepVoices: () => undefined,
    clear: () => left.clear(),
  });
  const link = connect(
    { base: 'http://aside', id: session, token: 't', socket: `ws://aside/ws/${session}`, greeting: '' },
    {
      around,
      tail: sounds,
      onMessage(message) {
        if (message.type === 'stopped') stopped = true;
        if (message.type === 'hello') {
          epoch = message.epoch;
          if (!message.resumed) shown.length = 0;
        }
        if (message.type === 'error' && message.id !== undefined) (message.retry ? putOff : refused).add(message.id);
        if (message.type !== 'hello' && message.type !== 'done' && 'seq' in message && message.seq !== undefined)
          shown.push({ ...message, seq: message.seq });
      },
      onState(state) {
        if (state.is === 'over') over = state.why;
      },
    },
    control.signal,
  );

  return {
    life,
    link,
    words,
    commands,
    refused,
    putOff,
    records,
    offTheRecord,
    shown,
    given: 0,
    hints: 0,
    paused: false,
    get epoch() {
      return epoch;
    },
    get over() {
      return over;
    },
    left,
    recorded,
    get stopped() {
      return stopped;
    },
    speak(word, ms) {
      const at = now() - ms;
      recorded.push(at);
      // a recorder that records nothing for a while is another one afterwards
      begins ||= at > end;
      end = at + ms;
      link.sound(new HeldSound([bytesOf({ word, ms, begins })]) as unknown as Blob, at);
      begins = false;
      if (word > 0) words.push({ word, no: recorded.length, at, excused: false });
    },
    recordAnew() {
      begins = true;
    },
    command(message) {
      this.given += 1;
      if (message.type === 'said' && this.paused) typedOff.add(message.text);
      link.say(message);
    },
    close(why) {
      over ??= why;
      control.abort();
    },
  };
}
