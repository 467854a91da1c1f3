import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plausible, spokenText } from '../../src/engines/spoken-text.ts';

it.each([
  ['  Ask her   about\n the job. ', 'Ask her about the job.'],
  ['a\0b\u0007c', 'a b c'],
  ['<break time="9s"/> Go on', 'break time="9s"/ Go on'],
  [`well ${'\ud83d'} done`, 'well done'],
  ['Nice 👩‍👩‍👧 work', 'Nice 👩‍👩‍👧 work'],
  ['Zoë’s café costs €5', 'Zoë’s café costs €5'],
  ['你好', '你好'],
  [' \n\t ', ''],
  ['… — ?! ***', ''],
  ['👍🏽', ''],
])('of %j a voice elsewhere is given %j', (text, said) => {
  expect(spokenText(text)).toBe(said);
});

it('whatever is written, what is sent away has an end, whole letters and one line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_500 }), (text) => {
      const said = spokenText(text);
      expect(said.length).toBeLessThanOrEqual(2_000);
      expect(said.isWellFormed()).toBe(true);
      expect(said).not.toMatch(/[\p{Cc}<>]/u);
      expect(spokenText(said)).toBe(said);
    }),
    { numRuns: 30 },
  );
});

it('a text cannot sound shorter than tongues are quick, nor for ever', () => {
  expect(plausible('Go on, ask.')).toEqual({ least: 231, most: 4_700 });
  expect(plausible('Go on, ask.', 2)).toEqual({ least: 115.5, most: 3_600 });
  expect(plausible('ha'.repeat(500))).toEqual({ least: 33_000, most: 202_500 });
});
