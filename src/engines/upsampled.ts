import { RATE } from '../core/ports.ts';

/** The rate of vendors that want more samples than the house has. */
export const HIGH_RATE = 24_000;

const taps = 8;

/** How much each neighbour weighs for a new sample that stands `part` behind an old one. */
const weights = (part: number): number[] => {
  const raw = Array.from({ length: 2 * taps }, (_, index) => {
    const distance = index - taps + 1 - part;
    const sinc = distance === 0 ? 1 : Math.sin(Math.PI * distance) / (Math.PI * distance);
    return sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / (taps + 1)));
  });
  const sum = raw.reduce((total, weight) => total + weight, 0);
  return raw.map((weight) => weight / sum);
};
/** Three new samples stand on two old ones: on the first, two thirds behind it, and a third behind the second. */
const phases = [weights(0), weights(2 / 3), weights(1 / 3)] as const;

/** Turns 16 kHz into 24 kHz, piece by piece; what one piece lacks to its end comes with the next. */
export function upsampler(): (samples: Int16Array) => Int16Array {
  let kept = new Int16Array(taps - 1);
  let made = 0;
  let gone = taps - 1;
  return (samples) => {
    const all = new Int16Array(kept.length + samples.length);
    all.set(kept);
    all.set(samples, kept.length);
    const out: number[] = [];
    const begin = -gone;
    for (;;) {
      const at = Math.floor((made * RATE) / HIGH_RATE);
      const first = at - taps + 1 - begin;
      if (first + 2 * taps > all.length) break;
      const phase = phases[(made % 3) as 0 | 1 | 2];
      let value = 0;
      for (let index = 0; index < 2 * taps; index += 1) value += all[first + index]! * phase[index]!;
      out.push(Math.max(-32_768, Math.min(32_767, Math.round(value))));
      made += 1;
    }
    const next = Math.floor((made * RATE) / HIGH_RATE) - taps + 1;
    kept = all.slice(next - begin);
    gone = -next;
    return Int16Array.from(out);
  };
}
