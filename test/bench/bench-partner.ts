import type { Prompt } from '../../src/core/ports.ts';
import { wordsOf } from '../../src/insight/words.ts';
import { heldBackQuestions, longQuestions, shortTurns, unseenQuestions, unseenShortTurns } from './bench-partner-turns.ts';

/** The last line that a prompt shows, and whether its end is missing. */
function lastLine(text: string): { seq: number; said: string; open: boolean } {
  const lines = [...text.matchAll(/\{"seq":(\d+),"speaker":"[a-z]+","text":("(?:[^"\\]|\\.)*")/g)];
  const [, seq, said] = lines.at(-1)!;
  return { seq: Number(seq), said: JSON.parse(said!) as string, open: text.includes('its last words are missing') };
}

/** Whether a person would know what is wanted after so much of a partner's turn. */
function isClear(said: string): boolean {
  const words = wordsOf(said);
  return [...longQuestions, ...heldBackQuestions, ...shortTurns, ...unseenQuestions, ...unseenShortTurns].some(({ words: whole, clear }) => {
    const all = wordsOf(whole.join(' '));
    return words.length >= wordsOf(whole.slice(0, clear).join(' ')).length && words.every((word, index) => word === all[index]);
  });
}

/** A whisper as long as real ones are, another for each prompt; in one sentence or in two. */
const whispers = {
  one: (about: number) => `Say one thing about it, number ${about}.`,
  two: (about: number) => `Name one thing you did. Then say why, number ${about}.`,
} as const;
export type Sentences = keyof typeof whispers;

/** Answers as long as real ones are. Where the end of a line is missing it speaks only when a person would know what is wanted, or never where it is `cautious`. */
export const partnersModel =
  ({ cautious = false, sentences = 'one' }: { cautious?: boolean; sentences?: Sentences } = {}) =>
  (text: string): string => {
    const { seq, said, open } = lastLine(text);
    if (open && (cautious || !isClear(said))) return JSON.stringify({ speak: false, ear: '', lines: [], kind: 'answer', screen: null });
    return JSON.stringify({
      speak: true,
      ear: whispers[sentences](text.length),
      lines: [seq],
      kind: 'answer',
      screen: 'They would like to hear something that only you can tell them: take your time.',
    });
  };

export const promptText = (prompt: Prompt): string => prompt.messages.map(({ text }) => text).join('\n');
