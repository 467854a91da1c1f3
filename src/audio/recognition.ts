import type { Conversation } from '../core/conversation.ts';
import type { Speaker } from '../core/entry.ts';
import { until } from '../core/flow.ts';
import type { Meter } from '../core/meter.ts';
import type { Hints, Pcm, Serving, Transcriber, Words } from '../core/ports.ts';
import { earHealth } from './ear-health.ts';
import { type Heard, heardWords } from './heard-words.ts';
import { isInvented } from './inventions.ts';
import type { Utterance } from './utterance.ts';

/** So many utterances are recognised at once: the one that lasts, and the one before it. */
const AT_ONCE = 2;
/** So much may wait for their turn: utterances, and ms of sound. */
const WAITING = 4;
const WAITING_MS = 60_000;

/** What recognition needs to know. `onRecord` says whether this utterance may still be listened to. */
export type RecognitionParts = {
  readonly transcriber: Transcriber<Serving>;
  readonly hints: () => Hints;
  readonly judge: (utterance: Utterance, text: string) => Speaker;
  /** Asks again and again who it is that still speaks. */
  readonly whoSpeaks?: (utterance: Utterance) => () => Speaker | undefined;
  /** A recording can wait: its reader is held up instead of losing what comes too fast. */
  readonly patient: boolean;
  /** What is too much just now can wait where it is: nothing is given up for it. */
  readonly waits?: boolean;
  /** Whether what is not heard to its end is sent again. */
  readonly comesAgain?: () => boolean;
  /** How old the conversation is, in ms, where the sound is live. */
  readonly age?: () => number;
  readonly meter: Meter;
};

/** How an utterance is listened to: whether it is still on the record, whom to tell when it is kept, how late its words are when they come now, and how late its sound came. */
type Listened = { readonly onRecord: () => boolean; readonly kept: () => void; readonly late?: number | undefined; readonly cameLate?: number };

type Waiting = { readonly utterance: Utterance; turn(mine: boolean): void };

/** Recognises utterances while listening goes on, and appends what was said in the order it was spoken. */
export function recognition(
  talk: Conversation,
  { transcriber, hints, judge, whoSpeaks = () => () => undefined, patient, waits = false, comesAgain = () => false, age, meter }: RecognitionParts,
  stop: AbortSignal,
) {
  const health = earHealth(talk);
  const waiting: Waiting[] = [];
  let busy = 0;
  let order: Promise<void> = Promise.resolve();
  let failure: { error: unknown } | undefined;
  let freed: (() => void) | undefined;
  let counted = 0;
  let wordless = 0;

  const count = () => {
    meter.note({ type: 'waiting', what: 'utterances', by: waiting.length - counted });
    counted = waiting.length;
  };
  /** What of these words was spoken; nothing where the recogniser made it up, which is easiest to see in the whole of it. */
  const credible = (words: Words, utterance: Utterance): Heard | undefined => {
    const heard = heardWords(words, utterance);
    if (!heard || ![heard, words].some((each) => isInvented(each, utterance))) return heard;
    if (words.final) meter.note({ type: 'invented' });
    return undefined;
  };
  const free = () => {
    while (busy < AT_ONCE && waiting.length > 0) {
      busy += 1;
      waiting.shift()!.turn(true);
    }
    count();
    freed?.();
  };
  /** Nobody listens to this utterance any more. */
  const giveUp = (utterance: Utterance) => {
    if (!comesAgain()) health.cutOff(utterance).catch(() => undefined);
  };
  const onStop = () => {
    for (const each of waiting.splice(0)) {
      each.turn(false);
      giveUp(each.utterance);
    }
    count();
    freed?.();
    transcriber.rest?.(talk.id);
  };
  stop.addEventListener('abort', onStop, { once: true });
  const release = (error?: unknown) => {
    stop.removeEventListener('abort', onStop);
    transcriber.rest?.(talk.id);
    return error;
  };

  async function listen(utterance: Utterance, { onRecord, cameLate = 0 }: Listened): Promise<Heard | undefined> {
    const off = new AbortController();
    async function* recorded(sound: AsyncIterable<Pcm>): AsyncGenerator<Pcm> {
      for await (const pcm of sound) {
        if (!onRecord()) return off.abort();
        yield pcm;
      }
    }
    const over = AbortSignal.any([stop, off.signal]);
    let heard: Heard | undefined;
    let soFar: Heard | undefined;
    const speaks = whoSpeaks(utterance);
    try {
      for await (const words of until(transcriber.transcribe(recorded(utterance.sound), hints(), over), over)) {
        if (!onRecord()) return undefined;
        if ('serving' in words) {
          await health.served(words);
          continue;
        }
        const some = credible(words, utterance);
        if (words.final && some) meter.note({ type: 'words', talk: talk.id, to: utterance.spoken.to });
        if (words.final) heard = some;
        if (words.final && age) health.pace(age() - utterance.spoken.to - cameLate).catch(() => undefined);
        else soFar = some ?? soFar;
        if (words.final || !some) continue;
        const speaker = speaks();
        talk.signal({ type: 'partial', text: some.text, from: utterance.spoken.from, ...(speaker && { speaker }) });
      }
      if (!over.aborted && waiting.length === 0) await health.well();
    } catch (error) {
      if (!over.aborted) await health.ill(error, utterance);
    }
    if (off.signal.aborted) return undefined;
    if (stop.aborted && !heard && !soFar) giveUp(utterance);
    // told to stop before the last word is sure: what was understood so far is better than nothing
    return heard ?? (stop.aborted && !comesAgain() ? soFar : undefined);
  }

  async function inTurn(turn: Promise<boolean>, utterance: Utterance, listened: Listened): Promise<Heard | undefined> {
    if (!(await turn)) return undefined;
    try {
      return listened.onRecord() ? await listen(utterance, listened) : undefined;
    } finally {
      busy -= 1;
      free();
    }
  }

  const full = () => waiting.length > WAITING || waiting.reduce((sum, { utterance }) => sum + utterance.to - utterance.from, 0) > WAITING_MS;

  return {
    /** Takes an utterance that has just begun; returns when the next may come. `kept` is called when its words are in the log, or it has none. */
    async add(utterance: Utterance, listened: Listened): Promise<void> {
      wordless += 1;
      const heard = inTurn(new Promise((turn) => waiting.push({ utterance, turn })), utterance, listened);
      const { onRecord, kept, late } = listened;
      order = Promise.all([order, heard])
        .then(async ([, said]) => {
          if (failure || (!said && stop.aborted)) return;
          const { from, to } = utterance.spoken;
          if (said && onRecord())
            await talk.append({
              by: 'ear',
              type: 'said',
              via: 'voice',
              ...said,
              from,
              to,
              speaker: judge(utterance, said.text),
              ...(late && { late }),
            });
          kept();
        })
        .catch((error) => {
          failure ??= { error };
        })
        .finally(() => {
          wordless -= 1;
        });
      free();
      while (patient && waiting.length > 0 && !stop.aborted)
        await new Promise<void>((resolve) => {
          freed = resolve;
        });
      while (full() && !stop.aborted) {
        if (waits) {
          await new Promise<void>((resolve) => {
            freed = resolve;
          });
          continue;
        }
        const oldest = waiting.shift()!;
        oldest.turn(false);
        count();
        await health.lost(oldest.utterance);
      }
      if (failure) throw release(failure.error);
    },
    /** Whether something that was spoken has no words yet. */
    get behind(): boolean {
      return wordless > 0;
    },
    /** Resolves when everything that was added so far is said. */
    said: (): Promise<void> => order,
    /** The same, for the last time. */
    async finish(): Promise<void> {
      await order;
      release();
      if (failure) throw failure.error;
    },
  };
}
