import { bytesOf } from './pcm-formats.ts';
import { spokenAs } from './spoken-tones.ts';

/** A voice for a simulated vendor: the sound of a text at this rate. */
export type Speaks = (text: string, rate: number) => Promise<Int16Array>;

/** So long a piece of a stream is. */
const pieceMs = 240;

/** A text as sound in pieces as a stream brings them: in words where a voice was brought that can speak bare samples, otherwise in tones. */
export async function spokenBy(speaks: Speaks | undefined, format: string, text: string): Promise<Uint8Array[]> {
  const [kind, hertz] = format.split('_');
  if (!speaks || kind !== 'pcm') return spokenAs(format, text);
  const rate = Number(hertz);
  const bytes = bytesOf(await speaks(text, rate));
  const size = 2 * Math.round((rate * pieceMs) / 1000);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}
