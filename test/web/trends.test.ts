import { describe, expect, test } from 'vitest';
import { placeIn } from '../../src/web/history/finding.ts';
import { enoughWords, subjects, trendOf } from '../../src/web/history/trends.ts';
import { compared, mean, rate, share } from '../../src/web/history/uncertainty.ts';

type Metrics = Parameters<typeof trendOf>[1][number]['metrics'];

const metrics = (more: Partial<Metrics>): Metrics => ({
  user_words: 600,
  other_words: 600,
  unknown_words: 0,
  fillers: 12,
  filler_words: {},
  words_per_minute: 130,
  talk_ratio: 0.5,
  longest_turn_seconds: 20,
  questions_asked: 6,
  questions_received: 6,
  questions_unanswered: 0,
  interruptions_made: null,
  interruptions_suffered: null,
  median_reply_gap_seconds: 1,
  suggestions: 2,
  duration_seconds: 600,
  coverage: 1,
  ...more,
});
const talks = (...all: Partial<Metrics>[]) => all.map((more, began) => ({ id: String(began), began, metrics: metrics(more) }));

/** The same numbers each time, spread evenly enough. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('what a number may be worth', () => {
  test('the interval of a share is Wilson’s: known values, never outside 0 and 1, narrower with more words', () => {
    const round = ({ low, high }: { low: number; high: number }) => [low, high].map((value) => Math.round(value * 1e4) / 1e4);
    expect(round(share(10, 100))).toEqual([0.0552, 0.1744]);
    expect(round(share(0, 10))).toEqual([0, 0.2775]);
    expect(round(share(10, 10))).toEqual([0.7225, 1]);
    const widths = [50, 100, 400, 1_600].map((words) => share(words / 10, words)).map(({ low, high }) => high - low);
    expect(widths).toEqual(widths.toSorted((a, b) => b - a));
  });

  test('counts have Byar’s interval', () => {
    const { value, low, high } = rate(10, 1);
    expect(value).toBe(10);
    expect(low).toBeCloseTo(4.79, 1);
    expect(high).toBeCloseTo(18.39, 1);
    expect(rate(0, 2)).toMatchObject({ value: 0, low: 0 });
    expect(rate(0, 2).high).toBeGreaterThan(1.5);
  });

  test('two values differ only where their intervals do not touch', () => {
    expect(compared(mean(100, 25, 0.2), mean(130, 25, 0.2))).toBe('higher');
    expect(compared(mean(130, 25, 0.2), mean(100, 25, 0.2))).toBe('lower');
    expect(compared(mean(100, 25, 0.2), mean(110, 25, 0.2))).toBe('same');
    expect(compared({ value: 1, low: 0, high: 2 }, { value: 3, low: 2, high: 4 })).toBe('same');
  });
});

describe('trends over conversations', () => {
  test('too few words tell nothing, and what was not measured is not 0', () => {
    const trend = trendOf('fillers', talks({ user_words: enoughWords - 1 }, { fillers: null }, {}));
    expect(trend.points.map(({ is }) => is)).toEqual(['too little', 'unmeasured', 'told']);
    expect(trend).toMatchObject({ sinceLast: undefined, sinceFirst: undefined });
    for (const subject of subjects) expect(trendOf(subject, talks({ user_words: 20, other_words: 20 })).points[0]!.is).toBe('too little');
  });

  test('the conversations stand in the order in which they were held', () => {
    const [one, two] = talks({}, {});
    expect(trendOf('pace', [two!, one!]).points.map(({ id }) => id)).toEqual(['0', '1']);
  });

  test('from 9 % fillers to 1 % is a change; from 3 % to 2 % is none', () => {
    expect(trendOf('fillers', talks({ fillers: 54 }, { fillers: 6 })).sinceLast).toBe('lower');
    expect(trendOf('fillers', talks({ fillers: 18 }, { fillers: 12 })).sinceLast).toBe('same');
    expect(trendOf('fillers', talks({ fillers: 54 }, { fillers: 30 }, { fillers: 6 }))).toMatchObject({ sinceFirst: 'lower' });
  });

  test('noise is not celebrated: of 2,000 pairs of talks of one and the same speaker, hardly any is called a change', () => {
    const random = dice(6);
    /** Fillers of somebody who fills 4 % of their words, two at a time. */
    const talk = () => {
      let fillers = 0;
      for (let word = 0; word < 300; word += 1) if (random() < 0.04) fillers += 2;
      return { fillers, user_words: 600 };
    };
    let changes = 0;
    for (let pair = 0; pair < 2_000; pair += 1) if (trendOf('fillers', talks(talk(), talk())).sinceLast !== 'same') changes += 1;
    expect(changes).toBeLessThan(40);
  });
});

describe('searching words that were said', () => {
  test('all the words must stand in one text, whatever their case and accents, and are marked where they stand', () => {
    expect(placeIn(['nothing', 'We met in a Café on Monday.'], 'cafe monday')).toEqual({
      text: 'We met in a Café on Monday.',
      marks: [
        [12, 16],
        [20, 26],
      ],
    });
    expect(placeIn(['we met'], 'we parted')).toBeUndefined();
    expect(placeIn(['anything'], '   ')).toBeUndefined();
  });

  test('a long text is cut to what is around, at a word, and the marks still stand at the words', () => {
    const { text, marks } = placeIn([`${'word '.repeat(60)}salary ${'word '.repeat(60)}`], 'salary')!;
    expect(text.startsWith('… word')).toBe(true);
    expect(text.endsWith(' …')).toBe(true);
    expect(text.slice(...marks[0]!)).toBe('salary');
  });
});
