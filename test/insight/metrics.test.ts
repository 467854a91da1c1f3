import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry, Metrics } from '../../src/core/entry.ts';
import { tombstone } from '../../src/core/forgetting.ts';
import { fillerPercentage, metricsOf, metricsSoFar } from '../../src/insight/metrics.ts';
import { labelled, logOf, type Row } from './labelled.ts';
import { corrected, log } from './random-log.ts';

const user = (text: string, from?: number, to?: number) => ({
  speaker: 'user' as const,
  text,
  ...(from !== undefined && to !== undefined && { from, to }),
});
const other = (text: string, from?: number, to?: number): Row => ({ ...user(text, from, to), speaker: 'other' });

describe('the numbers of a conversation', () => {
  it.each(labelled)('equal the hand count of «$title»', ({ entries, labels }) => {
    const metrics = metricsOf(entries);
    expect({ ...metrics, filler_percentage: fillerPercentage(metrics) }).toEqual(labels);
  });

  it('are all missing when nothing was said, and nothing is 0 that nobody counted', () => {
    const metrics = metricsOf(logOf({}, []));
    const { user_words, other_words, unknown_words, filler_words, suggestions, ...rest } = metrics;
    expect({ user_words, other_words, unknown_words, filler_words, suggestions }).toEqual({
      user_words: 0,
      other_words: 0,
      unknown_words: 0,
      filler_words: {},
      suggestions: 0,
    });
    expect(new Set(Object.values(rest))).toEqual(new Set([null]));
  });

  it('have no pace below ten seconds of speech', () => {
    expect(metricsOf(logOf({}, [user('one two three', 0, 9_999)])).words_per_minute).toBeNull();
    expect(metricsOf(logOf({}, [user('one two three', 0, 10_000)])).words_per_minute).toBe(18);
  });

  it('say nothing about anybody once more than 40 % of the words are nobody’s', () => {
    const lines = [user('one two three', 0, 1_000), other('four five six', 1_000, 2_000)];
    const stranger = (text: string) => ({ speaker: 'unknown' as const, text, from: 2_000, to: 3_000 });
    expect(metricsOf(logOf({}, [...lines, stranger('a b c d')])).talk_ratio).toBe(0.5);
    expect(metricsOf(logOf({}, [...lines, stranger('a b c d e')])).talk_ratio).toBeNull();
  });

  it('have no share of time when one spoken line lacks its times', () => {
    expect(metricsOf(logOf({}, [user('one two', 0, 1_000), other('three', 1_000, 2_000), user('four')])).talk_ratio).toBeNull();
  });

  it('have no fillers where the ear tidies them away, and no interruptions where it hears one voice at a time', () => {
    const lines = logOf({}, [user('um one', 0, 2_000), other('well no', 1_000, 3_000)]);
    expect(metricsOf(lines)).toMatchObject({ fillers: 1, interruptions_suffered: 1 });
    const tidy = metricsOf(lines, { verbatim: false, overlap: false });
    expect(tidy).toMatchObject({ fillers: null, filler_words: {}, interruptions_made: null, interruptions_suffered: null });
    expect(fillerPercentage(tidy)).toBe(0);
  });

  it('count an overlap as an interruption only beyond 250 ms', () => {
    const made = (from: number) =>
      metricsOf(logOf({}, [other('we could perhaps', 0, 2_000), user('no we could not', from, 3_000)])).interruptions_made;
    expect([1_749, 1_750, 2_000].map(made)).toEqual([1, 0, 0]);
  });

  it('take a short "yes" as an answer and a "mhm" in a story as none', () => {
    const unanswered = (...lines: Row[]) => metricsOf(logOf({}, lines)).questions_unanswered;
    expect(unanswered(other('Do you agree?'), user('Yes.'), other('Good, we begin.'))).toBe(0);
    expect(unanswered(other('What do you expect?'), user('What do you pay?'))).toBe(1);
    expect(unanswered(other('What do you expect?'), user('What do you pay?'), other('Fifty.'), user('Fifty is fine.'))).toBe(0);
    expect(unanswered(other('Do you agree?'), { speaker: 'unknown', text: 'yes' }, user('Then we begin.'))).toBe(0);
  });

  it('take a typed line by the one who opened as the user’s, and an agent’s as the other side’s', () => {
    const at = '2026-01-05T09:00:00.000Z';
    const entries: Entry[] = [
      { seq: 1, at, by: 'u1', type: 'opened', kind: 'talk', title: '' },
      { seq: 2, at, by: 'assistant', type: 'joined', name: 'assistant', role: 'agent' },
      { seq: 3, at, by: 'u1', type: 'said', text: 'what time is it', via: 'text' },
      { seq: 4, at, by: 'assistant', type: 'said', text: 'It is nine.', via: 'text' },
      { seq: 5, at, by: 'somebody', type: 'said', text: 'hello', via: 'voice' },
    ];
    expect(metricsOf(entries)).toMatchObject({ user_words: 4, other_words: 3, unknown_words: 1, questions_asked: 1 });
  });

  it('are finite and never negative, whatever the log holds', () => {
    fc.assert(
      fc.property(log(), (entries) => {
        const { filler_words, ...metrics } = metricsOf(entries);
        const values = [...Object.values(metrics), ...Object.values(filler_words), fillerPercentage({ filler_words, ...metrics } as Metrics)];
        for (const value of values) if (value !== null) expect(Number.isFinite(value) && value >= 0).toBe(true);
        for (const share of [metrics.talk_ratio, metrics.coverage]) if (share !== null) expect(share).toBeLessThanOrEqual(1);
        if (metrics.questions_unanswered !== null) expect(metrics.questions_unanswered).toBeLessThanOrEqual(metrics.questions_received ?? -1);
        expect(fillerPercentage({ filler_words, ...metrics } as Metrics)).toBeLessThanOrEqual(100);
      }),
      { numRuns: 300 },
    );
  });

  it('of a log that goes on are those of the whole log, after every single entry', () => {
    const removal = (of: number, seq: number): Entry => ({ seq, at: '2026-01-05T10:00:00.000Z', by: 'user', type: 'removed', of: [of] });
    fc.assert(
      fc.property(corrected(), fc.option(fc.nat(), { nil: undefined }), fc.boolean(), ({ mended, straight }, gone, overlap) => {
        const hearing = { overlap };
        const soFar = metricsSoFar(hearing);
        const growing: Entry[] = [];
        const grow = (entry: Entry) => {
          growing.push(entry);
          expect(soFar(growing)).toEqual(metricsOf([...growing], hearing));
        };
        mended.forEach(grow);
        if (gone === undefined || mended.length < 2) return;
        const of = 1 + (gone % (mended.length - 1));
        growing[of] = tombstone(growing[of]!);
        grow(removal(of + 1, mended.length + 1));
        for (const [index, entry] of straight.slice(1).entries()) grow({ ...entry, seq: growing.length + index + 1 });
      }),
      { numRuns: 300 },
    );
  });

  it('of a log that goes on take lines that come late in the order in which they sounded, until one has no time', () => {
    const texts = fc.constantFrom('What do you think of it?', 'That is what we planned for the spring', 'mhm', 'And you?');
    const line = fc.record({ mine: fc.boolean(), text: texts, from: fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined, freq: 30 }) });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const rows = lines.map(({ mine, text, from }) => (mine ? user : other)(text, from, from === undefined ? undefined : from + 2_000));
        const soFar = metricsSoFar({ overlap: false });
        const growing: Entry[] = [];
        for (const entry of logOf({}, rows)) {
          growing.push(entry);
          expect(soFar(growing)).toEqual(metricsOf([...growing], { overlap: false }));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('cost as much after a long talk as after a short one', () => {
    const reads: number[] = [];
    let read = 0;
    const lines = Array.from({ length: 2_000 }, (_, index) =>
      (index % 2 === 0 ? user : other)(
        index % 7 === 0 ? 'What do you think of it?' : 'That is what we planned for the spring',
        index * 3_000,
        index * 3_000 + 2_500,
      ),
    );
    const log = logOf({}, lines);
    const growing = new Proxy<Entry[]>([], {
      get(entries, key, self) {
        if (typeof key === 'string' && /^\d+$/.test(key)) read += 1;
        return Reflect.get(entries, key, self);
      },
    });
    const soFar = metricsSoFar({ overlap: false });
    for (const entry of log) {
      growing.push(entry);
      read = 0;
      soFar(growing);
      reads.push(read);
    }
    expect(Math.max(...reads.slice(10))).toBeLessThanOrEqual(2);
    expect(soFar(growing)).toEqual(metricsOf(log, { overlap: false }));
  });

  it('of a log with corrections are those of the log as it should have been', () => {
    fc.assert(
      fc.property(corrected(), ({ mended, straight }) => {
        expect(metricsOf(mended)).toEqual(metricsOf(straight));
      }),
      { numRuns: 200 },
    );
  });
});
