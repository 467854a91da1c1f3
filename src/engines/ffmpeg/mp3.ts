import { asProblem } from '../../core/problem.ts';
import type { FfmpegOptions } from './decoder.ts';
import { throughFfmpeg } from './process.ts';

/** Makes one complete MP3 of a short piece of speech. */
export function ffmpegMp3({ path = 'ffmpeg', lastMs = 5000 }: FfmpegOptions = {}) {
  return async (samples: Int16Array, rate: number, stop: AbortSignal): Promise<Uint8Array> => {
    const run = { path, from: ['-f s16le', `-ar ${rate}`, '-ac 1'], to: ['-f mp3', '-b:a 48k', '-write_xing 0', '-id3v2_version 0'], lastMs };
    const pieces: Uint8Array[] = [];
    async function* whole() {
      yield new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    }
    try {
      for await (const piece of throughFfmpeg(run, whole(), stop)) pieces.push(piece);
    } catch (error) {
      throw asProblem(error, 'voice_failed', 'The spoken suggestion could not be made into an MP3, so it is sent as WAV instead.');
    }
    stop.throwIfAborted();
    return new Uint8Array(Buffer.concat(pieces));
  };
}
