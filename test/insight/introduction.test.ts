import { describe, expect, test } from 'vitest';
import { introducedIn, introduces } from '../../src/insight/introduction.ts';
import { rulesReview } from '../../src/insight/report.ts';
import { logOf, type Row } from './labelled.ts';

describe('a name that is learnt from an opening line', () => {
  test('is found with and without punctuation, and only where one says who one is', () => {
    const names: [string, string[]][] = [
      ["Hi, I'm Alex.", ['alex']],
      ["hi i'm alex", ['alex']],
      ['Good morning, my name is Alex Miller, nice to meet you.', ['alex', 'miller']],
      ["hello i'm alex nice to meet you", ['alex']],
      ["I'm calling about the invoice.", []],
      ["I'm so glad.", []],
      ['Welcome, Alex.', []],
    ];
    for (const [text, expected] of names) expect([text, introducedIn(text)]).toEqual([text, expected]);
    expect(["Hi, I'm", 'this is Alex', 'imagine that', 'hi there'].map(introduces)).toEqual([true, true, false, false]);
  });

  test('is no topic of the feedback, though nobody told it beforehand', () => {
    const rows: Row[] = [
      { speaker: 'user', text: "hi i'm alex" },
      { speaker: 'other', text: 'welcome alex we sail on saturday' },
      { speaker: 'user', text: 'i never learned to swim' },
      { speaker: 'other', text: 'alex you will love the boats and the harbour' },
      { speaker: 'user', text: 'which boats are those' },
      { speaker: 'other', text: 'small ones in the old harbour' },
    ];
    const bullets = rulesReview(logOf({ user: 'the user' }, rows)).summary_bullets;
    expect(bullets).toContain('What came up most: boats and harbour.');
  });
});
