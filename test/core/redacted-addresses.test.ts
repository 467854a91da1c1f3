import { array, assert, constantFrom, integer, property, string, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Redactable, redact } from '../../src/core/redaction.ts';
import { type Fault, planted } from '../support/planted.ts';
import { attacks } from '../support/regex-attack.ts';
import { figure, tier } from '../support/tier.ts';

/** What an address is, as one pattern each: right, but slow, because they try every letter as a beginning. */
const mail = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu;
const spokenMail = /\b[\p{L}\p{N}._-]{1,64} at [\p{L}\p{N}-]{1,63}(?: ?dot [\p{L}\p{N}-]{1,63}){1,8}/giu;
const plainly = (text: string): string => text.replace(mail, '‹mail›').replace(spokenMail, '‹mail›');
const mails: Redactable[] = ['mails'];

/** Pieces of which addresses are made, and what lies just beside them. */
const pieces = [
  ...['a', 'b.c', '@', '@@', '.', '..', ' ', ' at ', 'at', ' AT ', ' aT', ' dot ', 'dot', ' Dot ', 'dot x', '-', '_', '%', '+', '0', '9.9'],
  ...['é', '你', 'ſ', 'K', '٤', '𝒜', '\ud835', '\udc9c', '👍', '\n', '\t', '!', '‹mail›', 'x at y dot z', 'a@b.example', 'ä', '́'],
  ...[62, 63, 64, 65, 130].flatMap((count) => ['a'.repeat(count), '𝒜'.repeat(count), 'ä'.repeat(count)]),
  '.a'.repeat(9),
  ' dot a'.repeat(9),
];

const madeUp = array(constantFrom(...pieces), { maxLength: 24 }).map((some) => some.join(''));
const redaction = 'src/core/redaction.ts';

describe('addresses that are looked for from their middle', () => {
  test('are those that the patterns find, in whatever is put together of pieces of addresses', () => {
    assert(
      property(madeUp, (said) => void expect(redact(said, mails)).toBe(plainly(said))),
      { numRuns: tier({ quick: 3_000, long: 200_000 }) },
    );
  });

  test('… in any text, with or without an address in it', () => {
    const text = tuple(
      string({ unit: 'binary' }),
      constantFrom('@', ' at ', ''),
      string({ unit: 'grapheme' }),
      constantFrom('.', ' dot ', ''),
      string({ unit: 'binary-ascii' }),
    );
    assert(
      property(text, (parts) => void expect(redact(parts.join(''), mails)).toBe(plainly(parts.join('')))),
      { numRuns: tier({ quick: 2_000, long: 100_000 }) },
    );
  });

  test('… and in every text that is hard for a pattern', () => {
    assert(
      property(integer({ min: 60, max: 400 }), (length) => {
        for (const { source } of [mail, spokenMail]) for (const said of attacks(source, length)) expect(redact(said, mails)).toBe(plainly(said));
      }),
      { numRuns: tier({ quick: 1, long: 60 }) },
    );
  });

  test.each<[string, Fault]>([
    ['one letter too few', { file: redaction, was: 'const longestName = 64;', is: 'const longestName = 63;' }],
    ['an address that begins within a word', { file: redaction, was: 'isInWord(before) !== isInWord(first)', is: 'before !== first' }],
    [
      'a name that has an end of its own before it',
      { file: redaction, was: 'beginOf(text, index, done, address)', is: 'beginOf(text, index, 0, address)' },
    ],
    ['letters that take two places', { file: redaction, was: '(isPair ? 2 : 1)', is: '1' }],
  ])('planted: %s is found out', async (_, fault) => {
    const copy = (await import(/* @vite-ignore */ new URL(redaction, planted(fault)).href)) as { redact: typeof redact };
    expect(() =>
      assert(
        property(madeUp, (said) => void expect(copy.redact(said, mails)).toBe(plainly(said))),
        { numRuns: 5_000, seed: 1 },
      ),
    ).toThrow('Property failed');
  });

  test('the longest message that is hard for them takes moments', () => {
    let slowest = 0;
    for (const { source } of [mail, spokenMail])
      for (const said of [
        ...attacks(source, 4_096),
        ' aa@a'.repeat(900),
        `${'a'.repeat(64)}@a.a `.repeat(60),
        `${'a'.repeat(64)} at a dot a `.repeat(55),
        ' at'.repeat(1_365),
      ]) {
        let least = Number.POSITIVE_INFINITY;
        for (let tries = 3; tries > 0; tries -= 1) {
          const begun = performance.now();
          redact(said, mails);
          least = Math.min(least, performance.now() - begun);
        }
        slowest = Math.max(slowest, least);
      }
    figure('T21', 'blanking addresses out of 4,096 hard letters, ms', slowest, { most: 5, soft: true });
  });
});
