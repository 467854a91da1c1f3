import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

type Text = string | { one: string; other: string };
type Words = Record<string, Text>;

const folder = new URL('../../src/web/texts/', import.meta.url);
const pages = readdirSync(folder)
  .filter((name) => name.endsWith('-en.ts'))
  .map((name) => name.replace('-en.ts', ''));
const wordsOf = async (page: string, language: string) => ((await import(new URL(`${page}-${language}.ts`, folder).href)) as { words: Words }).words;
const holes = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();
const forms = (text: Text) => (typeof text === 'string' ? [text] : [text.one, text.other]);

describe('the texts', () => {
  test.each(pages)('%s says the same in German as in English: every name, every hole, nothing empty, nothing left in English', async (page) => {
    const [english, german] = [await wordsOf(page, 'en'), await wordsOf(page, 'de')];
    expect(Object.keys(german).sort()).toEqual(Object.keys(english).sort());
    const holesOf = (words: Words) => Object.fromEntries(Object.entries(words).map(([key, text]) => [key, holes(forms(text).at(-1)!)]));
    expect(holesOf(german)).toEqual(holesOf(english));
    expect([...Object.values(english), ...Object.values(german)].flatMap(forms).filter((text) => text.trim() === '')).toEqual([]);
    const sentences = Object.entries(english).filter(([, text]) => forms(text)[0]!.split(' ').length > 3);
    expect(sentences.filter(([key, text]) => forms(german[key]!)[0] === forms(text)[0]).map(([key]) => key)).toEqual([]);
  });

  test('a hole is filled with words that stay words, a number chooses its form, and an element stands where its name is', async () => {
    const { texts } = await import('../../src/web/texts/texts.ts');
    const english = { greet: 'Hi {name}, {name}!', lines: { one: '{count} line', other: '{count} lines' } } as const;
    const { t, has } = await texts({ en: async () => ({ words: english }), de: async () => ({ words: english }) });
    expect(t('greet', { name: '{count}<b>' })).toBe('Hi {count}<b>, {count}<b>!');
    expect([1, 2, 0].map((count) => t('lines', { count }))).toEqual(['1 line', '2 lines', '0 lines']);
    expect([has('greet'), has('constructor')]).toEqual([true, false]);
  });
});
