import type { Entry } from '../core/entry.ts';
import { first } from '../core/views.ts';

/** An event of a talk as tables and clients know it: what it was, whose, its words and when. */
export type TalkEvent = { readonly event_type: string; readonly role: string | null; readonly content: string | null; readonly created_at: string };

/** A talk from its beginning to its end, as tables and clients know it. */
export type TalkRecord = {
  readonly session_id: string;
  readonly user_id: string;
  readonly start_time: string;
  readonly end_time: string | null;
  readonly duration_seconds: number | null;
  readonly summary: string | null;
  readonly summary_by: string | null;
  readonly events: (TalkEvent & { readonly id: number })[];
};

/** What is told of an entry; of most nothing is. */
export function talkEventOf(entry: Entry): TalkEvent | undefined {
  const { at: created_at } = entry;
  switch (entry.type) {
    case 'said':
      return { event_type: 'message', role: entry.by === 'assistant' ? 'assistant' : 'user', content: entry.text, created_at };
    case 'called':
      return { event_type: 'tool_call', role: 'assistant', content: JSON.stringify({ tool: entry.tool, input: entry.input }), created_at };
    case 'returned':
      return { event_type: 'tool_result', role: 'tool', content: JSON.stringify(entry.output) ?? '', created_at };
    case 'failed':
      return { event_type: 'error', role: 'system', content: entry.message, created_at };
    default:
      return undefined;
  }
}

/** When it was over: as it says itself, or when that was written down. */
export const overAt = (entries: readonly Entry[]): string | undefined => {
  const ended = first(entries, 'ended');
  return ended?.since ?? ended?.at;
};

/** When whoever talked was last there, as far as the log knows: when they left, or the last thing that happened. */
export function lastThere(entries: readonly Entry[]): string | undefined {
  const gone = entries.findLast((entry) => (entry.type === 'left' || entry.type === 'joined') && entry.by === 'user');
  return gone?.type === 'left' ? gone.at : entries.at(-1)?.at;
}

/** The record of a talk; events are numbered by their entries. */
export function talkRecord(id: string, entries: readonly Entry[]): TalkRecord {
  const opened = first(entries, 'opened');
  const summed = first(entries, 'summed');
  const start = opened?.at ?? '';
  const end = overAt(entries);
  return {
    session_id: id,
    user_id: opened?.user ?? opened?.by ?? '',
    start_time: start,
    end_time: end ?? null,
    duration_seconds: end === undefined ? null : Math.max(0, Math.round((Date.parse(end) - Date.parse(start)) / 1_000)),
    summary: summed?.text ?? null,
    summary_by: summed?.engine ?? null,
    events: entries.flatMap((entry) => {
      const event = talkEventOf(entry);
      return event ? [{ id: entry.seq, ...event }] : [];
    }),
  };
}
