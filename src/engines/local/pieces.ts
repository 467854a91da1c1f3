import { RATE } from '../../core/ports.ts';

/** Joins the frames of one utterance. */
export function joined(parts: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Cuts sound that is longer than `most` ms at its quietest places, so that no single piece keeps a recogniser busy for long. */
export function pieces(samples: Int16Array, most: number): { from: number; samples: Int16Array }[] {
  const longest = Math.floor((most * RATE) / 1000);
  const out: { from: number; samples: Int16Array }[] = [];
  let from = 0;
  while (samples.length - from > longest) {
    const cut = quietest(samples, from + Math.floor(longest / 2), from + longest);
    out.push({ from: (from * 1000) / RATE, samples: samples.subarray(from, cut) });
    from = cut;
  }
  out.push({ from: (from * 1000) / RATE, samples: samples.subarray(from) });
  return out;
}

/** The middle of the quietest 100 ms between two positions. */
function quietest(samples: Int16Array, from: number, to: number): number {
  const width = RATE / 10;
  let best = to;
  let least = Number.POSITIVE_INFINITY;
  for (let start = from; start + width <= to; start += width / 2) {
    let energy = 0;
    for (let at = start; at < start + width; at++) energy += samples[at]! ** 2;
    if (energy < least) {
      least = energy;
      best = start + width / 2;
    }
  }
  return best;
}
