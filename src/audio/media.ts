import { until } from '../core/flow.ts';
import { type Decoder, lasting, type Pcm, RATE } from '../core/ports.ts';
import { asProblem, Problem } from '../core/problem.ts';
import { Feed } from './feed.ts';
import { FragmentClock } from './fragment-clock.ts';
import { continuedFragments, FragmentsHeader } from './fragments.ts';
import { recorderOf } from './recorder.ts';
import { type Container, sniff } from './sniff.ts';

/** A recorder that began: its number in this conversation, its kind, what any process needs to go on with it, and where its sound begins (ms). */
export type Segment = { readonly recorder: number; readonly format: Container; readonly header: Uint8Array; readonly from: number };

/** A recorder that another process began, with the header it kept. */
export type Resume = { readonly format: Container; readonly header: Uint8Array; readonly recorder?: number };

export type MediaOptions = {
  /** Decodes what needs more than this house has inside (MP4). */
  readonly external?: (format: Container) => Decoder | undefined;
  /** If the first bytes have no header, they go on with this recorder; without it they are bare samples. */
  readonly resume?: Resume;
  /** Where a new recorder's sound begins on the conversation's timeline, in ms; without it, where the last one ended. */
  readonly startAt?: (continues: boolean) => number;
  readonly onSegment?: (segment: Segment) => void;
  readonly onBroken?: (problem: Problem) => void;
  /** Told how far the sound reaches, in ms, that has gone into a decoder which works behind our back. */
  readonly onTaken?: (at: number) => void;
  /** Leaves undecoded what says of itself that nobody speaks; where a word begins after all, the sound goes back a little and comes as it was. */
  readonly skipSilence?: boolean;
};

/** So many recorders may begin at once; each second of sound allows one more. */
const RECORDERS = 64;
const BROKEN = 'The sound from the microphone cannot be read. What was heard so far is kept; please restart the recording.';
const MISSING =
  'This browser records MP4, which can only be heard with ffmpeg, and ffmpeg is not installed here. Install it, or use a browser that records WebM or Ogg, such as Chrome or Firefox.';
const RESTLESS = 'The microphone was restarted so often that it is no longer listened to. Please reload the page.';

/** Turns what microphones send into sound on one timeline: any container, cut anywhere, one recorder after the other. What is broken ends its recorder, never the stream. */
export function mediaDecoder(options: MediaOptions = {}): Decoder {
  return {
    async *decode(bytes, stop) {
      const listening = new Listening(options, stop);
      const feed = new Feed(until(bytes, stop));
      try {
        for (let first = true; await feed.more(); first = false) {
          try {
            yield* listening.hear(feed, first ? options.resume : undefined);
          } catch (error) {
            if (stop.aborted) return;
            if (feed.failure) throw feed.failure.error;
            options.onBroken?.(asProblem(error, 'microphone_unreadable', BROKEN));
          }
          await feed.leave();
        }
      } catch (error) {
        if (!stop.aborted) throw error;
      } finally {
        await feed.close();
      }
    },
  };
}

/** One stream from a microphone: how many recorders it had, and how far its sound has come. */
class Listening {
  readonly #options: MediaOptions;
  readonly #stop: AbortSignal;
  #recorder: number;
  #begun = 0;
  #heard = 0;
  #position = 0;

  constructor(options: MediaOptions, stop: AbortSignal) {
    this.#options = options;
    this.#stop = stop;
    this.#recorder = options.resume ? (options.resume.recorder ?? 0) : -1;
  }

  /** Hears one recorder to its end. */
  async *hear(feed: Feed, resume: Resume | undefined): AsyncGenerator<Pcm, void, undefined> {
    const bytes = feed.recorder();
    let head = new Uint8Array(0);
    let format: Container | undefined;
    while (format === undefined || (format === 'ogg' && head.length < 6)) {
      const step = await bytes.next();
      if (step.done) break;
      head = joined(head, step.value);
      format = sniff(head);
    }
    const continues = resume !== undefined && (format === undefined || format === 'pcm' || (format === 'ogg' && ((head[5] ?? 0) & 2) === 0));
    const kind = continues ? resume.format : (format ?? 'pcm');
    if (!continues) this.#admit();
    this.#position = Math.max(this.#position, Math.round(((this.#options.startAt?.(continues) ?? 0) * RATE) / 1000));
    const all = following(head, bytes);
    const header = continues ? resume.header : undefined;
    if (kind === 'mp4') yield* this.#outside(all, header);
    else yield* this.#inside(kind, all, header);
  }

  #admit(): void {
    this.#recorder += 1;
    this.#begun += 1;
    if (this.#begun > RECORDERS + this.#heard / RATE) throw new Problem('too_fast', RESTLESS);
  }

  /** What is needed to tell once that a recorder began, as soon as its header is known. */
  #announcement(format: Container, continues: boolean): (header: Uint8Array | undefined) => void {
    let told = continues;
    const from = lasting(this.#position);
    return (header) => {
      if (told || !header) return;
      told = true;
      this.#options.onSegment?.({ recorder: this.#recorder, format, header, from });
    };
  }

  async *#inside(
    format: Exclude<Container, 'mp4'>,
    bytes: AsyncIterable<Uint8Array>,
    header: Uint8Array | undefined,
  ): AsyncGenerator<Pcm, void, undefined> {
    const recorder = recorderOf(format, header, this.#options.skipSilence ?? false);
    const announce = this.#announcement(format, header !== undefined);
    try {
      for await (const chunk of bytes) {
        for (const heard of recorder.push(chunk)) {
          announce(recorder.header);
          if (typeof heard === 'number') this.#goBack(heard);
          else yield this.#place(heard);
        }
        announce(recorder.header);
      }
    } finally {
      announce(recorder.header);
    }
    for (const samples of recorder.end()) yield this.#place(samples);
  }

  async *#outside(bytes: AsyncIterable<Uint8Array>, header: Uint8Array | undefined): AsyncGenerator<Pcm, void, undefined> {
    const decoder = this.#options.external?.('mp4');
    if (!decoder) throw new Problem('decoder_missing', MISSING);
    const announce = this.#announcement('mp4', header !== undefined);
    const beginning = new FragmentsHeader();
    const clock = new FragmentClock();
    const begun = lasting(this.#position);
    const taken = this.#options.onTaken;
    let broken: { cause: unknown } | undefined;
    async function* watched() {
      for await (const chunk of bytes) {
        try {
          beginning.push(chunk);
        } catch (cause) {
          broken = { cause };
          return;
        }
        announce(beginning.header);
        yield chunk;
      }
    }
    async function* timed(fragments: AsyncIterable<Uint8Array>) {
      for await (const chunk of fragments) {
        clock.push(chunk);
        taken?.(begun + clock.ms);
        yield chunk;
      }
    }
    const sound = decoder.decode(timed(header ? continuedFragments(header, bytes) : watched()), this.#stop);
    for await (const { samples } of sound) yield this.#place(samples);
    if (broken) throw broken.cause;
  }

  #goBack(samples: number): void {
    this.#position -= samples;
    this.#heard -= samples;
  }

  #place(samples: Int16Array): Pcm {
    const pcm = { at: lasting(this.#position), samples };
    this.#position += samples.length;
    this.#heard += samples.length;
    return pcm;
  }
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}

async function* following(head: Uint8Array, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  if (head.length > 0) yield head;
  yield* bytes;
}
