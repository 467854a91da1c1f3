import type { Budgets } from '../core/budgets.ts';
import { until } from '../core/flow.ts';
import { type Clock, type Hints, lasting, type Pcm, RATE, type Transcriber, type Words } from '../core/ports.ts';
import { lineTimes } from './line-times.ts';
import type { Dialect, Heard, RealtimeLine } from './realtime-line.ts';
import { realtimeLines } from './realtime-lines.ts';
import { repeats, saysSame, unrepeated } from './repeated-text.ts';
import { isEmpty, type Replayable, replayable } from './replayable.ts';
import { upsampler } from './upsampled.ts';
import { LateProblem, OverflowProblem, VendorProblem } from './vendor-problem.ts';

export type RealtimeEarsParts = {
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly budgets: Pick<Budgets, 'earsConnect' | 'earsMute' | 'earsLast'>;
  /** Told how much sound was sent, in ms, which the vendor bills. */
  readonly spent?: (ms: number) => void;
};

/** Unsent bytes above which nothing more is given to a line, and how long it then waits, in ms. */
const enough = 262_144;
const breath = 20;
/** So much sound may be sent at once where a vendor has complained, in ms. */
const burst = 1_000;
/** So long the times of words are waited for when the words have come, in ms. */
const twin = 300;
/** So much of what was said before helps a line that begins. */
const before = 48;

/** Whether words were heard, and not only laughter or the like, which is written in brackets. */
const hasWords = (text: string): boolean => /[\p{L}\p{N}]/u.test(text.replace(/\([^()]*\)|\[[^[\]]*\]/g, ''));

/** Counts the time in which sound was sent, however many pieces come at once: while a client stalls nobody can hear anything. `sent` tells whether it is over. */
function patienceFor(most: number, clock: Clock) {
  let last = clock.now();
  let unheard = 0;
  let passed = 0;
  return {
    sent(ms: number): boolean {
      const now = clock.now();
      const counts = Math.min(now - last, unheard);
      last = now;
      passed += counts;
      unheard += ms - counts;
      return passed >= most;
    },
  };
}

/** A recogniser at the other end of a socket: hears each utterance while it lasts, and once more from its beginning when its line breaks. */
export function realtimeEars({ dialect, clock, budgets, spent = () => undefined }: RealtimeEarsParts): Transcriber & { close(): Promise<void> } {
  const lines = realtimeLines(dialect, clock, budgets.earsConnect);
  const lastSaid = new Map<string, string>();
  let hurried = true;
  const late = (what: string) => new LateProblem('ears_failed', `${dialect.name} ${what}.`);

  async function* heardOn(
    line: RealtimeLine,
    utterance: Replayable<Pcm>,
    hints: Hints,
    stop: AbortSignal,
  ): AsyncGenerator<Words, boolean, undefined> {
    await line.ready;
    const over = new AbortController();
    const here = AbortSignal.any([stop, over.signal]);
    const events = line.listen();
    const times = lineTimes();
    const waiting = new AbortController();
    let lapse: VendorProblem | undefined;
    const alarm = (ms: number, problem: VendorProblem, quiet: AbortSignal) =>
      clock.sleep(ms, AbortSignal.any([quiet, over.signal])).then(
        () => {
          lapse = problem;
          over.abort();
        },
        () => undefined,
      );
    let committed = false;
    const mute = () => {
      lapse = late('hears nothing though somebody speaks');
      over.abort();
    };
    const patience = dialect.partials ? patienceFor(budgets.earsMute, clock) : undefined;
    const onSent = (ms: number) => {
      if (!waiting.signal.aborted && patience?.sent(ms)) mute();
    };
    const writing = write(line, utterance.read(), times, lastSaid.get(hints.talk ?? ''), onSent, here)
      .then(() => {
        if (here.aborted) return;
        committed = true;
        line.send(dialect.commit());
        waiting.abort();
        alarm(budgets.earsLast, late('did not send the words of what was just said in time'), over.signal);
      })
      .catch((error) => {
        lapse = error;
        over.abort();
      });
    let open = '';
    let done = '';
    let guessed = false;
    let ended: Words | undefined;
    let timed = false;
    const told = (text: string): Words => ({ text: [done, text].filter(Boolean).join(' '), words: [], confidence: null, final: false });
    try {
      try {
        for await (const heard of until(events, here)) {
          waiting.abort();
          const text = step(heard);
          guessed ||= hasWords(text ?? '');
          if (text !== undefined) yield told(text);
          if (ended && (!dialect.twins || timed || ended.text === '')) break;
        }
      } catch (problem) {
        // what came before the end of the line is enough
        lapse ??= problem as VendorProblem;
      }
      if (lapse && !ended) throw lapse;
      if (stop.aborted) return false;
      if (ended?.text === '' && guessed) throw new VendorProblem('ears_failed', `${dialect.name} lost the words that it had heard.`);
      if (ended && ended.text !== '') {
        lastSaid.set(hints.talk ?? '', ended.text.slice(-before));
        yield ended;
      }
      // a line that heard nothing may never hear anything again
      return ended !== undefined && ended.text !== '';
    } finally {
      over.abort();
      await writing;
    }

    function step(heard: Heard): string | undefined {
      switch (heard.type) {
        case 'partial':
          open = heard.text;
          return open === '' ? undefined : open;
        case 'more':
          open += heard.text;
          return open.trim() === '' ? undefined : open.trim();
        case 'nothing':
          if (committed) ended = { text: done, words: [], confidence: null, final: true };
          return undefined;
        case 'final':
          return settled(heard);
        default:
          return undefined;
      }
    }

    function settled({ text, words }: Extract<Heard, { type: 'final' }>): string | undefined {
      const said = unrepeated(text, times.spoken);
      if (!committed) {
        // nobody asked for it: a late echo of the last utterance, or the vendor was afraid of its own length
        if (words || repeats(said, lastSaid.get(hints.talk ?? ''))) return undefined;
        done = [done, said].filter(Boolean).join(' ');
        open = '';
        return '';
      }
      if (words && words.length > 0 && words.every(({ to }) => to <= times.begin)) return undefined;
      if (ended && !words && !repeats(ended.text, lastSaid.get(hints.talk ?? ''))) return undefined;
      timed = words !== undefined;
      const placed = (words ?? []).map((word) => ({ ...word, from: times.at(word.from), to: times.at(word.to) }));
      const sure = placed.flatMap((word) => (word.confidence === null ? [] : [word.confidence]));
      ended = {
        text: [done, said].filter(Boolean).join(' '),
        // times of a part are no times of the whole
        words: done === '' && saysSame(said, placed.map((word) => word.text).join(' ')) ? placed : [],
        confidence: sure.length === 0 ? null : sure.reduce((sum, value) => sum + value, 0) / sure.length,
        final: true,
      };
      if (dialect.twins && !words) alarmTwin();
      return undefined;
    }

    function alarmTwin(): void {
      clock.sleep(twin, over.signal).then(
        () => over.abort(),
        () => undefined,
      );
    }
  }

  async function write(
    line: RealtimeLine,
    sound: AsyncIterable<Pcm>,
    times: ReturnType<typeof lineTimes>,
    said: string | undefined,
    onSent: (ms: number) => void,
    stop: AbortSignal,
  ) {
    const asWanted = dialect.rate === RATE ? (samples: Int16Array) => samples : upsampler();
    let first = line.sent === 0;
    let length = 0;
    const since = clock.now();
    const send = (samples: Int16Array) => {
      const out = asWanted(samples);
      const base64 = Buffer.from(out.buffer, out.byteOffset, out.byteLength).toString('base64');
      line.send(dialect.sound(base64, first ? said : undefined), lasting(samples.length));
      first = false;
      length += lasting(samples.length);
      spent(lasting(samples.length));
      onSent(lasting(samples.length));
    };
    for await (const pcm of until(sound, stop)) {
      times.note(line.sent, pcm.at, pcm.samples);
      send(pcm.samples);
      const early = () => !hurried && length - burst > (clock.now() - since) * dialect.pace;
      while ((line.unsent > enough || early()) && !stop.aborted) await clock.sleep(breath, stop).catch(() => undefined);
    }
    if (!stop.aborted && length < dialect.least) send(new Int16Array(Math.ceil(((dialect.least - length) * RATE) / 1_000)));
  }

  async function* attempt(utterance: Replayable<Pcm>, hints: Hints, stop: AbortSignal): AsyncGenerator<Words, void, undefined> {
    const line = lines.take(hints);
    const letGo = () => line.close();
    stop.addEventListener('abort', letGo, { once: true });
    let fit = false;
    try {
      fit = yield* heardOn(line, utterance, hints, stop);
    } finally {
      stop.removeEventListener('abort', letGo);
      if (fit) lines.give(line, hints);
      else line.close();
    }
  }

  return {
    async *transcribe(sound, hints, stop) {
      if (stop.aborted) return;
      const utterance = replayable(sound);
      try {
        // where there is no sound at all there is nobody to ask
        if (await isEmpty(utterance, stop)) return;
        for (let again = false; ; again = true) {
          try {
            yield* attempt(utterance, hints, stop);
            return;
          } catch (problem) {
            if (stop.aborted) return;
            if (problem instanceof OverflowProblem) hurried = false;
            const passing = problem instanceof VendorProblem && !(problem instanceof LateProblem) && !problem.fatal && problem.after === undefined;
            if (again || !passing) throw problem;
          }
        }
      } finally {
        utterance.release();
      }
    },
    rest(talk) {
      lines.rest(talk);
      lastSaid.delete(talk);
    },
    async close() {
      lines.close();
    },
  };
}
