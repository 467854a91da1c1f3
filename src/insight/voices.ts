import type { Speaker } from '../core/entry.ts';
import type { AttributedWord } from '../core/ports.ts';

/** Whose the voices of a recording are. */
export type Voices = {
  /** Who said all of this, if it was one person and it is known which. */
  ofAll(words: readonly AttributedWord[]): Speaker | undefined;
};

type Heard = { readonly line: { readonly speaker?: Speaker | undefined }; readonly words: readonly AttributedWord[] };

/** A voice is somebody's if it has said so many words in lines whose speaker is known, and so large a share of them in that person's. */
const enough = 3;
const share = 0.75;

/** Finds out whose voice is whose by the lines whose speaker was known live. A recogniser that heard only one voice tells nothing about who it was. */
export function voicesIn(lines: readonly Heard[]): Voices {
  const votes = new Map<string, { user: number; other: number }>();
  const parts = new Map<string, Set<string>>();
  for (const { line, words } of lines)
    for (const { speaker } of words) {
      if (speaker === null) continue;
      const part = partOf(speaker);
      parts.set(part, (parts.get(part) ?? new Set()).add(speaker));
      const vote = votes.get(speaker) ?? { user: 0, other: 0 };
      votes.set(speaker, vote);
      const { who, probability } = line.speaker ?? { who: 'unknown', probability: null };
      if (who !== 'unknown') vote[who] += probability ?? 1;
    }
  const known = new Map<string, Speaker>();
  for (const [voice, { user, other }] of votes) {
    const all = user + other;
    const most = Math.max(user, other) / all;
    const alone = parts.get(partOf(voice))!.size < 2;
    if (!alone && all >= enough && most >= share) known.set(voice, { who: user > other ? 'user' : 'other', probability: most });
  }
  // there is one user: of two voices that look like theirs nobody knows which it is
  const mine = [...known].filter(([, { who }]) => who === 'user').map(([voice]) => voice);
  for (const voice of mine) if (mine.some((each) => each !== voice && partOf(each) === partOf(voice))) known.delete(voice);
  return {
    ofAll(words) {
      const [first] = words;
      if (!first || first.speaker === null) return undefined;
      const same = words.filter(({ speaker }) => speaker === first.speaker).length;
      return same >= words.length * 0.8 ? known.get(first.speaker) : undefined;
    },
  };
}

/** The part of the recording in which this voice has its name. */
export const partOf = (voice: string): string => voice.slice(0, voice.indexOf('/'));
