import type { Draft, Entry, Span } from './entry.ts';
import { fold } from './fold.ts';

/** What stands where an entry was that was taken off the record. */
export const tombstone = ({ seq, at }: Entry): Entry => ({ seq, at, by: 'user', type: 'removed' });

/** The earlier entries that this one quotes, judges or changes. */
function quotedBy(entry: Draft): readonly number[] {
  switch (entry.type) {
    case 'corrected':
    case 'elaborated':
    case 'reacted':
      return [entry.of];
    case 'advised':
      return [entry.about, ...entry.evidence];
    case 'said':
      return entry.about === undefined ? [] : [entry.about];
    case 'passed':
    case 'hushed':
    case 'played':
    case 'rated':
      return [entry.about];
    default:
      return [];
  }
}

/** Whether this would bring back something that was taken off the record. */
export const quotesRemoved = (draft: Draft, entries: readonly Entry[]): boolean =>
  quotedBy(draft).some((seq) => entries[seq - 1]?.type === 'removed');

const words = new Set<Entry['type']>([
  'said',
  'reacted',
  'attached',
  'asked',
  'advised',
  'whispered',
  'elaborated',
  'passed',
  'hushed',
  'played',
  'rated',
  'corrected',
  'called',
  'returned',
]);

/** Those of the chosen entries that hold anybody's words, and everything that quotes them, in order. */
export function withQuotes(entries: readonly Entry[], chosen: Iterable<number>): number[] {
  const asked = new Set(chosen);
  const gone = new Set<number>();
  const calls = new Set<string>();
  for (const entry of entries) {
    const quotes = quotedBy(entry).some((seq) => gone.has(seq)) || (entry.type === 'returned' && calls.has(entry.call));
    if (!words.has(entry.type) || !(asked.has(entry.seq) || quotes)) continue;
    gone.add(entry.seq);
    if (entry.type === 'called') calls.add(entry.call);
  }
  return [...gone];
}

/** What was spoken, asked of tools or answered by them at that time, also where it was written down later. */
export function spokenIn(entries: readonly Entry[], { from, to }: Span): number[] {
  const opened = Date.parse(entries[0]?.at ?? '');
  return entries
    .filter((entry) => {
      const written = Date.parse(entry.at) - opened;
      if (entry.type === 'called' || entry.type === 'returned') return written >= from && written <= to;
      return entry.type === 'said' && (entry.to ?? written) >= from && (entry.from ?? written) <= to;
    })
    .map(({ seq }) => seq);
}

const forgotten = fold(
  (): Span[] => [],
  (spans, entry) => {
    if (entry.type === 'removed' && entry.span) spans.push(entry.span);
  },
);

/** Whether what was spoken at this moment (ms of the conversation) was taken off the record. */
export const wasForgotten = (entries: readonly Entry[], at: number): boolean => forgotten(entries).some(({ from, to }) => from <= at && at < to);

/** When nobody was to be listened to, and what was taken away of which time, in ms of the conversation. */
export function offTheRecord(entries: readonly Entry[], now: number): Span[] {
  const opened = Date.parse(entries[0]?.at ?? '');
  const spans: Span[] = [];
  let since: number | undefined;
  for (const entry of entries) {
    if (entry.type === 'removed' && entry.span) spans.push(entry.span);
    if (entry.type === 'paused') since ??= Date.parse(entry.at) - opened;
    if (entry.type !== 'resumed' || since === undefined) continue;
    spans.push({ from: since, to: Date.parse(entry.at) - opened });
    since = undefined;
  }
  if (since !== undefined) spans.push({ from: since, to: Math.max(now, since) });
  return spans;
}

/** What was asked to be taken away and still stands: the process died in between. */
export function stillStanding(entries: readonly Entry[]): number[] {
  const asked = entries.flatMap((entry) => (entry.type === 'removed' ? (entry.of ?? []) : []));
  return asked.filter((seq) => entries[seq - 1] !== undefined && entries[seq - 1]!.type !== 'removed');
}
