import type { Sound, Voice } from '../core/ports.ts';

type Encode = (samples: Int16Array, rate: number, stop: AbortSignal) => Promise<Uint8Array>;

/** Where the samples of our own WAV files begin, and where their rate stands. */
const dataAt = 44;
const rateAt = 24;

/** A voice whose whole suggestion is one small MP3, for those who asked for less data; where none can be made, it speaks as it would have. */
export function wholeMp3(voice: Voice, encode: Encode): Voice {
  return {
    async *speak(text, stop) {
      const pieces: Sound[] = [];
      for await (const piece of voice.speak(text, stop)) pieces.push(piece);
      const first = pieces[0];
      if (stop.aborted || !first) return;
      const bytes = Buffer.concat(pieces.map((piece) => piece.data.subarray(dataAt)));
      const samples = new Int16Array(new Uint8Array(bytes).buffer);
      const rate = new DataView(first.data.buffer, first.data.byteOffset).getUint32(rateAt, true);
      const data = await encode(samples, rate, stop).catch(() => undefined);
      if (stop.aborted) return;
      if (data) yield { format: 'mp3', data, ms: pieces.reduce((sum, piece) => sum + piece.ms, 0) };
      else yield* pieces;
    },
  };
}
