import { expect, test } from 'vitest';
import { writtenBy } from '../../src/web/written-by.ts';

test.each([
  [{ engine: 'rules', degraded: false }, 'Written by rules from the numbers and from what was said, without a language model.'],
  [
    { engine: 'rules', degraded: true, claims_removed: 4 },
    'Written by rules from the numbers and from what was said: the language model was asked, but gave nothing that could be used.',
  ],
  [{ engine: 'gpt-x', degraded: false, claims_removed: 0 }, 'Written by gpt-x, and every quote, name and number held against what was said.'],
  [
    { engine: 'gpt-x', degraded: false, claims_removed: 1 },
    'Written by gpt-x, and every quote, name and number held against what was said: one claim could not be proved and was taken out.',
  ],
  [
    { engine: 'gpt-x', degraded: false, claims_removed: 3 },
    'Written by gpt-x, and every quote, name and number held against what was said: 3 claims could not be proved and were taken out.',
  ],
])('%o says who wrote it', (feedback, sentence) => expect(writtenBy(feedback)).toBe(sentence));
