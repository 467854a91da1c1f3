import { expect, test } from 'vitest';
import { contextModel, contextPhrases } from '../../src/engines/local/context-model.ts';
import { loudness } from '../../src/engines/local/loudness.ts';
import { pieces } from '../../src/engines/local/pieces.ts';
import { pronounce } from '../../src/engines/local/pronounce.ts';
import { tokenWords } from '../../src/engines/local/token-words.ts';

const nothing = () => undefined;

test('names, context and goal become plain words, one list a sentence, each once', () => {
  expect(contextPhrases(['Interview with Zoë O’Neill. Goal: get the job!', 'Interview with Zoë O’Neill', '  ', '2026'])).toEqual([
    "interview with zoe o'neill",
    'goal',
    'get the job',
  ]);
});

test('however long a context is, it stays small enough to be made at once', () => {
  const phrases = contextPhrases(
    Array.from({ length: 1_000 }, (_, index) => `${'word '.repeat(500)} ${'abcdefghij'[index % 10]}${'klmnopqrst'[Math.floor(index / 10) % 10]}`),
  );
  expect(phrases.length).toBeLessThanOrEqual(200);
  expect(Math.max(...phrases.map((phrase) => phrase.split(' ').length))).toBeLessThanOrEqual(60);
});

test('the model counts what it announces and leaves room for what nobody wrote', () => {
  const model = contextModel(['my name is ada', 'my job is hard']);
  const section = (name: string) =>
    model
      .split(`\\${name}-grams:\n`)[1]!
      .split('\n\n')[0]!
      .split('\n')
      .map((line) => line.split(' '));
  expect(model).toContain(`ngram 1=${section('1').length}\n`);
  expect(model).toContain(`ngram 2=${section('2').length}\n`);
  const mass = section('1')
    .slice(1)
    .reduce((sum, [log]) => sum + 10 ** Number(log), 0);
  expect(mass).toBeGreaterThan(0);
  expect(mass).toBeLessThan(0.1);
  const afterMy = section('2')
    .filter(([, before]) => before === 'my')
    .reduce((sum, [log]) => sum + 10 ** Number(log), 0);
  expect(afterMy).toBeCloseTo(0.5, 3);
});

test('a word that no dictionary has is said as it is written', () => {
  const guesses = Object.fromEntries(
    ['zarathustra', 'schmidt', 'mike', 'kowalczyk', 'phuong', 'knight'].map((word) => [word, pronounce(word, nothing)]),
  );
  expect(guesses).toEqual({
    zarathustra: 'Z AA R AE TH AH S T R AH',
    schmidt: 'SH M IH D T',
    mike: 'M AY K',
    kowalczyk: 'K AW AE L CH IH K',
    phuong: 'F AH AA NG',
    knight: 'N AY T',
  });
});

test('a word made of known words is said like them', () => {
  const known = (word: string) => ({ note: 'N OW T', book: 'B UH K', dash: 'D AE SH' })[word];
  expect(pronounce('notebook', known)).toBe('N OW T B UH K');
  expect(pronounce("book's", known)).toBe('B UH K S');
  expect(pronounce('notes', known)).toBe('N OW T S');
});

test('no spelling at all is left without a sound', () => {
  for (const word of ["'", 'x', 'qqq', 'aeiou', 'yyy', 'e', 'hmm']) expect(pronounce(word, nothing)).toMatch(/^[A-Z]+( [A-Z]+)*$/);
});

test('long sound is cut where it is quiet, and nothing of it is lost', () => {
  const loud = new Int16Array(16_000 * 10).fill(1_000);
  loud.fill(0, 16_000 * 4, 16_000 * 4 + 3_200);
  const cut = pieces(loud, 6_000);
  expect(cut.map((piece) => piece.from)).toEqual([0, 4_050]);
  expect(cut.reduce((sum, piece) => sum + piece.samples.length, 0)).toBe(loud.length);
});

test('words that were heard in nothing are not believed, words that were heard in sound are', () => {
  const loud = loudness();
  loud.add(new Int16Array(16_000));
  loud.add(new Int16Array(16_000).fill(500));
  const word = (text: string, from: number) => ({ text, from, to: from + 300, confidence: null });
  expect(loud.believed({ text: 'so', words: [word('so', 100)], confidence: null })).toBeUndefined();
  expect(loud.believed({ text: 'so hello', words: [word('so', 100), word('hello', 1_200)], confidence: null })).toEqual({
    text: 'hello',
    words: [word('hello', 1_200)],
    confidence: null,
  });
});

test('pieces of words become words, whichever sign says that a word begins', () => {
  expect(tokenWords(['▁HE', 'LLO', ' WOR', 'LD'], [0.1, 0.3, 0.5, 0.7], [0, Math.log(0.0625), 0, 0])).toEqual({
    text: 'hello world',
    confidence: 0.5,
    words: [
      { text: 'hello', from: 100, to: 500, confidence: 0.25 },
      { text: 'world', from: 500, to: 900, confidence: 1 },
    ],
  });
  expect(tokenWords([], [], [])).toBeUndefined();
});
