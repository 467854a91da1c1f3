import { describe, expect, it } from 'vitest';
import { contentWords, sentencesOf, stemOf, wordsOf } from '../../src/insight/words.ts';

describe('words', () => {
  it('are lower-case and free of punctuation, with apostrophes, hyphens and numbers whole', () => {
    expect(wordsOf("Well, I don't think 95,000 is a well-known 3.5 figure!")).toEqual(
      "well i don't think 95,000 is a well-known 3.5 figure".split(' '),
    );
  });

  it('never include what a recogniser writes for noise, silence or a second pronunciation', () => {
    expect(wordsOf('<s> <sil> the(2) plan [NOISE] ++BREATH++ works </s>')).toEqual(['the', 'plan', 'works']);
  });

  it('know curly apostrophes and letters of other alphabets', () => {
    expect(wordsOf('Don’t über Ελλάδα')).toEqual(["don't", 'über', 'ελλάδα']);
  });

  it.each([
    ['salaries', 'salary'],
    ['meetings', 'meet'],
    ['managing', 'managed'],
    ['planning', 'planned'],
    ['boxes', 'box'],
    ['prices', 'pricing'],
    ["team's", 'teams'],
    ['movies', 'movie'],
    ['calls', 'call'],
    ['companies', 'company'],
  ])('%s has the stem of %s', (one, other) => expect(stemOf(one)).toBe(stemOf(other)));

  it.each(['bonus', 'need', 'string', 'analysis', 'plan'])('%s keeps its end, which is no ending', (word) => expect(stemOf(word)).toBe(word));

  it('that carry the subject are left when grammar and fillers are taken away', () => {
    expect(contentWords('Um, so I was thinking about the salaries, you know, and the budget.')).toEqual(['think', 'salary', 'budget']);
  });
});

describe('sentences', () => {
  it('keep their own words and marks', () => {
    expect(sentencesOf('Hi Dr. Smith. It costs 3.5 million… really? Yes')).toEqual(['Hi Dr. Smith.', 'It costs 3.5 million…', 'really?', 'Yes']);
  });

  it('of a text without words are none', () => {
    expect(sentencesOf(' … ?! <sil>')).toEqual([]);
  });
});
