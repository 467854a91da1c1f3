import { lasting, type Pcm, RATE, type Transcriber, type Words } from '../../src/core/ports.ts';
import { loudDetector } from './listening.ts';
import { joined } from './wav.ts';

const low = [500, 610, 720, 840, 970, 1110, 1270, 1440];
const high = [1700, 1920, 2150, 2400, 2660, 2930, 3210, 3500];
/** So many different words there are. */
export const vocabulary = low.length * high.length;
const wordMs = 200;
const gapMs = 60;

/** Words that are so far apart differ in their lower tone, and by that alone they are known as the first, the second … of eight: of the higher one an encoder that expects voices may make an overtone. */
export const clearStep = high.length;
export const clearlyCounted = (words: readonly string[]): number[] => words.map((word) => Math.floor(Number(word.slice(1)) / clearStep));

/** The sound of word number `index`: two tones at once. */
function spokenWord(index: number): Int16Array {
  const [a, b] = [low[Math.floor(index / high.length) % low.length]!, high[index % high.length]!];
  const length = (wordMs * RATE) / 1000;
  return Int16Array.from({ length }, (_, at) => {
    const edge = Math.min(1, at / 160, (length - at) / 160);
    return edge * 5_000 * (Math.sin((2 * Math.PI * a * at) / RATE) + Math.sin((2 * Math.PI * b * at) / RATE));
  });
}

const nothing = (ms: number) => new Int16Array((ms * RATE) / 1000);

/** Counts aloud from `first` by steps: utterances of so many words each, with silence around them. Whoever hears it can prove that no word is missing or double. */
export function counting(first: number, utterances: readonly number[], pauseMs = 1_000, step = 1): Int16Array {
  const pieces: Int16Array[] = [nothing(400)];
  let next = first;
  for (const words of utterances) {
    for (let each = 0; each < words; each += 1) {
      pieces.push(spokenWord(next), nothing(gapMs));
      next += step;
    }
    pieces.push(nothing(pauseMs));
  }
  return joined(pieces);
}

/** The words `first` … of so many, as they are written. */
export const counted = (first: number, count: number): string[] => Array.from({ length: count }, (_, index) => `w${(first + index) % vocabulary}`);

function power(samples: Int16Array, hertz: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * hertz) / RATE);
  let [one, two] = [0, 0];
  for (const sample of samples) [one, two] = [sample + factor * one - two, one];
  return one * one + two * two - factor * one * two;
}

const loudest = (samples: Int16Array, tones: readonly number[]) => {
  const powers = tones.map((hertz) => power(samples, hertz));
  return powers.indexOf(Math.max(...powers));
};

const window = 320;

/** The words in a stretch of sound, each with where it stands in it. */
export function wordsIn(samples: Int16Array, at: number): { text: string; from: number; to: number }[] {
  const words: { text: string; from: number; to: number }[] = [];
  let begun: number | undefined;
  for (let start = 0; start <= samples.length; start += window) {
    const piece = samples.subarray(start, start + window);
    const level = Math.sqrt(piece.reduce((sum, value) => sum + value * value, 0) / Math.max(1, piece.length));
    if (level > 800) begun ??= start;
    else if (begun !== undefined) {
      const middle = samples.subarray(begun, start);
      // half a word is no word: it could be any
      if (lasting(middle.length) >= wordMs / 2) {
        const index = loudest(middle, low) * high.length + loudest(middle, high);
        words.push({ text: `w${index}`, from: at + lasting(begun), to: at + lasting(start) });
      }
      begun = undefined;
    }
  }
  return words;
}

/** A recogniser of counted tones: it knows nothing beforehand, it hears. */
export const toneTranscriber: Transcriber = {
  async *transcribe(sound, _hints, stop): AsyncGenerator<Words> {
    const heard: Pcm[] = [];
    for await (const pcm of sound) heard.push(pcm);
    if (stop.aborted || heard.length === 0) return;
    const words = wordsIn(joined(heard.map(({ samples }) => samples)), heard[0]!.at).map((word) => ({ ...word, confidence: 0.9 }));
    if (words.length > 0) yield { text: words.map(({ text }) => text).join(' '), words, confidence: 0.9, final: true };
  },
};

/** Ears for counted tones, as a service is given them. */
export const toneEars = { transcriber: { ...toneTranscriber, close: async () => undefined }, detector: loudDetector };
