import type { CoachParts } from '../../src/agents/coach.ts';
import type { Prompt, Serving } from '../../src/core/ports.ts';
import { type ScriptedModel, scriptedModel } from '../../src/engines/scripted/model.ts';
import { settled, type VirtualClock, virtualClock } from '../support/virtual-clock.ts';
import { type Briefing, type Stage, stage } from './stage.ts';

/** What a model may answer, with what stands in it by itself. */
export type Answer = { speak?: boolean; kind?: string; lines?: number[]; ear?: string; screen?: string | null };

export const answer = ({ speak = true, kind = 'answer', lines, ear = 'Name one real example first.', screen = null }: Answer = {}): string =>
  JSON.stringify({ speak, ear: speak ? ear : '', lines: lines ?? (speak ? [1] : []), kind, screen });

export const silent = answer({ speak: false });

/** The seqs of the lines in a prompt, the last one last. */
export const linesIn = (prompt: Prompt): number[] =>
  [...prompt.messages[0]!.text.split('<said ')[1]!.matchAll(/"seq":(\d+)/g)].map((match) => Number(match[1]));

/** Cites the last line that it was told. */
export const citing =
  (what: Answer = {}) =>
  (prompt: Prompt): string =>
    answer({ lines: [linesIn(prompt).at(-1)!], ...what });

export type ThinkingStage = Stage & { readonly model: ScriptedModel; readonly clock: VirtualClock };

/** 32 letters, another at each call. */
export function marks(): () => string {
  let count = 0;
  return () => (count++).toString(36).padStart(32, 'q7x0k2m9z4b8c1d6');
}

/** Seats the coach with a scripted model: 450 ms to the first token, 60 tokens a second, unless told otherwise. */
export async function thinkingStage(
  briefing: Briefing & { language?: string },
  answers: (prompt: Prompt) => string,
  parts: Partial<CoachParts> & Parameters<typeof stage>[1] & { firstToken?: number; serving?: () => Serving | undefined } = {},
): Promise<ThinkingStage> {
  const { firstToken = 450, serving, clock = virtualClock(Date.parse('2030-01-01T10:00:00Z')), ...rest } = parts;
  const model = scriptedModel({ clock, answers, firstToken, tokensPerSecond: 60, ...(serving && { serving }) });
  return { ...(await stage(briefing, { clock, brain: { model, newMark: marks() }, ...rest })), model, clock };
}

/** Somebody speaks and the ear writes along: partial words, a lull noticed 288 ms after the last word, a pause after 544 ms, the final words 280 ms later. */
export async function speaks(
  { talk, clock }: Stage,
  text: string,
  {
    who = 'other',
    told = true,
    final = text,
    wordMs = 400,
    behind = 200,
    stops = false,
  }: { who?: 'user' | 'other'; told?: boolean; final?: string; wordMs?: number; behind?: number; stops?: boolean } = {},
): Promise<void> {
  const opened = Date.parse(talk.entries[0]!.at);
  const speaker = { who, probability: 0.95 };
  const words = text.split(' ');
  const from = clock.now() - opened;
  talk.signal({ type: 'onset', at: from });
  await clock.advance(behind);
  for (let count = 1; count <= words.length; count += 1) {
    await clock.advance(wordMs);
    talk.signal({
      type: 'partial',
      text: `${words.slice(0, count).join(' ')}${stops && count < words.length ? '.' : ''}`,
      from,
      ...(told && { speaker }),
    });
  }
  await clock.advance(288 - behind);
  talk.signal({ type: 'lull', at: clock.now() - opened - 288 });
  await clock.advance(544 - 288);
  const to = clock.now() - opened - 544;
  talk.signal({ type: 'pause', at: to });
  await clock.advance(280);
  await talk.append({ by: 'ear', type: 'said', via: 'voice', text: final, speaker, from, to });
  await settled();
}
