import { RATE } from '../core/ports.ts';
import type { Demuxer } from './demuxer.ts';
import { OggDemuxer } from './ogg.ts';
import { opusDecoder } from './opus.ts';
import { type Heard, QuietGate } from './quiet.ts';
import type { Container } from './sniff.ts';
import { SampleReader, WavReader } from './wav.ts';
import { WebmDemuxer } from './webm.ts';

/** Reads what one recorder sends, step by step: nothing is decoded before it is taken. */
export interface Recorder {
  push(bytes: Uint8Array): Iterable<Heard>;
  end(): Iterable<Int16Array>;
  /** Enough to go on with this recorder elsewhere; `undefined` until its header is complete. */
  readonly header: Uint8Array | undefined;
}

function opusRecorder(demuxer: Demuxer, skipSilence: boolean, continued: boolean): Recorder {
  let hear: ((packet: Uint8Array) => Iterable<Heard>) | undefined;
  let skip = 0;
  const begin = () => {
    const track = demuxer.track!;
    const decode = opusDecoder(track);
    skip = continued ? 0 : Math.round((track.preSkip * RATE) / 48_000);
    if (!skipSilence) return (packet: Uint8Array) => [decode(packet)];
    const gate = new QuietGate(decode);
    return (packet: Uint8Array) => gate.hear(packet);
  };
  function* trimmed(pieces: Iterable<Heard>): Generator<Heard, void, undefined> {
    for (const piece of pieces) {
      if (typeof piece === 'number') {
        yield piece;
        continue;
      }
      const dropped = Math.min(skip, piece.length);
      skip -= dropped;
      if (dropped < piece.length) yield dropped === 0 ? piece : piece.subarray(dropped);
    }
  }
  return {
    get header() {
      return demuxer.header;
    },
    *push(bytes) {
      const packets: Uint8Array[] = [];
      let broken: { cause: unknown } | undefined;
      try {
        demuxer.push(bytes, packets);
      } catch (cause) {
        // the sound before the break is still good
        broken = { cause };
      }
      for (const packet of packets) {
        hear ??= begin();
        yield* trimmed(hear(packet));
      }
      if (broken) throw broken.cause;
    },
    end: () => [],
  };
}

/** At most so much sound is handed on in one piece. */
const PIECE = RATE / 10;

function* pieces(samples: Int16Array): Generator<Int16Array, void, undefined> {
  for (let at = 0; at < samples.length; at += PIECE) yield samples.subarray(at, at + PIECE);
}

function wavRecorder(reader: WavReader): Recorder {
  return {
    get header() {
      return reader.header;
    },
    *push(bytes) {
      for (const sound of reader.push(bytes)) yield* pieces(sound);
    },
    *end() {
      yield* pieces(reader.end());
    },
  };
}

function pcmRecorder(reader: SampleReader): Recorder {
  return {
    header: new Uint8Array(0),
    *push(bytes) {
      yield* pieces(reader.push(bytes));
    },
    *end() {
      yield* pieces(reader.end());
    },
  };
}

/** The reader for a kind of recording; with a kept `header` its bytes may begin anywhere in the sound. */
export function recorderOf(format: Exclude<Container, 'mp4'>, header: Uint8Array | undefined, skipSilence: boolean): Recorder {
  const continued = header !== undefined;
  switch (format) {
    case 'webm':
      return opusRecorder(new WebmDemuxer(header), skipSilence, continued);
    case 'ogg':
      return opusRecorder(new OggDemuxer(header), skipSilence, continued);
    case 'wav':
      return wavRecorder(new WavReader(header));
    case 'pcm':
      return pcmRecorder(new SampleReader());
  }
}
