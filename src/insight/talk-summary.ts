import type { Entry } from '../core/entry.ts';
import { every, said } from '../core/views.ts';

/** So much of a message is quoted, in characters. */
const quoted = 120;

const quote = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return `“${line.length > quoted ? `${line.slice(0, quoted).toWellFormed()}…` : line}”`;
};

const times = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** What a talk was about, by rules: counts and quotes, and no claim to have understood it. */
export function talkSummary(entries: readonly Entry[]): string {
  const lines = said(entries);
  const asked = lines.filter(({ by }) => by !== 'assistant');
  const [first] = asked;
  if (!first) return 'Nothing was said.';
  const answers = lines.length - asked.length;
  const last = asked.at(-1)!;
  const tools = [...new Set(every(entries, 'called').map(({ tool }) => tool))];
  return [
    `${times(asked.length, 'message')} and ${times(answers, 'answer')}.`,
    asked.length === 1 ? `It was about ${quote(first.text)}.` : `It began with ${quote(first.text)} and ended with ${quote(last.text)}.`,
    tools.length > 0 ? `Used on the way: ${tools.join(', ')}.` : '',
    'Counted by rules; nobody has judged what it meant.',
  ]
    .filter(Boolean)
    .join(' ');
}
