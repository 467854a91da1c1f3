import type { Conversation } from '../core/conversation.ts';
import type { Entry } from '../core/entry.ts';
import { until } from '../core/flow.ts';
import type { Clock, Model, Prompt, Serving } from '../core/ports.ts';
import { type Redactable, redact } from '../core/redaction.ts';
import { isOver, said } from '../core/views.ts';
import { lastThere } from '../insight/talk-record.ts';
import { talkSummary } from '../insight/talk-summary.ts';
import { excerpt } from './excerpt.ts';
import { spotlight } from './spotlight.ts';

export type FarewellParts = {
  /** Who sums up; the rules do where there is nobody, or where he fails. */
  readonly model?: ((talk: string) => Model<Serving>) | undefined;
  readonly name: string;
  readonly clock: Clock;
  /** How long a model may take, in ms. */
  readonly patience: number;
  readonly newMark: () => string;
  readonly redact: readonly Redactable[];
};

/** Brings a talk to its end: summed up once, ended once. */
export type Farewell = (talk: Conversation, why: string, stop: AbortSignal) => Promise<void>;

/** So much of a talk is shown, in characters, and so long a summary may be. */
const room = 40_000;
const longest = 1_200;

const instructions = `You sum up a finished conversation between a user and an assistant, for the user's own records: two to four plain sentences in the language of the user. What was asked, what came of it, what stayed open. Nothing that does not stand there; no praise, no advice, no Markdown.`;

function promptFor(entries: readonly Entry[], mark: string, what: readonly Redactable[]): Prompt {
  const lines = said(entries).map(({ seq, by, text, at: timestamp }) => ({
    seq,
    speaker: by === 'assistant' ? ('other' as const) : ('user' as const),
    text: redact(text, what),
    timestamp,
    from: null,
    to: null,
    probability: null,
  }));
  const { lines: shown, leftOut } = excerpt(lines, room);
  const { instruction, data } = spotlight(shown, mark);
  return {
    instructions: `${instructions} Lines of the speaker "other" are the assistant's.\n\n${instruction}`,
    messages: [{ role: 'user', text: `${leftOut > 0 ? `${leftOut} lines are left out.\n` : ''}${data}` }],
    most: 600,
  };
}

/** Makes the farewell of talks. */
export function farewell({ model, name, clock, patience, newMark, redact: what }: FarewellParts): Farewell {
  async function modelled(talk: Conversation, stop: AbortSignal): Promise<{ text: string; engine: string }> {
    const over = new AbortController();
    const wanted = AbortSignal.any([stop, over.signal]);
    let engine = name;
    let text = '';
    try {
      clock.sleep(patience, wanted).then(
        () => over.abort(),
        () => undefined,
      );
      for await (const piece of until(model!(talk.id).reply(promptFor(talk.entries, newMark(), what), wanted), wanted)) {
        if ('serving' in piece) engine = piece.serving;
        else if (piece.type === 'again') text = '';
        else if (piece.type === 'text') text += piece.text;
        if (text.length > longest) throw new Error('too long');
      }
      stop.throwIfAborted();
      if (over.signal.aborted || text.trim() === '') throw new Error('no summary');
    } finally {
      over.abort();
    }
    return { text: text.trim(), engine };
  }

  async function summary(talk: Conversation, stop: AbortSignal): Promise<{ text: string; engine: string }> {
    const byRules = { text: talkSummary(talk.entries), engine: 'rules' };
    if (!model || said(talk.entries).length === 0) return byRules;
    try {
      return await modelled(talk, stop);
    } catch {
      stop.throwIfAborted();
      return byRules;
    }
  }

  return async (talk, why, stop) => {
    if (isOver(talk.entries)) return;
    const since = lastThere(talk.entries);
    // a process may have died between the two
    const known = talk.entries.some(({ type }) => type === 'summed');
    const summed = known ? undefined : await summary(talk, stop);
    stop.throwIfAborted();
    if (summed) void talk.append({ by: 'house', type: 'summed', ...summed }).catch(() => undefined);
    await talk.append({ by: 'house', type: 'ended', why, ...(since !== undefined && { since }) }).catch((error) => {
      if (!isOver(talk.entries)) throw error;
    });
  };
}
