import type { Draft, Entry, EntryOf, Span } from './entry.ts';
import { offTheRecord } from './forgetting.ts';
import { every } from './views.ts';

/** A time in which somebody may have spoken whose words are missing, and why, as a sentence. */
export type Unheard = Span & { readonly why: string };

/** Shorter than this, in ms, nobody reads it as a length. */
const least = 100;

/** A length as people read it. */
export function lengthInWords({ from, to }: Span): string {
  const value = (Math.max(to - from, least) / 1000).toFixed(1);
  return value === '1.0' ? '1 second' : `${value} seconds`;
}

/** A place in the conversation as people read it. */
export function placeInWords(ms: number): string {
  const whole = Math.round(ms / 1000);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

const lost = (span: Span, message: string): Draft => ({ by: 'ear', type: 'failed', part: 'microphone', code: 'sound_lost', message, span });

const length = (span: Span) => `${lengthInWords(span)} of sound from your microphone (from ${placeInWords(span.from)} on)`;

/** Listening ended before this sound was heard. */
export const neverHeard = (span: Span): Draft =>
  lost(span, `Listening ended before ${length(span)} had been heard: what was said in it will be missing from the transcript.`);

/** Nobody has this sound any more. */
export const neverArrived = (span: Span): Draft =>
  lost(span, `${length(span)} never arrived and will be missing from the transcript. What came before and after is kept.`);

/** The ear failed at this sound again and again. */
export const neverUnderstood = (span: Span): Draft =>
  lost(span, `${length(span)} could not be listened to, though it was tried again; what was said in it is missing from the transcript.`);

/** What nobody heard, in order; not what was heard after all, from sound that was kept, nor what was off the record. */
export function unheard(entries: readonly Entry[]): Unheard[] {
  const lines = every(entries, 'said');
  const heardAfter = (gap: EntryOf<'failed'>, { from, to }: Span) =>
    lines.some((line) => line.seq > gap.seq && (line.from ?? to) < to && (line.to ?? from) > from);
  const off = offTheRecord(entries, Number.POSITIVE_INFINITY);
  const asked = ({ from, to }: Span) => off.some((span) => span.from <= from && to <= span.to);
  return every(entries, 'failed')
    .flatMap((gap) => (gap.span && !heardAfter(gap, gap.span) && !asked(gap.span) ? [{ ...gap.span, why: gap.message }] : []))
    .sort((a, b) => a.from - b.from);
}
