import type { Conversation } from '../core/conversation.ts';
import { first, type Line, transcript } from '../core/views.ts';

const speakers: Record<Line['speaker'], string> = { user: 'You', other: 'Them', unknown: 'Unsure who', coach: 'Aside, in your ear' };

/** Anybody's words as text that stays text: no markup, no link, no picture, no formula, no line of their own. */
export function plainWords(words: string): string {
  return words
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ')
    .replace(/[\\`*_{}[\]<>()#+\-!|~&=@:$^%"']/g, '\\$&')
    .replace(/\bwww\./gi, (found) => `${found.slice(0, -1)}\\.`)
    .trim();
}

const clockTime = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

/** What was said, as people read and print it, in Markdown. */
export function transcriptText(talk: Conversation): string {
  const opened = first(talk.entries, 'opened');
  const began = Date.parse(opened?.at ?? '');
  const lines = transcript(talk.entries).map(
    ({ speaker, text, from, timestamp }) => `**${speakers[speaker]}** (${clockTime(from ?? Date.parse(timestamp) - began)}) ${plainWords(text)}\n`,
  );
  const about = [`# Conversation of ${opened?.at.slice(0, 10) ?? ''}\n`, opened?.context && `About: ${plainWords(opened.context)}\n`];
  return [...about, opened?.goal && `Goal: ${plainWords(opened.goal)}\n`, ...lines].filter(Boolean).join('\n');
}
