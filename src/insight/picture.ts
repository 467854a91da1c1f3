import type { Entry, EntryOf, Hearing, Metrics } from '../core/entry.ts';
import { first } from '../core/views.ts';
import { type Exchange, exchangesOf } from './exchanges.ts';
import { linesOf, type Spoken } from './lines.ts';
import { isAttributed, metricsOf } from './metrics.ts';
import { type Goal, goalOf, type Topic, topicsOf } from './topics.ts';
import { type Turn, turnsOf } from './turns.ts';

/** A conversation taken apart: how it was opened, its lines, turns, questions and subjects, the numbers, and whether most voices are known. */
export type Picture = {
  readonly opened: EntryOf<'opened'> | undefined;
  readonly lines: readonly Spoken[];
  readonly turns: readonly Turn[];
  readonly exchanges: readonly Exchange[];
  readonly topics: readonly Topic[];
  readonly goal: Goal | undefined;
  readonly metrics: Metrics;
  readonly attributed: boolean;
  /** The ear did not know the user's voice for a while, after a restart say. */
  readonly voiceLost: boolean;
  readonly hearing: Hearing;
};

/** Takes a conversation apart once, for everybody who wants to judge it. */
export function pictureOf(entries: readonly Entry[], hearing: Hearing = {}): Picture {
  const opened = first(entries, 'opened');
  const lines = linesOf(entries);
  const turns = turnsOf(lines);
  const exchanges = exchangesOf(turns);
  return {
    opened,
    lines,
    turns,
    exchanges,
    topics: topicsOf(lines, opened?.user),
    goal: goalOf(lines, opened?.goal),
    metrics: metricsOf(entries, hearing),
    attributed: isAttributed(lines),
    voiceLost: entries.some((entry) => entry.type === 'failed' && entry.code === 'voice_unknown'),
    hearing,
  };
}
