import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quotesIn, unproved } from '../../src/insight/evidence.ts';
import { metricsOf } from '../../src/insight/metrics.ts';
import { rulesReview } from '../../src/insight/report.ts';
import { labelled, logOf, type Row } from './labelled.ts';
import { corrected, log } from './random-log.ts';

const dialogue = (name: string) => labelled.find((one) => one.name === name)!.entries;
const reviewOf = (name: string) => rulesReview(dialogue(name));

/** A user who says ordinary things for a while, in lines of ten words and four seconds. */
const talk = (lines: number, text = 'we moved the whole library to another street last spring'): Row[] =>
  Array.from({ length: lines }, (_, index) => ({ speaker: 'user', text, from: index * 4_000, to: index * 4_000 + 4_000 }));

describe('feedback by rules', () => {
  it('gives stars that quote the best of the interview', () => {
    expect(reviewOf('interview').stars).toEqual([
      'When they asked “Why did you leave?” you answered with something to hold on to: “Because the owner sold it, and I wanted to learn the business side.”',
      'Your pace was easy to follow: 148 words a minute.',
    ]);
  });

  it('sees that somebody listened', () => {
    expect(reviewOf('date').stars[0]).toBe('You listened: they brought up “teach”, and you picked it up with “What do you teach?”');
  });

  it('rests the wish on the weakest number, and calls a partner by name', () => {
    expect(reviewOf('negotiation').wish).toBe(
      "Next time, let Maria finish: once you began while Maria was still speaking, as with “That's above what we planned. Could you do twenty?”",
    );
    expect(reviewOf('raw-ears').wish).toContain('4 fillers in 20 words (20 %)');
  });

  it('wishes for an answer when a question was passed over', () => {
    const rows: Row[] = [
      { speaker: 'other', text: 'What would you like to earn?' },
      { speaker: 'other', text: 'okay', from: 1 },
      { speaker: 'user', text: 'What a view.' },
    ];
    expect(rulesReview(logOf({}, rows)).wish).not.toContain('What would you like to earn?');
    const passed: Row[] = [
      { speaker: 'other', text: 'What would you like to earn?', from: 0, to: 2_000 },
      { speaker: 'other', text: 'Well, where do you live?', from: 15_000, to: 17_000 },
      { speaker: 'user', text: 'In a house by the river.', from: 18_000, to: 20_000 },
    ];
    const review = rulesReview(logOf({}, passed));
    expect(review.wish).toBe('Next time, answer before you move on: they asked “What would you like to earn?” and got no answer.');
    expect(review.moments).toContainEqual({
      seq: 2,
      at: 0,
      kind: 'unanswered',
      quote: 'What would you like to earn?',
      why: 'This question got no answer.',
    });
  });

  it('is honest and empty-handed when nothing was said', () => {
    const review = rulesReview(logOf({ goal: 'a raise' }, []));
    expect(review).toMatchObject({ filler_percentage: 0, moments: [], engine: 'rules', degraded: false });
    expect(review.stars).toEqual(['Nothing was said, so there is no strength to report yet.', 'This star is waiting for your next conversation.']);
    expect(review.summary_bullets).toEqual([
      'Nothing was said: the transcript is empty.',
      'Your goal was “a raise”; it is still ahead of you.',
      'The coach whispered nothing.',
    ]);
  });

  it('praises nobody when too little was said, when only the partner was heard, or when no voice is known', () => {
    expect(rulesReview(logOf({}, [{ speaker: 'user', text: "Hi, I'm Alex." }])).stars[0]).toBe(
      'Too little was said to find a strength: we heard 3 words of yours.',
    );
    expect(rulesReview(logOf({}, [{ speaker: 'other', text: 'Is anybody there?' }])).stars[0]).toContain('Only the other side was heard');
    expect(reviewOf('strangers').stars[0]).toContain('nobody is praised');
    expect(reviewOf('strangers').moments).toEqual([]);
  });

  it('does not invent a strength where the numbers show none', () => {
    const fast = talk(8, 'um like like um you know well so um basically we uh went um there uh then um so').map((row, index) => ({
      ...row,
      from: index * 5_000,
      to: index * 5_000 + 4_000,
    }));
    expect(rulesReview(logOf({}, fast)).stars).toEqual([
      'No strength could be proved from the log this time; that is no verdict on you.',
      'This star is left empty rather than invented.',
    ]);
  });

  it('praises few fillers only when the ear has shown that it writes them down', () => {
    const silent = logOf({}, talk(8));
    const praises = (stars: string[]) => stars.some((star) => star.includes('without clutter'));
    expect(praises(rulesReview(silent).stars)).toBe(false);
    expect(praises(rulesReview(silent, { verbatim: true }).stars)).toBe(true);
    expect(praises(rulesReview(logOf({}, [...talk(8), { speaker: 'user', text: 'um yes', from: 40_000, to: 41_000 }])).stars)).toBe(true);
  });

  it('reminds of a promise', () => {
    const rows: Row[] = [...talk(1), { speaker: 'user', text: "Good. I'll send you the plan on Monday.", from: 5_000, to: 8_000 }];
    expect(rulesReview(logOf({}, rows)).takeaways[0]).toBe("Do what you promised while it is fresh: “I'll send you the plan on Monday.”");
  });

  it('has two stars, one wish, three different things to do and three to five lines, all quotes and numbers proved, whatever the log holds', () => {
    fc.assert(
      fc.property(log(), fc.record({ verbatim: fc.boolean(), overlap: fc.boolean() }, { requiredKeys: [] }), (entries, hearing) => {
        const review = rulesReview(entries, hearing);
        expect(review.stars).toHaveLength(2);
        expect(new Set(review.takeaways).size).toBe(3);
        expect(review.summary_bullets.length).toBeGreaterThanOrEqual(3);
        expect(review.summary_bullets.length).toBeLessThanOrEqual(5);
        for (const text of [...review.stars, review.wish, ...review.takeaways, ...review.summary_bullets]) {
          expect(text.length).toBeLessThan(400);
          expect(text).toMatch(/[.!?…][”']?$/);
          expect(text).not.toMatch(/undefined|null|NaN|Infinity/);
        }
        expect(unproved(review, entries, hearing)).toEqual([]);
        expect(rulesReview(structuredClone(entries), hearing)).toEqual(review);
      }),
      { numRuns: 300 },
    );
  });

  it('of a mended log is that of the log as it should have been', () => {
    fc.assert(
      fc.property(corrected(), ({ mended, straight }) => {
        expect(rulesReview(mended)).toEqual(rulesReview(straight));
      }),
      { numRuns: 100 },
    );
  });
});

describe('evidence', () => {
  const entries = dialogue('interview');
  const review = rulesReview(entries);

  it('finds every quote of a review', () => {
    expect(quotesIn(review)).toContain('Why did you leave?');
    expect(quotesIn({ ...review, wish: 'They said “one” and "two".' })).toEqual(expect.arrayContaining(['one', 'two']));
  });

  it.each([
    ['a quote that nobody said', { wish: 'You said “I hated that job”.' }, 'I hated that job'],
    ['a quote that ends in the middle of a word', { wish: 'You said “the own”.' }, 'the own'],
    ['an empty quote', { wish: 'You said “”.' }, ''],
    ['a number that nobody measured', { stars: ['You spoke 777 words.', ''] }, '777'],
    ['a name that nobody told', { wish: 'Next time, ask Zebulon one question more.' }, 'Zebulon'],
    ['a name that nobody told at the beginning of a sentence', { wish: 'Look again. Zebulon asked about it.' }, 'Zebulon'],
    ['a number in the reason of a moment', { moments: [{ seq: 6, at: 0, quote: 'Why did you leave?', why: 'Asked 31 times.' }] }, '31'],
    ['a percentage of its own', { filler_percentage: 1.5 }, 'filler_percentage'],
    ['a metric of its own', { metrics: { ...metricsOf(entries), interruptions_made: 9 } }, 'interruptions_made'],
    ['a moment in the wrong line', { moments: [{ seq: 2, at: 0, quote: 'Why did you leave?', why: '' }] }, 'Why did you leave?'],
  ])('refuses %s', (_, claim, refused) => expect(unproved({ ...review, ...claim }, entries)).toEqual([refused]));

  it.each([
    ['a line in other letters, cut with an ellipsis', { wish: 'You said “because the owner SOLD it…”.' }],
    ['a share told in percent', { wish: 'You had 67 % of the time, they had 33 %.' }],
    ['the goal', { wish: 'You came for “the job as bakery manager”.' }],
    ['a name of the briefing', { wish: 'Alex’s own words were best, Alex.' }],
    ['a filler by its name', { wish: 'Mind your “um”.' }],
  ])('accepts %s', (_, claim) => expect(unproved({ ...review, ...claim }, entries)).toEqual([]));
});
