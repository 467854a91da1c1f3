import { expect, test } from 'vitest';
import { heardAgain, writtenBy } from '../../src/web/written-by.ts';

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

test.each([
  [undefined, ''],
  [{ mended: 1, added: 0 }, 'The kept sound was heard once more: one line was mended, none found that nobody had heard live.'],
  [{ mended: 3, added: 1 }, 'The kept sound was heard once more: 3 lines were mended, one found that nobody had heard live.'],
  [{ mended: 0, added: 0, why: 'It took too long.' }, 'The transcript is what was heard live. It took too long.'],
  [
    { mended: 2, added: 0, why: 'It took too long.' },
    'The kept sound was heard once more: 2 lines were mended, none found that nobody had heard live. Not all of it was: It took too long.',
  ],
])('%o says what hearing it once more changed', (again, sentence) => expect(heardAgain(again ? { heard_again: again } : {})).toBe(sentence));
