import { readdirSync, readFileSync } from 'node:fs';
import type { Entry, Metrics, Word } from '../../src/core/entry.ts';

export type Row = {
  speaker: 'user' | 'other' | 'unknown';
  text: string;
  from?: number;
  to?: number;
  words?: Word[];
  via?: 'voice' | 'text';
  at?: number;
};
type Labelled = {
  title: string;
  opened: { user: string; goal: string; context: string; participants?: string };
  lines: Row[];
  labels: Metrics & { filler_percentage: number };
};

const folder = new URL('../../fixtures/dialogues/labelled/', import.meta.url);
const began = Date.parse('2026-01-05T09:00:00.000Z');

/** One log: an opening and what was said after it. */
export function logOf(opened: Partial<Labelled['opened']>, lines: Row[]): Entry[] {
  const said = lines.map(
    ({ speaker, text, from, to, words, via, at }, index): Entry => ({
      seq: index + 2,
      at: new Date(began + (at ?? (to !== undefined && Math.abs(to) < 1e9 ? to / 1000 : 0)) * 1000).toISOString(),
      by: 'ear',
      type: 'said',
      text,
      via: via ?? 'voice',
      speaker: { who: speaker, probability: 0.9 },
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(words && { words }),
    }),
  );
  return [{ seq: 1, at: new Date(began).toISOString(), by: 'user', type: 'opened', kind: 'coach', title: 'Session', ...opened }, ...said];
}

/** The dialogues that were labelled by hand. */
export const labelled = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => {
    const dialogue = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Labelled;
    return { name: name.replace('.json', ''), ...dialogue, entries: logOf(dialogue.opened, dialogue.lines) };
  });
