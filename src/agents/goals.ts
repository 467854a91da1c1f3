import type { Entry } from '../core/entry.ts';
import { contentWords } from '../insight/words.ts';
import { briefOf, type GoalPart } from './brief.ts';

/** A part of what the user came for, and whether it was talked about. */
export type Goal = { readonly text: string; readonly met: boolean };

type Sum = { parts: readonly GoalPart[]; heard: Set<string>; read: number };

function add(sum: Sum, entry: Entry): void {
  if (entry.type === 'opened') sum.parts = briefOf(entry).goal;
  if (entry.type === 'said' || (entry.type === 'corrected' && entry.text !== undefined))
    for (const stem of contentWords(entry.text ?? '')) sum.heard.add(stem);
}

/** The parts of the goal of logs that go on, ticked off as they are spoken of: at least half of their telling words were said, by whomever. */
export function goalsSoFar(): (entries: readonly Entry[]) => Goal[] {
  const sums = new WeakMap<readonly Entry[], Sum>();
  return (entries) => {
    let sum = sums.get(entries);
    // what was taken off the record counts for nothing
    if (!sum || entries.slice(sum.read).some(({ type }) => type === 'removed')) sum = { parts: [], heard: new Set(), read: 0 };
    for (; sum.read < entries.length; sum.read += 1) add(sum, entries[sum.read]!);
    sums.set(entries, sum);
    const { parts, heard } = sum;
    return parts.map(({ text, stems }) => ({
      text,
      met: stems.filter((stem) => !heard.has(stem)).length * 2 <= stems.length && stems.some((stem) => heard.has(stem)),
    }));
  };
}
