import { expect, test } from 'vitest';
import { found } from '../../src/api/share-search.ts';
import type { Entry } from '../../src/core/entry.ts';
import { matcher } from '../../src/insight/search.ts';
import { turnsDuring } from '../support/turns.ts';

const at = '2026-01-01T00:00:00.000Z';
const chat = (texts: readonly string[]): { id: string; entries: Entry[] } => ({
  id: 'a',
  entries: [
    { seq: 1, at, by: 'ann', type: 'opened', kind: 'share', title: '' },
    ...texts.map((text, index): Entry => ({ seq: index + 2, at, by: 'ann', type: 'said', text, via: 'text' })),
  ],
});

test('H1 the newest fifty are found, the newest first', async () => {
  const texts = Array.from({ length: 70 }, (_, index) => (index % 7 === 0 ? 'nothing' : `bridge ${index}`));
  const results = await found(chat(texts), matcher('bridge'));
  expect(results.map(({ message }) => message)).toEqual(
    texts
      .filter((text) => text !== 'nothing')
      .toReversed()
      .slice(0, 50),
  );
});

test('H2 long messages are looked through in small bites', async () => {
  const talk = chat(Array.from({ length: 400 }, () => 'x'.repeat(16_000)));
  const { result, turns } = await turnsDuring(() => found(talk, matcher('bridge')));
  expect(result).toEqual([]);
  // 6.4 million letters
  expect(turns).toBeGreaterThan(20);
});
