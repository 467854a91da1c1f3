import { describe, expect, test } from 'vitest';
import type { Draft, Entry, Speaker } from '../../src/core/entry.ts';
import type { AttributedWord } from '../../src/core/ports.ts';
import { mendedBy } from '../../src/insight/second-hearing.ts';

const opened = Date.parse('2026-11-21T12:00:00Z');
const everywhere = [{ from: 0, to: 600_000 }];
const user: Speaker = { who: 'user', probability: 0.9 };
const other: Speaker = { who: 'other', probability: 0.9 };
const nobody: Speaker = { who: 'unknown', probability: null };

/** A log that was written so many seconds after the opening, line by line. */
function logOf(...drafts: (Draft & { after?: number })[]): Entry[] {
  return [{ by: 'user', type: 'opened', kind: 'coach', title: '' } satisfies Draft as Draft & { after?: number }, ...drafts].map(
    ({ after = 0, ...draft }, index) => ({ ...draft, seq: index + 1, at: new Date(opened + after * 1_000).toISOString() }) as Entry,
  );
}

const line = (from: number, text: string, speaker = user): Draft => ({
  by: 'ear',
  type: 'said',
  via: 'voice',
  text,
  from,
  to: from + text.split(' ').length * 300,
  speaker,
});

/** Words one behind the other, 300 ms each. */
const spoken = (from: number, text: string, speaker: string | null = null, confidence: number | null = 0.95): AttributedWord[] =>
  text.split(' ').map((word, index) => ({ text: word, from: from + index * 300, to: from + index * 300 + 250, confidence, speaker }));

describe('what a second hearing mends', () => {
  test('what was heard better is a correction; what was heard alike, but for commas, is none', () => {
    const entries = logOf(line(1_000, 'my celery is to low'), line(8_000, 'that is fair'));
    expect(mendedBy(entries, [...spoken(1_050, 'My salary is too low.'), ...spoken(8_000, 'That is fair.')], everywhere, 20_000)).toEqual([
      { type: 'corrected', of: 2, text: 'My salary is too low.' },
    ]);
  });

  test('a line that was heard live never goes: what has hardly any of its words, guesses, or babbles is not believed', () => {
    const entries = logOf(line(1_000, 'we could meet on monday at nine'));
    for (const worse of [
      [],
      spoken(1_000, 'we could'),
      spoken(1_000, 'we could eat on sunday at night', null, 0.3),
      Array.from({ length: 200 }, (_, index) => ({ text: 'you', from: 1_000 + index * 10, to: 1_010 + index * 10, confidence: 0.9, speaker: null })),
    ])
      expect(mendedBy(entries, worse, everywhere, 20_000)).toEqual([]);
  });

  test('a word on the border of two lines is in one of them, whichever has it: they are mended together or not at all', () => {
    const entries = logOf(line(1_000, 'i would like'), line(2_200, 'to ask about the team'));
    const again = spoken(1_000, 'I would like to ask about the team');
    const texts = mendedBy(entries, again, everywhere, 20_000).flatMap((fact) => (fact.type === 'corrected' ? [fact] : []));
    const whole = [2, 3].map((seq) => texts.find(({ of }) => of === seq)?.text ?? (entries[seq - 1] as { text: string }).text);
    expect(whole.join(' ').toLowerCase()).toBe('i would like to ask about the team');
    // nothing was heard of the first line: what was heard of the second may be its end
    expect(mendedBy(entries, spoken(2_200, 'to ask you about the team'), everywhere, 20_000)).toEqual([]);
  });

  test('what nobody had heard is a late line, with its times, unless it is a guess, a stock phrase or where there was no sound', () => {
    const entries = logOf(line(1_000, 'good morning'));
    const missed = spoken(8_000, 'Could you start in March?');
    expect(mendedBy(entries, missed, everywhere, 20_000)).toMatchObject([
      { type: 'said', text: 'Could you start in March?', speaker: { who: 'unknown' }, from: 8_000, to: 9_450, late: 10_550, confidence: 0.95 },
    ]);
    expect(mendedBy(entries, missed, [{ from: 0, to: 5_000 }], 20_000)).toEqual([]);
    expect(mendedBy(entries, spoken(8_000, 'Could you start in March?', null, 0.2), everywhere, 20_000)).toEqual([]);
    for (const nothing of ['Thank you for watching!', '(upbeat music)', '♪ La la la ♪', '<sil> ++breath++'])
      expect(mendedBy(entries, spoken(8_000, nothing), everywhere, 20_000), nothing).toEqual([]);
    // nor is a line that was heard live mended into one
    expect(mendedBy(entries, spoken(1_000, '(soft music)'), everywhere, 20_000)).toEqual([]);
  });

  test('nothing comes where nobody was on the record, or what was said was taken away', () => {
    const entries = logOf(
      line(1_000, 'good morning'),
      { by: 'user', type: 'paused', after: 6 },
      { by: 'user', type: 'resumed', after: 12 },
      { by: 'user', type: 'removed', of: [], span: { from: 20_000, to: 30_000 }, after: 31 },
    );
    for (const from of [5_200, 7_000, 12_300, 19_500, 25_000])
      expect(mendedBy(entries, spoken(from, 'nobody may know this'), everywhere, 60_000), String(from)).toEqual([]);
    expect(mendedBy(entries, spoken(15_000, 'this was on it'), everywhere, 60_000)).toHaveLength(1);
    // a piece of sound that began on the record may end off it: its last words are not the line's
    const cutOff = logOf(line(1_000, 'good morning'), { by: 'user', type: 'paused', after: 1.7 });
    expect(mendedBy(cutOff, spoken(1_000, 'good morning darling secret'), everywhere, 60_000)).toEqual([]);
    const ongoing = logOf({ by: 'user', type: 'paused', after: 6 });
    expect(mendedBy(ongoing, spoken(50_000, 'still off the record'), everywhere, 60_000)).toEqual([]);
  });

  test('voices that are told apart name the lines whose speaker nobody knew, and those of whom live ears were unsure', () => {
    const entries = logOf(
      line(1_000, 'hi i am alex', user),
      line(5_000, 'welcome alex sit down', other),
      line(9_000, 'thanks for having me', nobody),
      line(13_000, 'tell me about yourself', { who: 'user', probability: 0.55 }),
      line(17_000, 'i build data platforms', { who: 'other', probability: 0.95 }),
    );
    const again = [
      ...spoken(1_000, 'hi i am alex', '1/a'),
      ...spoken(5_000, 'welcome alex sit down', '1/b'),
      ...spoken(9_000, 'thanks for having me', '1/a'),
      ...spoken(13_000, 'tell me about yourself', '1/b'),
      ...spoken(17_000, 'i build data platforms', '1/b'),
      ...spoken(30_000, 'nice weather', '1/b'),
    ];
    expect(mendedBy(entries, again, everywhere, 60_000)).toMatchObject([
      { type: 'corrected', of: 4, speaker: { who: 'user', probability: 1 } },
      { type: 'corrected', of: 5, speaker: { who: 'other' } },
      { type: 'said', text: 'nice weather', speaker: { who: 'other' } },
    ]);
  });

  test('one voice for everybody, or a voice that is now this one now that, names nobody', () => {
    const entries = logOf(line(1_000, 'hi i am alex', user), line(5_000, 'welcome alex sit down', nobody));
    expect(mendedBy(entries, [...spoken(1_000, 'hi i am alex', '1/a'), ...spoken(5_000, 'welcome alex sit down', '1/a')], everywhere, 9_000)).toEqual(
      [],
    );
    const mixed = logOf(line(1_000, 'hi i am alex', user), line(5_000, 'welcome alex sit down', other), line(9_000, 'so how are you', nobody));
    const heard = [
      ...spoken(1_000, 'hi i am alex', '1/a'),
      ...spoken(5_000, 'welcome alex sit down', '1/a'),
      ...spoken(9_000, 'so how', '1/a'),
      ...spoken(9_600, 'are you', '1/b'),
    ];
    expect(mendedBy(mixed, heard, everywhere, 20_000)).toEqual([]);
  });

  test('what was mended once is not mended again', () => {
    const before = logOf(line(1_000, 'my celery is to low'));
    const again = [...spoken(1_000, 'My salary is too low.'), ...spoken(9_000, 'Let us see.')];
    const facts = mendedBy(before, again, everywhere, 20_000);
    const after = logOf(line(1_000, 'my celery is to low'), ...facts.map((fact) => ({ by: 'second hearing', ...fact })));
    expect(facts).toHaveLength(2);
    expect(mendedBy(after, again, everywhere, 20_000)).toEqual([]);
  });
});
