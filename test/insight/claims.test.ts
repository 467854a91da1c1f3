import { describe, expect, it } from 'vitest';
import type { Claims, Entry } from '../../src/core/entry.ts';
import { provedReview } from '../../src/insight/claims.ts';
import { unproved } from '../../src/insight/evidence.ts';
import { pictureOf } from '../../src/insight/picture.ts';
import { rulesReview } from '../../src/insight/report.ts';
import { honest } from '../support/honest-answer.ts';
import { labelled, logOf } from './labelled.ts';

const entries = labelled.find((one) => one.name === 'interview')!.entries;
const picture = pictureOf(entries);
const rules = rulesReview(entries);

const proved = (claims: Partial<Claims>) => provedReview({ ...honest, ...claims }, entries, picture, 'a model');
const star = (text: string, cites = [7]) => proved({ stars: [{ text, cites }, honest.stars[1]!] });
const bullet = (text: string, cites = [7]) => proved({ bullets: [{ text, cites }, ...honest.bullets] });

describe('a feedback that somebody else has written', () => {
  it('stands as it was written where the log proves all of it; numbers are always those of the log', () => {
    const { review, kept, faults } = proved({});
    expect(faults).toEqual([]);
    expect(kept).toBe(10);
    expect(review).toMatchObject({ engine: 'a model', degraded: false, claims_removed: 0, filler_percentage: 4.8, metrics: rules.metrics });
    expect(review.stars[0]).toBe('You named your reason plainly: “I wanted to learn the business side”.');
    expect(review.wish).toContain('“What is the range you have in mind?”');
    expect(review.summary_bullets).toEqual(honest.bullets.map(({ text }) => text));
    expect(review.moments).toContainEqual({
      seq: 9,
      at: 23_400,
      kind: 'best_answer',
      quote: 'I moved the baking to a school kitchen',
      why: 'It shows what you do when things go wrong.',
    });
    expect(unproved(review, entries)).toEqual([]);
  });

  it('keeps what the rules have counted, and calls only one line the best', () => {
    const { moments } = proved({}).review;
    expect(moments.filter(({ kind }) => kind === 'best_answer')).toHaveLength(1);
    expect(moments.filter(({ kind }) => kind === 'unanswered')).toEqual(rules.moments.filter(({ kind }) => kind === 'unanswered'));
    expect(moments.map(({ seq }) => seq)).toEqual(moments.map(({ seq }) => seq).toSorted((a, b) => a - b));
  });

  it.each<[string, string, number[]?]>([
    ['a quote that nobody said', 'You said “I hated that job” and meant it.'],
    ['… in straight marks', 'You said "I hated that job" and meant it.'],
    ['… in single marks', "You said 'I hated that job' and meant it."],
    ['… in single marks with an apostrophe', "You said 'I didn't hate that job' and meant it."],
    ['… in German marks', 'You said „I hated that job“ and meant it.'],
    ['… in French marks', 'You said «I hated that job» and meant it.'],
    ['… in marks that are never closed', 'You said “I hated that job and meant it.'],
    ['… in single marks that are never closed', "You said 'I hated that job and meant it."],
    ['… in single marks that letters follow', "You said 'I hated that job'䇂 and meant it."],
    ['a quote from a line that it does not cite', 'You said “I wanted to learn the business side” there.', [9]],
    ['a quote of theirs as yours', 'You asked “Why did you leave?” at once.', [6]],
    ['your answer as theirs', 'Their question “I wanted to learn the business side” was hard.'],
    ['a number that nobody measured', 'You spoke 777 words, more than they did.'],
    ['… in words', 'You paused seventeen times before you spoke.'],
    ['… in other digits', 'You spoke ٧٧٧ words, more than they did.'],
    ['a known number of something else', 'You used 50 fillers in this talk.'],
    ['a known number of something else in words', 'You used fifty filler words in this talk.'],
    ['a pace that was not measured', 'You spoke 50 words a minute here.'],
    ['a share of fillers that was not measured', 'Of your words 50 % were fillers.'],
    ['more questions than there were', 'You asked 63 questions in this talk.'],
    ['a share as a number of words', 'You said 33 words in all of it.'],
    ['a share as a number of times', 'You interrupted them thirty-three times.'],
    ['a number of words as a time', 'Your longest turn took 63 seconds.'],
    ['a name that nobody told', 'You were honest with Zebulon about it.'],
    ['a line that does not exist', 'You talked about the bakery.', [7, 99]],
    ['the opening as a line', 'You talked about the bakery.', [1]],
    ['no line at all', 'You talked about the bakery.', []],
    ['HTML', 'You talked about <b>the bakery</b>.'],
    ['a link', 'Read more at https://evil.example about it.'],
    ['a bare address', 'Read more at evil.example about it.'],
    ['Markdown', 'You talked about **the bakery** here.'],
    ['signs that nobody sees', 'You talked about the ba\u200bkery here.'],
    ['control characters', 'You talked about the \u0007bakery here.'],
    ['half a character', 'You talked about the bakery \ud800 here.'],
    ['too long a sentence', `You talked ${'and talked '.repeat(40)}.`],
    ['nothing', '   '],
  ])('loses %s, and only that', (_, text, cites) => {
    const { review, faults } = bullet(text, cites);
    expect(faults).toHaveLength(1);
    expect(review.claims_removed).toBe(1);
    expect(review.summary_bullets).toEqual(honest.bullets.map(({ text }) => text));
  });

  it.each<[string, string, number[]?]>([
    ['rests on nothing', 'You were simply wonderful all the time.'],
    ['quotes only them', 'They asked “Why did you leave?” and you were great.', [6]],
    ['quotes a word that anybody says', 'You were clear: “it” says all.'],
    ['gives a number that was only spoken of', 'You named 50, which was brave.', [13]],
  ])('has no star that %s', (_, text, cites) => {
    const { review, faults } = star(text, cites);
    expect(faults).toHaveLength(1);
    expect(review.stars[0]).toContain('school kitchen');
    expect(review.stars[1]).not.toBe(text);
  });

  it.each<[string, string, number[]?]>([
    ['a time that was measured', 'Your longest turn took 8 seconds.'],
    ['a share in percent', 'You had 67 % of the time.'],
    ['numbers that were said', 'They offered 40 to 50, or forty to fifty.', [12]],
    ['a time that was said', 'You worked there for six years, not 6 minutes.', [4]],
    ['their question as theirs', 'They asked “Why did you leave?” right away.', [6]],
    ['your words as yours', 'You answered “I wanted to learn the business side” at once.'],
    ['both', 'When they asked “Why did you leave?” you answered “Because the owner sold it”.', [6, 7]],
    ['an apostrophe', "You didn't say what the owners' reasons were."],
    ['words that people only mention', 'You used “um” and “you know” where a pause would do.', [4]],
    ['the goal', 'You came for “the job as bakery manager”.'],
  ])('keeps %s', (_, text, cites) => expect(bullet(text, cites).faults).toEqual([]));

  it('takes a whisper for no words of the user', () => {
    const whisper: Entry = {
      seq: 15,
      at: entries[0]!.at,
      by: 'coach',
      type: 'advised',
      text: 'Name your own number.',
      kind: 'answer',
      about: 10,
      reason: 'Asked.',
      evidence: [10],
    };
    const faultsOf = (text: string) =>
      provedReview({ ...honest, bullets: [{ text, cites: [15] }] }, [...entries, whisper], picture, 'a model').faults;
    expect(faultsOf('You said “Name your own number.”')).toHaveLength(1);
    expect(faultsOf('The coach whispered “Name your own number.”')).toEqual([]);
  });

  it('has stars that rest on a measured number', () => {
    expect(star('Your pace of 148 words a minute was easy to follow.').faults).toEqual([]);
  });

  it('is filled by the rules, which do not contradict what stands', () => {
    const { review } = proved({ stars: [honest.stars[0]!], takeaways: [], bullets: [honest.bullets[0]!], wish: { text: 'Nothing.', cites: [] } });
    expect(review.stars).toHaveLength(2);
    expect(review.stars[0]).toContain('business side');
    expect(review.stars[1]).not.toContain('business side');
    expect(review.wish).toBe(rules.wish);
    expect(review.takeaways).toHaveLength(3);
    expect(review.summary_bullets).toEqual(['You talked about the bakery and why you left it.', ...rules.summary_bullets.slice(0, 2)]);
  });

  it('says of the second star only that none could be proved, where the first is', () => {
    const short = logOf({}, [{ speaker: 'user', text: 'We moved it because the roof leaked.' }]);
    const { review } = provedReview(
      { ...honest, stars: [{ text: 'You gave a reason: “because the roof leaked”.', cites: [2] }] },
      short,
      pictureOf(short),
      'a model',
    );
    expect(review.stars).toEqual(['You gave a reason: “because the roof leaked”.', expect.stringContaining('second strength')]);
  });

  it('is said once: the same sentence, or the same words twice quoted, count once', () => {
    const { review, faults } = proved({ stars: [honest.stars[0]!, { text: 'Again: “I wanted to learn the business side”', cites: [7] }] });
    expect(faults).toEqual([]);
    expect(review.stars.filter((text) => text.includes('business side'))).toHaveLength(1);
  });

  it.each<[string, Claims['moments'][number]]>([
    ['in the wrong line', { seq: 7, kind: 'best_answer', quote: 'I moved the baking to a school kitchen', why: 'It was well told.' }],
    ['of theirs', { seq: 6, kind: 'good_question', quote: 'Why did you leave?', why: 'It was well asked.' }],
    ['that is no question', { seq: 9, kind: 'good_question', quote: 'I moved the baking', why: 'It was well asked.' }],
    ['of one word', { seq: 9, kind: 'best_answer', quote: 'the', why: 'It was well told.' }],
    ['with an invented number', { seq: 9, kind: 'best_answer', quote: 'I moved the baking', why: 'You said so 31 times.' }],
    ['that does not exist', { seq: 900, kind: 'callback', quote: '', why: 'It was well told.' }],
  ])('has no moment %s', (_, moment) => {
    const { review, faults } = proved({ moments: [moment] });
    expect(faults).toHaveLength(1);
    expect(review.moments).toEqual(rules.moments);
  });

  it('takes out words that are made of two scripts, and leaves names in another one', () => {
    expect(star('You sa몥竅佺ቹ said it with a calm voice, “I wanted to learn the business side”.').review.claims_removed).toBe(1);
    expect(star('You named 神戸 your reason plainly: “I wanted to learn the business side”.').faults.join()).not.toContain('plain sentence');
  });
});
