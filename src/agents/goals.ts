import type { Entry } from '../core/entry.ts';
import { contentWords } from '../insight/words.ts';
import { briefOf } from './brief.ts';

/** A part of what the user came for, whether it was talked about, and by which line; `told` is the entry by which that became known. */
export type Goal = { readonly text: string; readonly met: boolean; readonly about: number | null; readonly told: number | null };

type Part = { text: string; stems: readonly string[]; heard: Set<string>; about: number | null; told: number | null };
type Sum = { parts: Part[]; read: number };

function add(sum: Sum, entry: Entry): void {
  if (entry.type === 'opened') sum.parts = briefOf(entry).goal.map((part) => ({ ...part, heard: new Set(), about: null, told: null }));
  if (entry.type !== 'said' && entry.type !== 'corrected') return;
  const words = contentWords(entry.text ?? '');
  for (const part of sum.parts) {
    for (const stem of words) if (part.stems.includes(stem)) part.heard.add(stem);
    if (part.told !== null || part.heard.size === 0 || part.heard.size * 2 < part.stems.length) continue;
    part.about = entry.type === 'said' ? entry.seq : entry.of;
    part.told = entry.seq;
  }
}

/** The parts of the goal of logs that go on, ticked off as they are spoken of: at least half of their telling words were said, by whomever. A log is read at least as far as to `seq`. */
export function goalsSoFar(): (entries: readonly Entry[], seq?: number) => Goal[] {
  const sums = new WeakMap<readonly Entry[], Sum>();
  return (entries, seq = entries.length) => {
    let sum = sums.get(entries);
    // what was taken off the record counts for nothing: where it was read already, all is read anew
    if (!sum || entries.slice(sum.read, seq).some((entry) => entry.type === 'removed' && entry.of)) sum = { parts: [], read: 0 };
    for (; sum.read < seq; sum.read += 1) add(sum, entries[sum.read]!);
    sums.set(entries, sum);
    return sum.parts.map(({ text, about, told }) => ({ text, met: told !== null, about, told }));
  };
}
