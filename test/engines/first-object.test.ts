import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstObject } from '../../src/engines/openai/first-object.ts';

/** What is found in an answer that comes cut like this. */
function foundIn(pieces: readonly string[]): string | undefined {
  const reader = firstObject();
  const text = pieces.map((piece) => reader.push(piece)).join('');
  return reader.found ? text : undefined;
}

describe('the first object of an answer', () => {
  test.each([
    ['{"a": 1}', '{"a": 1}'],
    ['  \n{"a": {"b": "}"}} and {"c": 2}', '{"a": {"b": "}"}}'],
    ['```json\n{"a": "```"}\n```', '{"a": "```"}'],
    ['<think>maybe {"a": 1}?</think>{"a": 2}', '{"a": 2}'],
    ['<think>it never ends {"a": 1}', undefined],
    ['<thin ice> {"a": "\\"}"}', '{"a": "\\"}"}'],
    ['Here you are: {"a": 1', '{"a": 1'],
    ['I would rather not.', undefined],
    ['', undefined],
  ])('%j', (answer, object) => {
    expect(foundIn([answer])).toBe(object);
  });

  test('is the same wherever the answer is cut', () => {
    const around = fc.constantFrom('', '```json\n', '<think>{no}</think>\n', 'Sure! ');
    fc.assert(
      fc.property(
        around,
        fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }),
        fc.array(fc.nat({ max: 8 }), { minLength: 1 }),
        (before, object, cuts) => {
          const json = JSON.stringify(object);
          const answer = `${before}${json}\n\`\`\` {"more": true}`;
          const pieces: string[] = [];
          for (let at = 0, turn = 0; at < answer.length; turn++) {
            const length = 1 + cuts[turn % cuts.length]!;
            pieces.push(answer.slice(at, at + length));
            at += length;
          }
          expect(foundIn(pieces)).toBe(json);
        },
      ),
    );
  });
});
