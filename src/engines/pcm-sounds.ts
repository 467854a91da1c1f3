import type { Sound } from '../core/ports.ts';
import { wavFile } from './wav-file.ts';

/** Sound that is none of the speech that was asked for: why not. */
export class NotSpeech extends Error {
  readonly why: 'empty' | 'short' | 'endless' | 'format';

  constructor(why: NotSpeech['why']) {
    super(`the sound that came is ${why}`);
    this.why = why;
  }
}

/** The first piece is short, so that it is heard early; those after it grow. */
const pieceMs = (index: number) => Math.min(500, 200 + 100 * index);
const shortestMs = 200;

/** How files begin that are no bare samples, and messages. */
const other = /^(?:RIFF|OggS|ID3|fLaC|\{["\s]|<[!a-zA-Z?]|\xff[\xfb\xf3\xf2])/;

/** A piece that sounds for so long, in ms, never comes twice in a row of its own accord: no throat makes the same samples again. */
const surelyOnce = 80;

/** Whether this came a moment ago already, and is no silence. */
const isAgain = (part: Uint8Array, before: Uint8Array | undefined, least: number): boolean =>
  before !== undefined &&
  part.length >= least &&
  part.length === before.length &&
  Buffer.compare(part, before) === 0 &&
  part.some((byte) => byte !== 0);

/** Bare 16-bit samples, however they are cut, as complete files of 0.2 to 0.5 s. What comes twice in a row is heard once. Sound that is shorter or longer (in ms) than it can be throws, and so does what is no sound. */
export async function* pcmSounds(
  bytes: AsyncIterable<Uint8Array>,
  rate: number,
  { least, most }: { readonly least: number; readonly most: number },
): AsyncGenerator<Sound, void, undefined> {
  const bytesOf = (ms: number) => 2 * Math.round((rate * ms) / 1000);
  let waiting: Uint8Array[] = [];
  let held = 0;
  let all = 0;
  let index = 0;

  const take = (length: number, padded = length): Sound => {
    const whole = Buffer.concat(waiting);
    if (index === 0 && other.test(whole.toString('latin1', 0, 4))) throw new NotSpeech('format');
    // copied, because what came from the network need not begin at an even address
    const samples = new Int16Array(padded >> 1);
    new Uint8Array(samples.buffer).set(whole.subarray(0, length));
    waiting = [whole.subarray(length)];
    held = whole.length - length;
    index += 1;
    return { format: 'wav', data: wavFile(samples, rate), ms: (samples.length * 1000) / rate };
  };

  let before: Uint8Array | undefined;
  let came = 0;
  for await (const part of bytes) {
    came += part.length;
    if (came > bytesOf(2 * most)) throw new NotSpeech('endless');
    // a message that a vendor sent twice
    if (isAgain(part, before, bytesOf(surelyOnce))) continue;
    before = part;
    waiting.push(part);
    held += part.length;
    all += part.length;
    if (all > bytesOf(most)) throw new NotSpeech('endless');
    for (let next = bytesOf(pieceMs(index)); held >= next; next = bytesOf(pieceMs(index))) yield take(next);
  }
  if (all === 0) throw new NotSpeech('empty');
  const cut = all < bytesOf(least);
  if (cut && index === 0) throw new NotSpeech('short');
  const rest = held & ~1;
  if (rest > 0) yield take(rest, Math.max(rest, bytesOf(shortestMs)));
  if (cut) throw new NotSpeech('short');
}
