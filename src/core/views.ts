import type { Entry, EntryOf, Fact, Part, Speaker } from './entry.ts';
import { fold } from './fold.ts';

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

/** What is asked again with every piece of sound: nobody can go through a whole log that often. */
const standing = fold(
  () => ({ over: false, judged: false, agreed: false, changes: [] as { at: number; paused: boolean }[], heard: { chunk: 0, to: 0 }, spoken: 0 }),
  (now, entry) => {
    switch (entry.type) {
      case 'ended':
        now.over = true;
        break;
      case 'reviewed':
      case 'summed':
        now.judged = true;
        break;
      case 'consented':
        now.agreed = entry.audio;
        break;
      case 'paused':
      case 'resumed':
        now.changes.push({ at: Date.parse(entry.at), paused: entry.type === 'paused' });
        break;
      case 'heard':
        now.heard = { chunk: entry.chunk, to: entry.to };
        break;
      case 'said':
        now.spoken = Math.max(now.spoken, entry.to ?? 0);
    }
  },
);

/** Whether the conversation is over. */
export const isOver = (entries: readonly Entry[]): boolean => standing(entries).over;

/** Whether its feedback or its summary is written. */
export const isJudged = (entries: readonly Entry[]): boolean => standing(entries).judged;

/** Whether the user is off the record at the end of these entries, or was by what was written down until then. */
export const isPaused = (entries: readonly Entry[], then = Number.POSITIVE_INFINITY): boolean =>
  standing(entries).changes.findLast(({ at }) => !(at > then))?.paused ?? false;

/** Whether what was recorded then, in ms of the session, was off the record. */
export const isOff = (entries: readonly Entry[], then: number): boolean => isPaused(entries, Date.parse(entries[0]?.at ?? '') + then);

/** Whether everybody agrees, at the end of these entries, that the sound is kept. */
export const isAgreed = (entries: readonly Entry[]): boolean => standing(entries).agreed;

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
  const { heard, spoken } = standing(entries);
  return { ...heard, words: Math.max(heard.to, spoken) };
}
