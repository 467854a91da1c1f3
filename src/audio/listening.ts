import type { Conversation } from '../core/conversation.ts';
import type { Speaker } from '../core/entry.ts';
import type { Meter } from '../core/meter.ts';
import type { Chunk, Clock, Decoder, Detector, Hints, Recorded, Serving, Transcriber } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { every, first } from '../core/views.ts';
import { ear } from './ear.ts';
import { mediaDecoder, type Resume, type Segment } from './media.ts';
import { type Numbered, numberedSound } from './numbered.ts';
import { offRecord } from './off-record.ts';
import { correctEarlier } from './second-thoughts.ts';
import type { Container } from './sniff.ts';
import { type SpeakerGuess, speakerGuess } from './speaker.ts';
import { areVoices } from './two-voices.ts';
import type { Span } from './utterance.ts';

/** What listening is made of; every microphone uses the same engines. */
export type ListeningParts = {
  readonly clock: Clock;
  readonly transcriber?: Transcriber<Serving>;
  readonly detector?: () => Detector;
  readonly external?: (format: Container) => Decoder | undefined;
  readonly meter?: Meter;
  /** Everybody has a microphone of their own, so that nobody's voice is told from another's. */
  readonly apart?: boolean;
};

/** How a stream is listened to. */
type Way = {
  patient?: boolean;
  cameLate?: () => number;
  waits?: boolean;
  comesAgain?: () => boolean;
  startAt?: (continues: boolean) => number;
  around?: (decoder: Decoder) => Decoder;
  onSettled?: (at: number) => void;
  late?: () => number;
  onTaken?: (at: number) => void;
};

type Voices = { guess: SpeakerGuess; enrolled: boolean; judged: Span[]; last?: Speaker };

/** A header that is small enough to be kept in the log, so that any process can go on with its recorder. */
const headerLimit = 8_192;

/** So many utterances are thought over again. */
const remembered = 240;

const notVoices = 'These numbers are not what any voice is like, so they were left aside. Send those of the last voices message as they came.';

const rounded = (number: number) => Math.round(number * 1e4) / 1e4;

/** Listens to the microphones of conversations, and remembers for each whose voice is whose. */
export function listening(parts: ListeningParts) {
  const known = new WeakMap<Conversation, Voices>();
  const age = (talk: Conversation) => parts.clock.now() - Date.parse(talk.entries[0]?.at ?? '');
  const voicesOf = (talk: Conversation): Voices => {
    const voices = known.get(talk) ?? { guess: speakerGuess(), enrolled: false, judged: [] };
    known.set(talk, voices);
    return voices;
  };

  /** `patient`: a recording, whose reader waits for the ears. */
  async function run(
    talk: Conversation,
    bytes: AsyncIterable<Uint8Array>,
    { patient = false, startAt, around = (inner) => inner, onSettled, late, onTaken, cameLate, waits = false, comesAgain }: Way,
    stop: AbortSignal,
  ): Promise<void> {
    const voices = voicesOf(talk);
    let judging = false;
    const note = (problem: Problem) => {
      // the log itself may be what is broken: whoever is speaking hears of it with the next words
      talk.append({ by: 'ear', type: 'failed', part: 'microphone', code: problem.code, message: problem.message }).catch(() => undefined);
    };
    const keep = ({ recorder, format, header, from }: Segment) => {
      if (header.length > headerLimit) return;
      talk.append({ by: 'ear', type: 'segment', recorder, format, header: Buffer.from(header).toString('base64'), from }).catch(() => undefined);
    };
    const resume = lastRecorder(talk);
    const decoder = mediaDecoder({
      skipSilence: true,
      onSegment: keep,
      onBroken: note,
      ...(parts.external && { external: parts.external }),
      ...(resume && { resume }),
      ...(startAt && { startAt }),
      ...(onTaken && { onTaken }),
    });
    await ear(
      talk,
      bytes,
      {
        decoder: around(decoder),
        hints: () => hintsOf(talk),
        transcriber: parts.transcriber,
        detector: parts.detector,
        ...(!parts.apart && {
          speakers: speakersOf(voices, () => {
            judging = true;
          }),
        }),
        enrolled: () => voices.enrolled,
        patient,
        ...(parts.meter && { meter: parts.meter }),
        ...(onSettled && { onSettled }),
        ...(late && { late }),
        ...(cameLate && { cameLate }),
        waits,
        ...(comesAgain && { comesAgain }),
        ...(!patient && { age: () => age(talk) }),
        onJudged: (span, speaker) => {
          if (judging) voices.judged.push(span);
          judging = false;
          voices.judged.splice(0, voices.judged.length - remembered);
          correctEarlier(talk, voices.judged, voices.guess.reconsidered());
          voices.last = speaker;
          if (voices.enrolled) talk.signal({ type: 'voices', numbers: voices.guess.export().map(rounded) });
        },
      },
      stop,
    );
  }

  return {
    /** A live microphone: what comes too fast for the ears is lost, and said to be. */
    listen(talk: Conversation, pieces: AsyncIterable<Recorded>, stop: AbortSignal): Promise<void> {
      const off = offRecord();
      return run(talk, bytesOf(off.noted(pieces)), { startAt: () => age(talk), onTaken: off.enter, around: off.decoder }, stop);
    },
    /** A live microphone whose pieces are numbered and come again until they were heard. */
    async listenAgain(talk: Conversation, pieces: AsyncIterable<Chunk>, numbered: Numbered, stop: AbortSignal): Promise<void> {
      const off = offRecord();
      const {
        bytes,
        startAt,
        late,
        cameLate,
        enter,
        decoder,
        settle: onSettled,
        finish,
      } = numberedSound(talk, off.noted(pieces), () => age(talk), numbered);
      const onTaken = (at: number) => {
        enter(at);
        off.enter(at);
      };
      const around = (inner: Decoder) => off.decoder(decoder(inner));
      await run(talk, bytes, { startAt, late, cameLate, onTaken, around, onSettled, waits: true, comesAgain: () => !numbered.isComplete() }, stop);
      if (!stop.aborted) finish();
    },
    /** A recording: its reader waits for the ears. */
    listenPatiently: (talk: Conversation, bytes: AsyncIterable<Uint8Array>, stop: AbortSignal) => run(talk, bytes, { patient: true }, stop),
    /** Whose voice was heard last, for words that were recognised elsewhere. */
    lastSpeaker: (talk: Conversation): Speaker | undefined => known.get(talk)?.last,
    /** Whether the user's voice is known here. */
    knowsVoices: (talk: Conversation): boolean => known.get(talk)?.enrolled ?? false,
    /** Goes on with what was told of the voices before; what is known here already is not changed by it. */
    learnVoices(talk: Conversation, numbers: readonly number[]): void {
      if (!areVoices(numbers)) throw new Problem('invalid', notVoices);
      const voices = voicesOf(talk);
      if (voices.enrolled) return;
      // an ear may be listening already
      Object.assign(voices, { guess: speakerGuess(numbers), enrolled: true, judged: [] });
    },
  };
}

/** Learns the user's voice and tells it from others; `judging` is called whenever it does. */
function speakersOf(voices: Voices, judging: () => void) {
  return {
    enrol(samples: Int16Array) {
      const learnt = voices.guess.enrol(samples);
      voices.enrolled ||= learnt;
      return learnt;
    },
    judge(samples: Int16Array) {
      judging();
      return voices.guess.judge(samples);
    },
    glimpse: (samples: Int16Array) => voices.guess.glimpse(samples),
  };
}

/** The recorder that was running when the log was last written. */
function lastRecorder(talk: Conversation): Resume | undefined {
  const segment = every(talk.entries, 'segment').at(-1);
  return segment && { format: segment.format as Container, header: Buffer.from(segment.header, 'base64'), recorder: segment.recorder };
}

async function* bytesOf(pieces: AsyncIterable<Recorded>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const { bytes } of pieces) yield bytes;
}

/** What this conversation is known to be about, for recognisers that can use it. */
export function hintsOf(talk: Conversation): Hints {
  const opened = first(talk.entries, 'opened');
  return {
    talk: talk.id,
    ...(opened?.language && { language: opened.language }),
    phrases: [opened?.user && `Hi, I'm ${opened.user}`, opened?.participants, opened?.goal, opened?.context].filter((phrase): phrase is string =>
      Boolean(phrase),
    ),
  };
}
