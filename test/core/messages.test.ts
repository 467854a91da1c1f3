import { expect, test } from 'vitest';
import type { Entry } from '../../src/core/entry.ts';
import { titleOf } from '../../src/core/messages.ts';

const at = '2026-01-01T00:00:00.000Z';
const chat = (text: string, title = ''): Entry[] => [
  { seq: 1, at, by: 'user', type: 'opened', kind: 'desk', title },
  { seq: 2, at, by: 'assistant', type: 'said', text: 'Good morning', via: 'text' },
  { seq: 3, at, by: 'user', type: 'said', text, via: 'text' },
  { seq: 4, at, by: 'user', type: 'said', text: 'And then?', via: 'text' },
];

test.each([
  ['what is 12 * 3?', 'What is 12 * 3?'],
  ['  hello,\n\n  assistant \t! ', 'Hello, assistant !'],
  ['élan vital', 'Élan vital'],
  ["don't panic", "Don't panic"],
  ['hi', 'Hi'],
  ['well… perhaps', 'Well… perhaps'],
  // what is written its own way stays so
  ['iPhone or not', 'iPhone or not'],
  ['https://example.org is down', 'https://example.org is down'],
  ['npm-run-all fails', 'npm-run-all fails'],
  ['ß is a letter', 'ß is a letter'],
  ['你好，世界', '你好，世界'],
  // cut between words, and without the sign that stood there
  [`plan ${'the long way '.repeat(9)}`, 'Plan the long way the long way the long way the long way the…'],
  [`${'a'.repeat(29)} ${'b'.repeat(30)} c`, `A${'a'.repeat(28)} ${'b'.repeat(30)}…`],
  [`${'a'.repeat(29)} ${'b'.repeat(29)}, and more`, `A${'a'.repeat(28)} ${'b'.repeat(29)}…`],
  // one long word, and signs that are several characters
  ['x'.repeat(100), `X${'x'.repeat(59)}…`],
  ['👩‍👩‍👧'.repeat(20), `${'👩‍👩‍👧'.repeat(7)}…`],
  [`${'你'.repeat(59)}😀😀`, `${'你'.repeat(59)}…`],
])('the title made of “%s” is “%s”', (text, title) => {
  expect(titleOf(chat(text))).toBe(title);
  expect(titleOf(chat(text)).length).toBeLessThanOrEqual(62);
});

test('a title that was given stays as it is, and where nobody has written anything there is none yet', () => {
  expect(titleOf(chat('hello', 'as given'))).toBe('as given');
  expect(titleOf(chat('hello').slice(0, 2))).toBe('New conversation');
  expect(titleOf(chat('hello').slice(0, 2), 'A talk')).toBe('A talk');
});
