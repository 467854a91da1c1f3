import type { Feedback } from '../../client/messages.ts';

type Spoken = Feedback['transcript'][number];

/** Something that was said or whispered, where it stands in time, in ms since the beginning. */
export type Stretch = Spoken & { readonly begins: number; readonly ends: number };

/** A conversation laid out in time. */
export type Timeline = {
  readonly length: number;
  readonly stretches: readonly Stretch[];
  readonly moments: readonly (Feedback['moments'][number] & { readonly begins: number })[];
};

/** When the conversation began, by the first of these lines that was heard: written down as soon as it had ended. */
export function beganAt(lines: readonly Pick<Spoken, 'timestamp' | 'to'>[]): number {
  const heard = lines.find(({ to }) => to !== null) ?? lines[0];
  return heard ? Date.parse(heard.timestamp) - (heard.to ?? 0) : Number.NaN;
}

/** How long words take that nobody timed, in ms each. */
const aWord = 350;

export const wordsIn = (text: string): number => text.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu)?.length ?? 0;

/** Lays everything out in time: where the sound says when, by it, else by when it was written down. */
export function timelineOf({ transcript, moments }: Pick<Feedback, 'transcript' | 'moments'>): Timeline {
  const began = beganAt(transcript);
  const stretches = transcript.map((line): Stretch => {
    const begins = Math.max(0, line.from ?? Date.parse(line.timestamp) - began);
    const isWhisper = line.speaker === 'coach';
    return { ...line, begins, ends: Math.max(begins, line.to ?? begins + (isWhisper ? 0 : wordsIn(line.text) * aWord)) };
  });
  const beginsOf = new Map(stretches.map(({ seq, begins }) => [seq, begins]));
  return {
    length: Math.max(0, ...stretches.map(({ ends }) => ends)),
    stretches,
    moments: moments.map((moment) => ({ ...moment, begins: beginsOf.get(moment.seq) ?? moment.at ?? 0 })),
  };
}

/** A part of the conversation: how much of its talk was the user's, and how fast they spoke; nothing where too little was said. */
export type Part = { readonly from: number; readonly to: number; readonly share: number | undefined; readonly pace: number | undefined };

/** Less speech than this in a part says nothing, in ms. */
const enough = 8_000;

/** The conversation in up to `most` parts of equal length, none shorter than half a minute; only of what was heard, since typed words have no pace. */
export function partsOf({ length, stretches }: Timeline, most = 12): Part[] {
  const heard = stretches.filter(({ from, to, speaker }) => from !== null && to !== null && speaker !== 'coach');
  if (heard.length === 0) return [];
  const count = Math.max(1, Math.min(most, Math.floor(length / 30_000)));
  const size = length / count;
  return Array.from({ length: count }, (_, index) => {
    const [from, to] = [index * size, (index + 1) * size];
    const sums = { user: 0, other: 0, words: 0 };
    for (const { begins, ends, speaker, text } of heard) {
      const inside = Math.max(0, Math.min(ends, to) - Math.max(begins, from));
      if (inside === 0 || (speaker !== 'user' && speaker !== 'other')) continue;
      sums[speaker] += inside;
      if (speaker === 'user') sums.words += (wordsIn(text) * inside) / (ends - begins);
    }
    const all = sums.user + sums.other;
    return {
      from,
      to,
      share: all >= enough ? sums.user / all : undefined,
      pace: sums.user >= enough ? sums.words / (sums.user / 60_000) : undefined,
    };
  });
}
