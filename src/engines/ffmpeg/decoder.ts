import { type Decoder, lasting, RATE } from '../../core/ports.ts';
import { asProblem } from '../../core/problem.ts';
import { throughFfmpeg } from './process.ts';

/** Where ffmpeg is, and how long it may take after the last byte. */
export type FfmpegOptions = { readonly path?: string; readonly lastMs?: number };

const UNREADABLE = 'The sound from the microphone cannot be read: its MP4 is damaged. What was heard so far is kept; please restart the recording.';

// every fragment is to be heard as soon as it is there
const NOW = ['-probesize 4096', '-analyzeduration 0'];

/** Decodes fragmented MP4 (AAC or Opus), as Safari records it, by one ffmpeg process that lives as long as the recording. */
export function ffmpegDecoder({ path = 'ffmpeg', lastMs = 5000 }: FfmpegOptions = {}): Decoder {
  return {
    async *decode(bytes, stop) {
      const run = { path, from: [...NOW, '-f mov'], to: ['-f s16le', `-ar ${RATE}`, '-ac 1', '-flush_packets 1'], lastMs };
      let carry: Uint8Array = new Uint8Array(0);
      let made = 0;
      try {
        for await (const chunk of throughFfmpeg(run, bytes, stop)) {
          const all = new Uint8Array(carry.length + chunk.length);
          all.set(carry);
          all.set(chunk, carry.length);
          const samples = new Int16Array(all.buffer, 0, all.length >> 1);
          carry = all.slice(samples.length * 2);
          if (samples.length === 0) continue;
          yield { at: lasting(made), samples };
          made += samples.length;
        }
      } catch (error) {
        throw asProblem(error, 'microphone_unreadable', UNREADABLE);
      }
    },
  };
}
