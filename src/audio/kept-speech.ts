import type { EntryOf, Span } from '../core/entry.ts';
import { type Clock, type Decoder, lasting, type Pcm, RATE, type TimedChunk, unnumbered } from '../core/ports.ts';
import { activity } from './activity.ts';
import { mediaDecoder } from './media.ts';
import { recorded } from './recordings.ts';
import type { Container } from './sniff.ts';
import type { Utterance } from './utterance.ts';
import { utterances } from './utterances.ts';

/** Speech of a conversation without the silence between: where each stretch begins in it, and where it was in the conversation, in ms. */
export type SpeechPart = {
  readonly samples: Int16Array;
  readonly stretches: readonly { readonly at: number; readonly from: number; readonly ms: number }[];
};

export type KeptSpeechParts = {
  /** What is kept, in order; pieces without numbers of their own count by when they came. */
  readonly pieces: AsyncIterable<TimedChunk>;
  readonly segments: readonly EntryOf<'segment'>[];
  /** When nobody was to be listened to. */
  readonly off: readonly Span[];
  readonly clock: Clock;
  readonly external?: (format: Container) => Decoder | undefined;
};

/** So much speech goes into one part, in ms, with so much silence between two stretches of it that every recogniser hears the pause. */
const most = 600_000;
const between = 700;
/** After so much sound, in ms, others have their turn. */
const breath = 2_000;
/** Pieces without numbers that are farther apart, in ms, do not belong together. */
const gap = 2_000;

/** The speech in kept sound, in parts of ten minutes at most. Loudness decides what is speech: what is sent to be heard again may be noise, never silence. */
export async function* keptSpeech(parts: KeptSpeechParts, stop: AbortSignal): AsyncGenerator<SpeechPart, void, undefined> {
  const waiting: Utterance[] = [];
  let length = 0;
  let last: Utterance | undefined;
  const take = (utterance: Utterance | undefined) => {
    if (!utterance) return;
    waiting.push(utterance);
    length += utterance.to - utterance.from + between;
  };
  for await (const utterance of utterances(activity(sound(parts, stop), {}, stop))) {
    // the one before has ended only now
    take(last);
    last = utterance;
    if (length < most) continue;
    yield joined(waiting.splice(0));
    length = 0;
  }
  take(last);
  if (waiting.length > 0 && !stop.aborted) yield joined(waiting);
}

/** All of it on one timeline, silent where nobody was to be listened to. */
async function* sound({ pieces, segments, off, clock, external }: KeptSpeechParts, stop: AbortSignal): AsyncGenerator<Pcm, void, undefined> {
  let from = 0;
  async function* bytes() {
    for await (const { recording, bytes } of recorded(renumbered(pieces), segments)) {
      from = recording.from;
      yield bytes;
    }
  }
  const decoder = mediaDecoder({ startAt: () => from, skipSilence: true, ...(external && { external }) });
  let heard = 0;
  for await (const pcm of decoder.decode(bytes(), stop)) {
    heard += lasting(pcm.samples.length);
    if (heard >= breath) {
      heard = 0;
      await clock.sleep(1, stop).catch(() => undefined);
    }
    yield silenced(pcm, off);
  }
}

/** Pieces that are numbered by when they came stand in a row where nothing is missing between them. */
async function* renumbered(pieces: AsyncIterable<TimedChunk>): AsyncGenerator<TimedChunk, void, undefined> {
  let no = 0;
  let end: number | undefined;
  for await (const piece of pieces) {
    if (piece.no < unnumbered) {
      yield piece;
      continue;
    }
    no += end !== undefined && piece.at - end > gap ? 2 : 1;
    end = piece.at;
    // the first of them does not go on with what was numbered before
    yield { ...piece, no: no + unnumbered / 2 };
  }
}

function silenced({ at, samples }: Pcm, off: readonly Span[]): Pcm {
  const index = (ms: number) => Math.min(samples.length, Math.max(0, Math.round(((ms - at) * RATE) / 1000)));
  const hit = off.filter(({ from, to }) => index(from) < index(to));
  if (hit.length === 0) return { at, samples };
  const rest = samples.slice();
  for (const { from, to } of hit) rest.fill(0, index(from), index(to));
  return { at, samples: rest };
}

/** Utterances that have ended, one behind the other. */
function joined(all: readonly Utterance[]): SpeechPart {
  const stretches: { at: number; from: number; ms: number }[] = [];
  const sounds: { at: number; samples: Int16Array }[] = [];
  let at = 0;
  for (const utterance of all) {
    const ms = utterance.to - utterance.from;
    stretches.push({ at, from: utterance.from, ms });
    for (const pcm of utterance.pieces) sounds.push({ at: at + pcm.at - utterance.from, samples: pcm.samples });
    at += ms + between;
  }
  const samples = new Int16Array(Math.ceil((at * RATE) / 1000));
  for (const sound of sounds) samples.set(sound.samples, Math.round((sound.at * RATE) / 1000));
  return { samples, stretches };
}
