import type { Conversation } from '../core/conversation.ts';
import { type Meter, noMeter } from '../core/meter.ts';
import { type Decoder, type Detector, type Hints, lasting, type Pcm, type Serving, type Transcriber } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { type Activity, activity } from './activity.ts';
import { microphoneCheck } from './microphone-check.ts';
import { recognition } from './recognition.ts';
import { record } from './record.ts';
import { settling } from './settling.ts';
import type { Utterance } from './utterance.ts';
import { utterances } from './utterances.ts';
import { type VoiceParts, whoSpeaks, whoseVoice } from './whose-voice.ts';

/** What an ear is made of. */
export type EarParts = VoiceParts & {
  readonly decoder: Decoder;
  readonly hints: () => Hints;
  readonly detector?: (() => Detector) | undefined;
  /** Without one the ear still notices who speaks when; the words come from elsewhere. */
  readonly transcriber?: Transcriber<Serving> | undefined;
  /** A recording can wait: its reader is held up instead of losing what comes too fast. */
  readonly patient?: boolean;
  /** What comes too fast can wait where it is: nothing is given up for it. */
  readonly waits?: boolean;
  /** Whether what is not heard to its end is sent again: half an utterance is not written down then. */
  readonly comesAgain?: () => boolean;
  /** By how many ms what comes now is later than it was recorded. */
  readonly late?: () => number;
  /** By how many ms what comes now was late when it came: the line was down, or it was kept. */
  readonly cameLate?: () => number;
  /** How old the conversation is, in ms, where the sound is live. */
  readonly age?: () => number;
  /** Told how far, in ms, everything that was spoken is kept. */
  readonly onSettled?: (at: number) => void;
  readonly meter?: Meter;
};

/** What is older than this, in ms, is no news: it is written down, but nobody is told that somebody speaks. */
const OLD = 3_000;

/** Listens to one microphone: tells when somebody speaks and pauses, and notes what was said. Resolves when the bytes have ended and everything heard is said. */
export async function ear(talk: Conversation, bytes: AsyncIterable<Uint8Array>, parts: EarParts, stop: AbortSignal): Promise<void> {
  const { decoder, transcriber, hints, patient = false, waits = false, comesAgain, age, meter = noMeter, late = () => 0, cameLate = () => 0 } = parts;
  const tape = record(talk);
  const microphone = microphoneCheck(talk);
  const progress = settling(parts.onSettled ?? (() => undefined));
  const judge = whoseVoice(talk, parts);
  const words = transcriber
    ? recognition(
        talk,
        {
          transcriber,
          hints,
          judge,
          whoSpeaks: (utterance) => whoSpeaks(parts, utterance),
          patient,
          waits,
          meter,
          ...(comesAgain && { comesAgain }),
          ...(age && { age }),
        },
        stop,
      )
    : undefined;
  let judged: Promise<unknown> = Promise.resolve();
  let broken: { error: unknown } | undefined;
  let arrived = 0;

  async function* told(events: AsyncIterable<Activity>): AsyncGenerator<Activity> {
    for await (const event of events) {
      const old = late() > OLD;
      if (event.type === 'quiet' && !old) talk.signal({ type: 'quiet', at: event.at, ms: event.ms, ...(words?.behind && { behind: true }) });
      else if (event.type !== 'sound' && event.type !== 'quiet' && !old) talk.signal(event);
      // a recording comes faster than it was spoken: its turns are nobody's waiting
      if (event.type === 'pause' && !patient && !old) meter.note({ type: 'pause', talk: talk.id, to: event.at, late: arrived - event.at });
      await microphone.notice(event);
      if (event.type === 'quiet') progress.quiet(event.at);
      yield event;
      // a recording waits for its words, so that everything comes in the order in which it was spoken
      if (patient && event.type === 'pause') await words?.said();
    }
  }

  async function judgeAtEnd(utterance: Utterance, onRecord: () => boolean, kept: () => void): Promise<void> {
    for await (const _ of utterance.sound) if (!onRecord()) break;
    if (stop.aborted) return;
    if (onRecord()) judge(utterance);
    kept();
  }

  const detector = parts.detector?.();
  try {
    const arrive = ({ at, samples }: Pcm) => {
      arrived = at + lasting(samples.length);
    };
    const sound = watched(decoder.decode(bytes, stop), arrive, (error) => {
      broken = { error };
    });
    for await (const utterance of utterances(told(activity(sound, detector ? { detector } : {}, stop)))) {
      const onRecord = tape.begin();
      const settle = progress.begin(utterance.from);
      const kept = () => settle(utterance.to);
      if (!onRecord()) kept();
      else if (words) await words.add(utterance, { onRecord, kept, late: late() > OLD ? Math.round(late()) : undefined, cameLate: cameLate() });
      else judged = Promise.all([judged, judgeAtEnd(utterance, onRecord, kept)]).then(() => undefined);
    }
    await judged;
    await words?.finish();
    if (broken && !stop.aborted) await microphone.broken(broken.error);
  } catch (error) {
    // finished by somebody else while we listened: nothing is wrong
    if (stop.aborted || (error instanceof Problem && error.code === 'session_finished')) return;
    throw error;
  } finally {
    detector?.close();
  }
}

/** Tells `pass` of every piece; ends where the source breaks, and says so to `note`: what came before is still worth hearing out. */
async function* watched<T>(source: AsyncIterable<T>, pass: (piece: T) => void, note: (error: unknown) => void): AsyncGenerator<T> {
  try {
    for await (const piece of source) {
      pass(piece);
      yield piece;
    }
  } catch (error) {
    note(error);
  }
}
