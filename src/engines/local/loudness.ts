import { RATE } from '../../core/ports.ts';
import type { Heard } from './child-messages.ts';

const frame = RATE / 100;

/** Quieter than this (−70 dBFS) nobody says anything; a recogniser made for speech finds words even in nothing. */
const floor = 10;

/** Remembers how loud the sound was, to keep words that were heard in silence from being believed. */
export function loudness(): { add(samples: Int16Array): void; believed(heard: Heard): Heard | undefined } {
  const loud: number[] = [];
  let peak = 0;
  let filled = 0;
  return {
    add(samples) {
      for (const sample of samples) {
        peak = Math.max(peak, Math.abs(sample));
        if (++filled < frame) continue;
        loud.push(peak);
        peak = 0;
        filled = 0;
      }
    },
    believed(heard) {
      const words = heard.words.filter((word) => Math.max(0, ...loud.slice(Math.floor(word.from / 10), Math.ceil(word.to / 10))) >= floor);
      if (words.length === 0) return undefined;
      return words.length === heard.words.length ? heard : { ...heard, words, text: words.map((word) => word.text).join(' ') };
    },
  };
}
