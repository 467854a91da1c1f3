import { introducedIn } from './introduction.ts';
import type { Spoken } from './lines.ts';
import { namesSomething } from './naming.ts';
import type { Turn } from './turns.ts';
import { contentWords, isStopWord, sentencesOf, spelledIn, stemOf } from './words.ts';

/** What a conversation came back to: a word as it was spelled first, who said it first and where, and in how many lines it is, and whether the other side asked with it. */
export type Topic = {
  readonly stem: string;
  readonly word: string;
  readonly lines: number;
  readonly first: Spoken;
  readonly users: Spoken | undefined;
  readonly asked: boolean;
};

/** Whether a word, as it is spelled, can be what a talk is about. */
export const isSubject = (word: string): boolean =>
  word.length > 3 && /^[\p{L}\p{M}'-]+$/u.test(word) && !isStopWord(word.toLowerCase()) && !word.includes("'") && namesSomething(word.toLowerCase());

/** Every word that carries a subject, most lines first; the user's own name, told beforehand or by the opening line, is no topic. */
export function topicsOf(lines: readonly Spoken[], user = ''): Topic[] {
  const opening = lines.find((line) => line.who === 'user')?.text ?? '';
  const names = new Set([...contentWords(user), ...introducedIn(opening).map(stemOf)]);
  const topics = new Map<string, { -readonly [K in keyof Topic]: Topic[K] }>();
  for (const line of lines) {
    const here = new Map(spelledIn(line.text).flatMap((word) => (isSubject(word) ? [[stemOf(word.toLowerCase()), word] as const] : [])));
    for (const [stem, word] of here) {
      if (names.has(stem)) continue;
      const known = topics.get(stem) ?? { stem, word, lines: 0, first: line, users: undefined, asked: false };
      known.lines += 1;
      if (line.who === 'user') known.users ??= line;
      if (line.who === 'other' && line.questions.length > 0) known.asked = true;
      topics.set(stem, known);
    }
  }
  return [...topics.values()].sort((a, b) => b.lines - a.lines);
}

/** Something the other side brought up and the user came back to: by a question, or turns later. */
export type Callback = { readonly word: string; readonly raised: Spoken; readonly line: Spoken };

/** The first time the user took up a word of the other side: in a question of their own, or at least two turns later. */
export function callbackOf(turns: readonly Turn[], topics: readonly Topic[]): Callback | undefined {
  const turnOf = new Map(turns.flatMap((turn, index) => turn.lines.map((line) => [line.seq, index] as const)));
  return topics
    .flatMap(({ word, first, users }): Callback[] => {
      if (first.who !== 'other' || !users || first.questions.length > 0) return [];
      const distance = (turnOf.get(users.seq) ?? 0) - (turnOf.get(first.seq) ?? 0);
      return users.questions.length > 0
        ? distance >= 1
          ? [{ word, raised: first, line: users }]
          : []
        : distance >= 3
          ? [{ word, raised: first, line: users }]
          : [];
    })
    .sort((a, b) => b.line.questions.length - a.line.questions.length || a.line.seq - b.line.seq)[0];
}

/** The goal of the session, and the user's line that shares most words with it, with the sentence in it that does. */
export type Goal = {
  readonly text: string;
  readonly line: Spoken | undefined;
  readonly sentence: string | undefined;
  readonly shared: number;
  readonly of: number;
};

/** How close the user came to the goal; `undefined` when no goal was set that has words of its own. */
export function goalOf(lines: readonly Spoken[], goal = ''): Goal | undefined {
  const wanted = new Set(contentWords(goal));
  if (wanted.size === 0) return undefined;
  let best: Pick<Goal, 'line' | 'shared'> = { line: undefined, shared: 0 };
  const sharedBy = (text: string) => new Set(contentWords(text).filter((stem) => wanted.has(stem))).size;
  for (const line of lines) {
    if (line.who !== 'user') continue;
    const shared = sharedBy(line.text);
    if (shared > best.shared) best = { line, shared };
  }
  const sentence = sentencesOf(best.line?.text ?? '').toSorted((a, b) => sharedBy(b) - sharedBy(a))[0];
  return { text: goal, ...best, sentence, of: wanted.size };
}
