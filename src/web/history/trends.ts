import type { Feedback } from '../../client/messages.ts';
import { compared, type Measured, mean, rate, share } from './uncertainty.ts';

type Metrics = Feedback['metrics'];

/** What is followed over conversations. */
export const subjects = ['fillers', 'ratio', 'pace', 'questions'] as const;
export type Subject = (typeof subjects)[number];

/** One conversation in a trend: what it says, that it says too little, or that this was not measured there. */
export type Point = { readonly id: string; readonly began: number } & (
  | { readonly is: 'told'; readonly measured: Measured }
  | { readonly is: 'too little' }
  | { readonly is: 'unmeasured' }
);

/** What can honestly be said of a trend: how the latest stands to the one before, and to the first. */
export type Trend = {
  readonly points: readonly Point[];
  readonly sinceLast: 'higher' | 'lower' | 'same' | undefined;
  readonly sinceFirst: 'higher' | 'lower' | 'same' | undefined;
};

/** Fewer words than this say nothing about how somebody speaks. */
export const enoughWords = 150;

/** Fillers come in heaps: so many words are worth one that is drawn alone. */
const heap = 2;

/** Who speaks and how fast is decided once a turn, not once a word: so many words are one draw. */
const turn = 20;

/** From turn to turn the pace of one person scatters by about this share. */
const scatter = 0.25;

function measuredOf(subject: Subject, m: Metrics): Measured | 'too little' | undefined {
  const few = m.user_words < enoughWords;
  switch (subject) {
    case 'fillers':
      if (m.fillers === null) return undefined;
      return few ? 'too little' : share(m.fillers / heap, m.user_words / heap);
    case 'ratio': {
      if (m.talk_ratio === null) return undefined;
      const draws = (m.user_words + m.other_words) / turn;
      return m.user_words + m.other_words < 2 * enoughWords ? 'too little' : share(m.talk_ratio * draws, draws);
    }
    case 'pace':
      if (m.words_per_minute === null) return undefined;
      return few ? 'too little' : mean(m.words_per_minute, m.user_words / turn, scatter);
    case 'questions':
      if (m.questions_asked === null) return undefined;
      return few ? 'too little' : rate(m.questions_asked, m.user_words / 100);
  }
}

/** One number over these conversations, oldest first; nothing is called a change that chance explains. */
export function trendOf(subject: Subject, talks: readonly { readonly id: string; readonly began: number; readonly metrics: Metrics }[]): Trend {
  const points = talks
    .toSorted((a, b) => a.began - b.began)
    .map(({ id, began, metrics }): Point => {
      const measured = measuredOf(subject, metrics);
      if (measured === undefined) return { id, began, is: 'unmeasured' };
      return measured === 'too little' ? { id, began, is: measured } : { id, began, is: 'told', measured };
    });
  const told = points.flatMap((point) => (point.is === 'told' ? [point.measured] : []));
  const [first, last, before] = [told[0], told.at(-1), told.at(-2)];
  return {
    points,
    sinceLast: before && last && compared(before, last),
    // with two there is nothing between the first and the last
    sinceFirst: told.length > 2 ? compared(first!, last!) : undefined,
  };
}
