import type { Conversation } from '../core/conversation.ts';
import type { Entry, HeardAgain, Span } from '../core/entry.ts';
import { offTheRecord } from '../core/forgetting.ts';
import {
  type AttributedWord,
  type Clock,
  type Decoder,
  type Detector,
  type LateListener,
  lasting,
  type Pcm,
  RATE,
  type TimedChunk,
} from '../core/ports.ts';
import { asProblem } from '../core/problem.ts';
import { every, isAgreed } from '../core/views.ts';
import { mendedBy, timedLines } from '../insight/second-hearing.ts';
import { activity } from './activity.ts';
import { keptSpeech, type SpeechPart } from './kept-speech.ts';
import { hintsOf } from './listening.ts';
import type { Container } from './sniff.ts';
import { wavHeader } from './wav.ts';

export type SecondHearingParts = {
  /** The kept sound of a conversation. */
  readonly pieces: (id: string) => AsyncIterable<TimedChunk>;
  readonly listener: LateListener;
  readonly clock: Clock;
  /** How long all of it may take, in ms. */
  readonly patience: number;
  /** What tells whether there was a voice where nobody heard a word live; without it any sound will do. */
  readonly detector?: () => Detector;
  readonly external?: (format: Container) => Decoder | undefined;
};

/** So many parts of a conversation are heard at once. */
const atOnce = 3;

/** What is looked at for a voice begins in the middle of other sound: so much of it, in ms, is heard first, so that its own beginning is not taken for one. */
const context = 2_000;
/** So much voice, in ms, may be a word. */
const word = 160;
/** After so much sound that was looked at for a voice, in ms, others have their turn. */
const breath = 2_000;

/** By whom lines are mended and found that way. */
const by = 'second hearing';

const untimed = 'The words of this conversation came without their times, so the kept sound could not be laid beside them.';
const tooLate = 'Hearing the kept sound once more took too long.';

/** Hears the kept sound of a conversation once more and mends its log by what was heard better; says what came of it, or nothing where no sound is kept. */
export function secondHearing({ pieces, listener, clock, patience, detector, external }: SecondHearingParts) {
  return async (talk: Conversation, stop: AbortSignal): Promise<HeardAgain | undefined> => {
    if (!isAgreed(talk.entries)) return undefined;
    const spoken = every(talk.entries, 'said').filter(({ via }) => via === 'voice');
    if (spoken.length > timedLines(talk.entries).length) return { mended: 0, added: 0, why: untimed };
    const opened = Date.parse(talk.entries[0]?.at ?? '');
    const now = () => clock.now() - opened;
    const late = new AbortController();
    const done = new AbortController();
    clock.sleep(patience, done.signal).then(
      () => late.abort(),
      () => undefined,
    );
    const over = AbortSignal.any([stop, late.signal]);
    const heard: AttributedWord[] = [];
    const sounded: Span[] = [];
    const hints = hintsOf(talk);
    const known = timedLines(talk.entries);
    const off = offTheRecord(talk.entries, now());
    const segments = every(talk.entries, 'segment');
    const parts = keptSpeech({ pieces: pieces(talk.id), segments, off, clock, ...(external && { external }) }, over);
    let count = 0;
    let why: string | undefined;

    async function listen(part: SpeechPart): Promise<void> {
      count += 1;
      const name = count;
      const told = await listener.listen({ bytes: wavOf(part.samples), type: 'audio/wav', ms: lasting(part.samples.length) }, hints, over);
      const words = told.flatMap((word) => placed(word, part, name));
      heard.push(...words);
      for (const { at, from, ms } of part.stretches) {
        const span = { from, to: from + ms };
        if (!words.some((word) => touches(word, span))) continue;
        const sound = part.samples.subarray(Math.round((at * RATE) / 1000), Math.round(((at + ms) * RATE) / 1000));
        // noise is loud as well, and recognisers like to hear words in it
        if (known.some((line) => touches(line, span)) || (await hasVoice(sound))) sounded.push(span);
      }
    }
    async function hasVoice(samples: Int16Array): Promise<boolean> {
      if (!detector) return true;
      const detecting = detector();
      const begun = samples.subarray(0, (context * RATE) / 1000);
      const from = lasting(begun.length);
      let voiced = 0;
      try {
        for await (const event of activity(inPieces([begun, samples], clock, over), { detector: detecting }, over)) {
          if (event.type !== 'sound' || !event.voiced || event.pcm.at < from) continue;
          voiced += lasting(event.pcm.samples.length);
          if (voiced >= word) return true;
        }
        return false;
      } finally {
        detecting.close();
      }
    }
    async function hearing(): Promise<void> {
      for (let step = await parts.next(); !step.done && !over.aborted; step = await parts.next()) await listen(step.value);
    }

    const outcomes = await inTime(Promise.allSettled(Array.from({ length: atOnce }, hearing)), over);
    done.abort();
    stop.throwIfAborted();
    const failed = outcomes?.find((outcome) => outcome.status === 'rejected');
    if (late.signal.aborted) why = tooLate;
    else if (failed) why = asProblem(failed.reason, 'ears_failed', 'The kept sound could not be heard once more.').message;
    // no sound was kept, or there was nobody in it
    if (count === 0 && why === undefined) return undefined;
    for (const fact of mendedBy(talk.entries, heard, sounded, now())) await talk.append({ by, ...fact });
    return { ...sumOf(talk.entries), ...(why !== undefined && { why }) };
  };
}

/** What the log says of it: a crash may have come in between. */
function sumOf(entries: readonly Entry[]): { mended: number; added: number } {
  const mended = new Set(every(entries, 'corrected').flatMap((entry) => (entry.by === by ? [entry.of] : [])));
  return { mended: mended.size, added: every(entries, 'said').filter((entry) => entry.by === by).length };
}

/** What came of it, or nothing once nobody waits any more. */
function inTime<T>(work: Promise<T>, over: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const onOver = () => resolve(undefined);
    over.addEventListener('abort', onOver, { once: true });
    work.then(resolve, reject).finally(() => over.removeEventListener('abort', onOver));
  });
}

/** The word at its place in the conversation, its voice named so that it is no other part's; nothing where it lies between two stretches. */
function placed(word: AttributedWord, { stretches }: SpeechPart, part: number): AttributedWord[] {
  const middle = (word.from + word.to) / 2;
  const stretch = stretches.findLast(({ at }) => at <= middle);
  if (!stretch || middle > stretch.at + stretch.ms) return [];
  const at = (ms: number) => Math.round(stretch.from + Math.min(Math.max(ms - stretch.at, 0), stretch.ms));
  return [{ ...word, from: at(word.from), to: at(word.to), speaker: word.speaker === null ? null : `${part}/${word.speaker}` }];
}

const touches = (a: Span, b: Span): boolean => a.from < b.to && a.to > b.from;

/** All of them in a row, a tenth of a second at a time; now and then others have their turn. */
async function* inPieces(parts: readonly Int16Array[], clock: Clock, stop: AbortSignal): AsyncGenerator<Pcm, void, undefined> {
  const length = RATE / 10;
  let at = 0;
  let heard = 0;
  for (const samples of parts)
    for (let from = 0; from < samples.length; from += length) {
      const piece = samples.subarray(from, from + length);
      yield { at, samples: piece };
      at += lasting(piece.length);
      heard += lasting(piece.length);
      if (heard < breath) continue;
      heard = 0;
      await clock.sleep(1, stop).catch(() => undefined);
    }
}

function wavOf(samples: Int16Array): Uint8Array {
  const header = wavHeader(RATE, 1, samples.byteLength);
  const bytes = new Uint8Array(header.length + samples.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), header.length);
  return bytes;
}
