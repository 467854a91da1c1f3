import { channel } from '../core/flow.ts';
import type { Clock, Hints } from '../core/ports.ts';
import type { LineEnd, VendorLine } from './vendor-line.ts';
import { vendorLine } from './vendor-line.ts';
import { LateProblem, type VendorProblem } from './vendor-problem.ts';

/** A word as a vendor heard it, in ms of the sound that was sent on its line. */
export type LineWord = { readonly text: string; readonly from: number; readonly to: number; readonly confidence: number | null };

/** What a message of a recogniser means. */
export type Heard =
  | { readonly type: 'reply'; readonly message: object }
  /** Sound may come. */
  | { readonly type: 'ready' }
  /** All that was heard of what was not committed yet, or what comes behind it. */
  | { readonly type: 'partial'; readonly text: string }
  | { readonly type: 'more'; readonly text: string }
  | { readonly type: 'final'; readonly text: string; readonly words?: readonly LineWord[] }
  /** There was too little sound for any word. */
  | { readonly type: 'nothing' }
  | { readonly type: 'wrong'; readonly problem: VendorProblem };

/** How one vendor's recogniser is spoken to. */
export type Dialect = {
  readonly name: string;
  /** Samples a second that it takes. */
  readonly rate: 16_000 | 24_000;
  address(hints: Hints): string;
  readonly headers: Readonly<Record<string, string>>;
  /** A piece of sound in base64; `before` is what was said before, at the beginning of a line. */
  sound(base64: string, before: string | undefined): object;
  commit(): object;
  /** Makes the reader of one line's messages. */
  reader(hints: Hints): (message: unknown) => Heard | undefined;
  /** What an end means that nobody asked for. */
  ended(end: LineEnd): VendorProblem;
  /** How many times faster than it was spoken sound is sent, once too much has come at once. */
  readonly pace: number;
  /** Less sound than this, in ms, cannot be committed. */
  readonly least: number;
  /** Whether each final comes once more with the times of its words. */
  readonly twins: boolean;
  /** Whether it tells partial words while somebody speaks. */
  readonly partials: boolean;
  /** After this a line is replaced, and so long it may lie still, in ms. */
  readonly lifetime: number;
  readonly idle: number;
};

/** A line to a recogniser that listens to one utterance at a time. */
export type RealtimeLine = {
  /** Resolves when sound may be sent; rejects where that never comes. */
  readonly ready: Promise<void>;
  readonly over: boolean;
  readonly begun: number;
  /** What it hears from now on; ends with a problem when the line does. */
  listen(): AsyncIterable<Heard>;
  /** Sends sound and counts it. */
  send(message: object, ms?: number): void;
  /** How much sound was sent on it, in ms. */
  readonly sent: number;
  readonly unsent: number;
  close(): void;
};

/** So many messages wait for their reader before a line counts as mad. */
const flood = 2_000;

/** Opens a line. */
export function realtimeLine(dialect: Dialect, hints: Hints, clock: Clock, patience: number, onOver: () => void): RealtimeLine {
  const read = dialect.reader(hints);
  const begun = clock.now();
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => undefined);
  let ear: ReturnType<typeof channel<Heard>> | undefined;
  let over: VendorProblem | true | undefined;
  let sent = 0;
  const late = new AbortController();

  const finish = (problem: VendorProblem | true) => {
    if (over) return;
    over = problem;
    late.abort();
    ready.reject(problem === true ? dialect.ended({ opened: true, code: 1000, reason: '' }) : problem);
    ear?.end(problem === true ? undefined : problem);
    line.close();
    onOver();
  };
  const line: VendorLine = vendorLine({
    address: dialect.address(hints),
    headers: dialect.headers,
    patience,
    onOpen: () => undefined,
    onMessage(message) {
      const heard = read(message);
      if (!heard || over) return;
      if (heard.type === 'reply') line.send(heard.message);
      else if (heard.type === 'wrong') finish(heard.problem);
      else if (heard.type === 'ready') {
        late.abort();
        ready.resolve();
      } else if (ear?.offer(heard)) finish(dialect.ended({ opened: true, code: 1009, reason: 'flood' }));
    },
    onEnd: (end) => finish(dialect.ended(end)),
  });
  clock.sleep(patience, late.signal).then(
    () => finish(new LateProblem('ears_failed', `${dialect.name} did not answer in time.`)),
    () => undefined,
  );

  return {
    ready: ready.promise,
    begun,
    get over() {
      return over !== undefined;
    },
    get sent() {
      return sent;
    },
    get unsent() {
      return line.unsent;
    },
    listen() {
      ear = channel<Heard>(flood);
      if (over) ear.end(over === true ? undefined : over);
      return ear;
    },
    send(message, ms = 0) {
      sent += ms;
      line.send(message);
    },
    close: () => finish(true),
  };
}
