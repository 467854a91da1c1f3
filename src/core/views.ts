import type { Entry, EntryOf, Fact, Part, Speaker } from './entry.ts';

/** One line of what was said or advised, as people read it. */
export type Line = {
  seq: number;
  speaker: 'user' | 'other' | 'unknown' | 'coach';
  text: string;
  timestamp: string;
  from: number | null;
  to: number | null;
  probability: number | null;
};

/** The first entry of that type, with its own fields. */
export function first<T extends Fact['type']>(entries: readonly Entry[], type: T): EntryOf<T> | undefined {
  return entries.find((entry): entry is EntryOf<T> => entry.type === type);
}

/** All entries of that type, with their own fields. */
export function every<T extends Fact['type']>(entries: readonly Entry[], type: T): EntryOf<T>[] {
  return entries.filter((entry): entry is EntryOf<T> => entry.type === type);
}

/** Whether the conversation is over. */
export const isOver = (entries: readonly Entry[]): boolean => entries.some((entry) => entry.type === 'ended');

/** Whether the user is off the record at the end of these entries. */
export const isPaused = (entries: readonly Entry[]): boolean =>
  entries.findLast((entry) => entry.type === 'paused' || entry.type === 'resumed')?.type === 'paused';

/** Whether everybody agrees, at the end of these entries, that the sound is kept. */
export const isAgreed = (entries: readonly Entry[]): boolean => every(entries, 'consented').at(-1)?.audio ?? false;

/** Who stands in for the best of each part, at the end of these entries. */
export function standIns(entries: readonly Entry[]): Partial<Record<Part, string>> {
  const serving: Partial<Record<Part, string>> = {};
  for (const entry of entries) {
    if (entry.type === 'failed' && entry.serving !== undefined) serving[entry.part] = entry.serving;
    if (entry.type === 'recovered' && entry.serving !== undefined) delete serving[entry.part];
  }
  return serving;
}

/** What a friend whispers, so that nobody takes it for the coach's. */
export const spokenFrom = ({ name, text }: Pick<EntryOf<'whispered'>, 'name' | 'text'>): string => `From ${name}: ${text}`;

/** What was said, in order, with every later correction applied. */
export function said(entries: readonly Entry[]): EntryOf<'said'>[] {
  const corrections = new Map<number, { text?: string; speaker?: Speaker }>();
  for (const { of, text, speaker } of every(entries, 'corrected'))
    corrections.set(of, { ...corrections.get(of), ...(text !== undefined && { text }), ...(speaker && { speaker }) });
  return every(entries, 'said').map((entry) => {
    const mended = corrections.get(entry.seq);
    return mended ? { ...entry, ...mended } : entry;
  });
}

/** The transcript: what was said and what the coach advised, in the order it was logged. */
export function transcript(entries: readonly Entry[]): Line[] {
  const spoken = said(entries).map(
    (entry): Line => ({
      seq: entry.seq,
      speaker: entry.speaker?.who ?? 'unknown',
      text: entry.text,
      timestamp: entry.at,
      from: entry.from ?? null,
      to: entry.to ?? null,
      probability: entry.speaker?.probability ?? null,
    }),
  );
  const advised = every(entries, 'advised').map(
    (entry): Line => ({ seq: entry.seq, speaker: 'coach', text: entry.text, timestamp: entry.at, from: null, to: null, probability: null }),
  );
  return [...spoken, ...advised].sort((a, b) => a.seq - b.seq);
}

/** How far the microphone's numbered sound is heard: the last piece and where it ends, and where the last words end that were spoken (ms). */
export function heardSoFar(entries: readonly Entry[]): { chunk: number; to: number; words: number } {
  const { chunk = 0, to = 0 } = every(entries, 'heard').at(-1) ?? {};
  const words = every(entries, 'said').reduce((latest, line) => Math.max(latest, line.to ?? 0), to);
  return { chunk, to, words };
}
