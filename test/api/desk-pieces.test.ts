import { expect, test } from 'vitest';
import { sessionOf } from '../../src/api/desk.ts';
import { listPieces, sessionPieces } from '../../src/api/desk-pieces.ts';
import type { Entry } from '../../src/core/entry.ts';
import { turnsDuring } from '../support/turns.ts';

const at = '2026-01-01T00:00:00.000Z';
const chat = (messages: number, letters: number): Entry[] => [
  { seq: 1, at, by: 'user', type: 'opened', kind: 'desk', title: 'Long' },
  ...Array.from(
    { length: messages },
    (_, index): Entry => ({ seq: index + 2, at, by: 'user', type: 'said', text: 'x'.repeat(letters), via: 'text' }),
  ),
];

const all = async (pieces: AsyncIterable<string>): Promise<string[]> => {
  const read: string[] = [];
  for await (const piece of pieces) read.push(piece);
  return read;
};

test('B1 a long session is the same JSON in pieces, and others get their turn between them', async () => {
  const entries = chat(1_000, 2_000);
  const { result, turns } = await turnsDuring(() => all(sessionPieces('long', entries)));
  expect(result.join('')).toBe(JSON.stringify(sessionOf('long', entries)));
  expect(Math.max(...result.map(({ length }) => length))).toBeLessThan(80_000);
  expect(turns).toBeGreaterThan(20);
  expect((await all(sessionPieces('page', entries, { limit: 2, before: 5 }))).join('')).toBe(
    JSON.stringify(sessionOf('page', entries, { limit: 2, before: 5 })),
  );
});

test.each([[[]], [['gone']], [['a']], [['a', 'gone', 'b']], [['gone', 'a', 'b']]])(
  'B2 the list of %j is JSON, without what was erased meanwhile',
  async (ids) => {
    const logOf = async (id: string) => (id === 'gone' ? [] : chat(2, 3));
    const list = JSON.parse((await all(listPieces(ids, logOf))).join('')) as unknown[];
    expect(list).toEqual(ids.filter((id) => id !== 'gone').map((id) => sessionOf(id, chat(2, 3))));
  },
);
