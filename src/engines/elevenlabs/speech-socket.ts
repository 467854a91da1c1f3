import { once } from 'node:events';
import { z } from 'zod';
import { type Channel, channel, until } from '../../core/flow.ts';
import type { Clock } from '../../core/ports.ts';
import { toldLetters } from '../told-letters.ts';
import { type LineEnd, vendorLine } from '../vendor-line.ts';
import { VendorProblem } from '../vendor-problem.ts';
import { refusedByElevenLabs } from './faults.ts';

export type SpeechSocketParts = {
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the first message of every text says besides. */
  readonly settings?: object | undefined;
  /** How long it may take to open, and how long it may lie still, in ms. */
  readonly patience: number;
  readonly idle: number;
  readonly clock: Clock;
  /** It speaks no further text. */
  onOver(): void;
};

/** A socket that speaks several texts at once, each in a context of its own. */
export type SpeechSocket = {
  readonly ready: Promise<void>;
  /** Whether one more text may be spoken on it. */
  readonly free: boolean;
  /** The samples of a text; `sent` is told when it has gone out. */
  say(text: string, stop: AbortSignal, sent: () => void): AsyncIterable<Uint8Array>;
  /** Says goodbye; resolves when the line is gone. */
  close(): Promise<void>;
};

/** The vendor's limit. */
const mostContexts = 5;
/** So many pieces wait for their reader before the socket counts as mad. */
const flood = 2_000;
/** A context that was let go has so long to end before the line counts as hanging; a goodbye has so long, in ms. */
const letGo = 400;
const goodbye = 2_000;

const message = z.object({
  audio: z.string().nullish(),
  contextId: z.string().max(100).nullish(),
  context_id: z.string().max(100).nullish(),
  isFinal: z.boolean().nullish(),
  is_final: z.boolean().nullish(),
  error: z.string().max(10_000).nullish(),
  message: z.string().max(10_000).nullish(),
  alignment: z
    .object({ chars: z.array(z.string()).max(10_000) })
    .nullish()
    .catch(undefined),
});

/** The line did not come about or broke; it was not the vendor who refused. */
export class BrokenLine extends VendorProblem {}

type Context = { readonly sound: Channel<Uint8Array>; readonly told: ReturnType<typeof toldLetters>; listened: boolean; given: boolean };

const brokeOff = 'ElevenLabs broke off in the middle of a suggestion.';

/** Opens a socket; it lets itself be closed before the vendor would close it. */
export function speechSocket({ address, headers, settings, patience, idle, clock, onOver }: SpeechSocketParts): SpeechSocket {
  // a context keeps its slot until the vendor says that it is over, also when nobody listens any more
  const contexts = new Map<string, Context>();
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => undefined);
  const done = new AbortController();
  let resting = new AbortController();
  let isReady = false;
  let leaving = false;
  let over: VendorProblem | undefined;
  let count = 0;

  const leave = () => {
    if (leaving) return;
    leaving = true;
    resting.abort();
    onOver();
  };
  const finish = (problem: VendorProblem, hangs = false) => {
    if (over) return;
    over = problem;
    leave();
    ready.reject(problem);
    for (const { sound } of contexts.values()) sound.end(problem);
    contexts.clear();
    // whoever hangs answers no goodbye either
    if (hangs) line.cut();
    else line.close();
  };
  const isListenedTo = () => [...contexts.values()].some(({ listened }) => listened);
  const hangUp = (hangs = false) => finish(new BrokenLine('voice_failed', 'The line to the voice of ElevenLabs was closed.'), hangs);

  const rest = () => {
    resting.abort();
    resting = new AbortController();
    if (leaving) hangUp();
    else
      clock.sleep(idle, resting.signal).then(
        () => void close(),
        () => undefined,
      );
  };
  const ended = (id: string) => {
    const context = contexts.get(id);
    if (!context) return;
    context.sound.end(context.told.brokeOff ? new VendorProblem('voice_failed', brokeOff) : undefined);
    contexts.delete(id);
    // a line that gives no sound may never give any
    if (context.listened && !context.given) leave();
    if (contexts.size === 0 && !over) rest();
  };

  const line = vendorLine({
    address,
    headers,
    patience,
    onOpen() {
      isReady = true;
      ready.resolve();
    },
    onMessage(heard) {
      const { success, data } = message.safeParse(heard);
      if (!success || over) return;
      if (data.error) return finish(refused(data.error));
      const id = data.contextId ?? data.context_id ?? '';
      const context = contexts.get(id);
      if (data.audio && context?.listened) {
        context.given = true;
        context.told.piece(data.alignment?.chars);
        if (context.sound.offer(Buffer.from(data.audio, 'base64'))) return hangUp();
      }
      if (data.isFinal ?? data.is_final) ended(id);
    },
    onEnd(end) {
      finish(endOf(end));
      done.abort();
    },
  });
  rest();

  /** Nobody wants this text any more: a line that does not let go of it soon is cut. */
  const release = (id: string, context: Context) => {
    if (contexts.get(id) !== context || !context.listened) return;
    context.listened = false;
    if (!isReady) {
      ended(id);
      if (contexts.size === 0) hangUp(true);
      return;
    }
    clock.sleep(letGo, done.signal).then(
      () => {
        if (!contexts.has(id)) return;
        leave();
        if (!isListenedTo()) hangUp(true);
      },
      () => undefined,
    );
  };

  async function close(): Promise<void> {
    leave();
    if (!isReady || over) hangUp();
    else {
      line.send({ close_socket: true });
      clock.sleep(goodbye, done.signal).then(
        () => hangUp(true),
        () => undefined,
      );
    }
    if (!done.signal.aborted) await once(done.signal, 'abort');
  }

  return {
    ready: ready.promise,
    get free() {
      // until it has let go of what nobody wants any more, it may be hanging
      return !leaving && contexts.size < mostContexts && [...contexts.values()].every(({ listened }) => listened);
    },
    async *say(text, stop, sent) {
      const id = `c${++count}`;
      const sound = channel<Uint8Array>(flood);
      const context: Context = { sound, told: toldLetters(text), listened: true, given: false };
      contexts.set(id, context);
      resting.abort();
      resting = new AbortController();
      const begin = () => {
        if (stop.aborted || over) return;
        line.send({ text: ' ', context_id: id, ...(settings && { voice_settings: settings }) });
        line.send({ text: `${text} `, context_id: id, flush: true });
        // what was flushed is still spoken, and then the end is told: there is no other sign of it
        line.send({ context_id: id, close_context: true });
        sent();
      };
      if (isReady) begin();
      else ready.promise.then(begin, () => undefined);
      // at once, so that the next text does not come to a line that may hang
      const onStop = () => release(id, context);
      stop.addEventListener('abort', onStop, { once: true });
      try {
        if (over) throw over;
        yield* until(sound, stop);
      } finally {
        stop.removeEventListener('abort', onStop);
        release(id, context);
        if (leaving && !isListenedTo()) hangUp();
      }
    },
    close,
  };
}

const statuses: readonly (readonly [RegExp, number])[] = [
  [/api_key|auth|permission/, 401],
  [/quota|credits/, 401],
  [/rate_limit|concurrent|busy|max_active/, 429],
  [/voice|model|invalid|not_supported/, 400],
];

/** What an error that is told on the socket means: the same as its word over HTTP. */
function refused(word: string): VendorProblem {
  const status = statuses.find(([pattern]) => pattern.test(word))?.[1] ?? 500;
  return refusedByElevenLabs({ status, body: { detail: { code: word } } }, 'voice_failed');
}

function endOf({ opened, code, reason, status, body, headers, cause }: LineEnd): VendorProblem {
  if (status !== undefined) return refusedByElevenLabs({ status, body, headers }, 'voice_failed');
  const why = cause ?? new Error(`${code}`);
  if (!opened) return new BrokenLine('voice_failed', 'ElevenLabs cannot be reached. Check the network and ELEVENLABS_URL.', { cause: why });
  if (/quota/i.test(reason)) return refused('quota_exceeded');
  return new BrokenLine('voice_failed', 'The line to the voice of ElevenLabs broke.', { cause: why });
}
