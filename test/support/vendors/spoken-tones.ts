import { wavFile } from '../../../src/engines/wav-file.ts';
import { oggOf } from '../ogg-writer.ts';
import { bytesOf, toAlaw, toMulaw } from './pcm-formats.ts';

/** So long every character sounds. */
export const msPerCharacter = 60;

/** So long a piece of a stream is. */
const pieceMs = 240;

/** The sound of a text: a tone a character, so that the same text always sounds the same, whole or in parts, and a longer one longer. */
export function spokenTones(text: string, rate: number): Int16Array {
  const each = (rate * msPerCharacter) / 1000;
  const samples = new Int16Array(Math.round(text.length * each));
  for (let at = 0; at < samples.length; at += 1) {
    const code = text.charCodeAt(Math.floor(at / each));
    // a space is silence, as between words
    if (code !== 32) samples[at] = 6_000 * Math.sin((2 * Math.PI * (200 + (code % 64) * 12) * (at % each)) / rate);
  }
  return samples;
}

/** A text as sound in one of ElevenLabs' formats, in pieces as a stream brings them; MP3 is silence of the right length, everything else sounds. */
export function spokenAs(format: string, text: string): Uint8Array[] {
  const [kind, hertz, kilobits] = format.split('_');
  const rate = Number(hertz);
  if (kind === 'mp3') return silentMp3(text.length * msPerCharacter, rate, Number(kilobits));
  if (kind === 'opus') return oggOf(spokenTones(text, 16_000), { chunkMs: pieceMs, bitrate: Number(kilobits) * 1000 });
  const samples = spokenTones(text, rate);
  if (kind === 'ulaw') return cut(Buffer.from(Array.from(samples, toMulaw)), rate);
  if (kind === 'alaw') return cut(Buffer.from(Array.from(samples, toAlaw)), rate);
  return cut(kind === 'wav' ? wavFile(samples, rate) : bytesOf(samples), rate * 2);
}

function cut(bytes: Uint8Array, perSecond: number): Uint8Array[] {
  const size = ((perSecond * pieceMs) / 1000) & ~1;
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

const kilobitsOf = {
  1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;

/** MP3 frames that hold nothing: mono, as many as the time needs. */
function silentMp3(ms: number, rate: number, kilobits: number): Uint8Array[] {
  const version = rate >= 32_000 ? 1 : 2;
  const perFrame = version === 1 ? 1152 : 576;
  const rateIndex = { 44100: 0, 22050: 0, 48000: 1, 24000: 1, 32000: 2, 16000: 2 }[rate]!;
  const frame = Buffer.alloc(Math.floor(((perFrame / 8) * kilobits * 1000) / rate));
  frame.set([0xff, version === 1 ? 0xfb : 0xf3, (kilobitsOf[version].indexOf(kilobits as never) << 4) | (rateIndex << 2), 0xc0]);
  const frames = Math.ceil((ms * rate) / 1000 / perFrame);
  const together = Math.ceil((pieceMs * rate) / 1000 / perFrame);
  return Array.from({ length: Math.ceil(frames / together) }, (_, index) =>
    Buffer.concat(Array(Math.min(together, frames - index * together)).fill(frame)),
  );
}

/** When each character of a text begins and ends in its sound. */
export function characterTimes(text: string): { readonly character: string; readonly fromMs: number; readonly toMs: number }[] {
  return Array.from(text, (character, index) => ({ character, fromMs: index * msPerCharacter, toMs: (index + 1) * msPerCharacter }));
}
