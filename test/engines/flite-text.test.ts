import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clauses, speakable } from '../../src/engines/local/flite-text.ts';

const texts = (text: string) => clauses(text).map((clause) => clause.text);

describe('a text before it is spoken', () => {
  it('is cut where one draws breath, with a longer breath between sentences', () => {
    expect(clauses('Ask her about the new job before you talk about money, and then wait. She may need a moment.')).toEqual([
      { text: 'Ask her about the new job before you talk about money,', pause: 0 },
      { text: 'and then wait.', pause: 140 },
      { text: 'She may need a moment.', pause: 280 },
    ]);
  });

  it.each([
    ['a short sentence', 'Well, yes, but ask.', ['Well, yes, but ask.']],
    ['a title', 'Ask Dr. Smith about it.', ['Ask Dr. Smith about it.']],
    ['an abbreviation', 'Name one, e.g. the boat.', ['Name one, e.g. the boat.']],
    ['a number', 'It costs 3.50 or 1,000.', ['It costs 3.50 or 1,000.']],
  ])('stays whole when it is %s', (_, text, expected) => {
    expect(texts(text)).toEqual(expected);
  });

  it('keeps its letters though they carry accents, and loses what cannot be said', () => {
    expect(speakable('Zoë’s “naïve”\n\tcafé – 👍 \u001b[2J ok\0')).toBe(`Zoe's "naive" cafe - [2J ok`);
  });

  it('begins with a short clause, so that the first sound comes early', () => {
    const [first] = texts('First thank him for his time, then name the one thing that you would change, and ask what he thinks of it.');
    expect(first).toBe('First thank him for his time,');
  });

  it('has no clause over 160 characters, loses no word, and ends, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.lorem({ maxCount: 90 }), fc.string({ maxLength: 3000 })), (text) => {
        const cut = texts(text);
        for (const clause of cut) expect(clause.length).toBeLessThanOrEqual(160);
        const letters = (some: string) => some.replace(/[^a-z0-9]/gi, '');
        expect(letters(cut.join(' '))).toBe(letters(speakable(text)));
      }),
      { numRuns: 300 },
    );
  });

  it('is cut off after 2,000 characters', () => {
    expect(texts('word '.repeat(2000)).join(' ').length).toBeLessThanOrEqual(2000);
  });
});
