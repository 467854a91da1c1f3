import type { Entry, EntryOf, Reason } from '../core/entry.ts';

/** What became of one turn: the suggestion it led to, or why the coach kept quiet. */
export type TurnVerdict = { readonly about: number; readonly advised?: EntryOf<'advised'>; readonly reasons: readonly Reason[] };

/** Whether this entry is the first verdict about a turn; advice in a later silence and hints come on top. */
export const isVerdict = (entry: Entry): entry is EntryOf<'advised'> | EntryOf<'passed'> =>
  entry.type === 'passed' || (entry.type === 'advised' && entry.kind !== 'silence' && entry.kind !== 'hint');

/** Why the coach spoke or kept quiet, turn by turn: every turn that was said is in it exactly once. A turn without a word of the coach was cut off by the end. */
export function verdicts(entries: readonly Entry[]): TurnVerdict[] {
  const decided = new Map<number, EntryOf<'advised'> | EntryOf<'passed'>>();
  for (const entry of entries) if (isVerdict(entry) && !decided.has(entry.about)) decided.set(entry.about, entry);
  const over = entries.some((entry) => entry.type === 'ended');
  return entries
    .filter((entry) => entry.type === 'said')
    .map(({ seq }): TurnVerdict => {
      const verdict = decided.get(seq);
      if (verdict?.type === 'advised') return { about: seq, advised: verdict, reasons: [] };
      return { about: seq, reasons: verdict?.reasons ?? (over ? ['ended'] : []) };
    });
}

/** Up to where every turn has its verdict: a coach that comes back after a restart looks at everything after it. */
export const lastDecided = (entries: readonly Entry[]): number => {
  const decided = new Set(entries.filter(isVerdict).map(({ about }) => about));
  const open = entries.find(({ type, seq }) => type === 'said' && !decided.has(seq));
  const last = entries.findLast(isVerdict)?.about ?? 0;
  return Math.min(last, (open?.seq ?? Number.POSITIVE_INFINITY) - 1);
};
