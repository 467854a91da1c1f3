import fc from 'fast-check';
import type { Entry, Speaker } from '../../src/core/entry.ts';
import { logOf } from './labelled.ts';

const phrase = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...'um uh yeah mhm well so like the budget is 95,000 we planned a team in London'.split(' ')) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'What do you think about the budget?',
      'tell me about your team',
      "I'll send you the report tomorrow.",
      'because we planned it, for example in 2019.',
      'Thank you so much.',
      'you know, I mean',
      'He said “never” and "ever".',
      '<sil> [NOISE]',
      'Do you agree?',
      'My goal is a higher salary',
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 30, unit: 'grapheme' }) },
);

const text = fc.array(phrase, { maxLength: 12 }).map((parts) => parts.join(' '));
const who = fc.constantFrom<Speaker['who']>('user', 'other', 'user', 'other', 'unknown');
const time = fc.option(fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.double()), { nil: undefined, freq: 8 });
const word = fc.record({ text, from: fc.double(), to: fc.double(), confidence: fc.constant(null) });

const line = fc.record({ speaker: who, text, start: time, lasts: time, words: fc.option(fc.array(word, { maxLength: 4 }), { nil: undefined }) });

const opened = fc.record(
  {
    user: fc.constant('Alex'),
    goal: fc.constantFrom('', 'a higher salary', 'say “yes” to 3 things'),
    context: text,
    participants: fc.constantFrom('Maria', 'two people'),
  },
  { requiredKeys: [] },
);

/** Any log: sensible talk, nonsense, odd letters and impossible times. */
export const log = (): fc.Arbitrary<Entry[]> =>
  fc.record({ opened, lines: fc.array(line, { maxLength: 30 }) }).map(({ opened, lines }) => {
    let clock = 0;
    const rows = lines.map(({ speaker, text, start, lasts, words }) => {
      const from = start === undefined ? undefined : clock + start / 20;
      const to = from === undefined || lasts === undefined ? undefined : from + lasts;
      if (to !== undefined && Number.isFinite(to)) clock = to;
      return { speaker, text, ...(from !== undefined && { from }), ...(to !== undefined && { to }), ...(words && { words }) };
    });
    return logOf(opened, rows);
  });

/** A log whose lines were mended later, and the same log as it should have been from the start. */
export const corrected = (): fc.Arbitrary<{ mended: Entry[]; straight: Entry[] }> =>
  fc
    .tuple(
      log(),
      fc.array(fc.record({ which: fc.nat(), text: fc.option(text, { nil: undefined }), who: fc.option(who, { nil: undefined }) }), { maxLength: 8 }),
    )
    .map(([entries, mends]) => {
      const straight = [...entries];
      const mended = [...entries];
      for (const mend of mends) {
        if (entries.length < 2) break;
        const index = 1 + (mend.which % (entries.length - 1));
        const change = {
          ...(mend.text !== undefined && { text: mend.text }),
          ...(mend.who && { speaker: { who: mend.who, probability: null } }),
        };
        straight[index] = { ...straight[index]!, ...change } as Entry;
        mended.push({ seq: mended.length + 1, at: entries.at(-1)!.at, by: 'user', type: 'corrected', of: index + 1, ...change });
      }
      return { mended, straight };
    });
