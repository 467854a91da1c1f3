import { describe, expect, test } from 'vitest';
import { type Redactable, redact, redactable, redacted, redactedHints } from '../../src/core/redaction.ts';

const all: [string, string][] = [
  ['my number is 4711', 'my number is ‹number›'],
  ['room 101, floor 7', 'room 101, floor 7'],
  ['in 2026 it was 12,500 euros', 'in ‹number› it was 12,500 euros'],
  ['it was 12.500.000', 'it was ‹number›'],
  ['write to dana.k+work@northwind.example.com, please', 'write to ‹mail›, please'],
  ['it is alex at example dot com', 'it is ‹mail›'],
  // rather too much than too little
  ['look at the dot there', '‹mail›'],
  ['the card is 4111 1111 1111 1111 and 123', 'the card is ‹card› and 123'],
  ['5500-0000-0000-0004', '‹card›'],
  ['4111 1111 1111 1112 is none', '‹number› is none'],
  ['room 12 4111 1111 1111 1111', 'room 12 ‹card›'],
  ['DE89 3704 0044 0532 0130 00 is mine', '‹iban› is mine'],
  ['gb82west12345698765432', '‹iban›'],
  ['GB82 WEST 1234 5698 7654 33', 'GB82 WEST ‹phone›'],
  ['call +49 (0)30 901820 or 030/901820', 'call ‹phone› or ‹phone›'],
  ['(555) 123-4567', '‹phone›'],
  ['٤٧١١٤', '‹number›'],
  ['４１１１', '‹number›'],
  ['four two one nine', '‹number›'],
  ['one or two of three', 'one or two of three'],
  ['one, two, three, four', '‹number›'],
  ['', ''],
];

describe('redaction', () => {
  test.each(all)('R1 %s', (said, told) => {
    expect(redact(said, redactable)).toBe(told);
  });

  const some: [Redactable[], string, string][] = [
    [[], 'a@b.example 4111111111111111', 'a@b.example 4111111111111111'],
    [['mails'], 'a@b.example 4711', '‹mail› 4711'],
    [['cards'], '4711 and 4111111111111111', '4711 and ‹card›'],
    [['ibans'], 'DE89370400440532013000 4711', '‹iban› 4711'],
    [['phones'], '030 901820 and 4711', '‹phone› and 4711'],
    [['numbers'], '4711 a@b.example', '‹number› a@b.example'],
  ];
  test.each(some)('R2 only what was asked for goes: %j', (what, said, told) => {
    expect(redact(said, what)).toBe(told);
  });

  test('R3 once redacted there is nothing more to redact', () => {
    for (const [said] of all) expect(redact(redact(said, redactable), redactable)).toBe(redact(said, redactable));
  });

  test('R4 a model is told nothing of it, wherever in the prompt it stands, and its answer comes as it is', async () => {
    const prompts: unknown[] = [];
    const scripted = {
      async *reply(prompt: { system: string; lines: { text: string; seq: number }[] }) {
        prompts.push(prompt);
        yield 'call 4711 4711';
      },
    };
    const model = redacted(scripted, ['numbers', 'mails']);
    const answer = await Array.fromAsync(
      model.reply({ system: 'be kind to a@b.example', lines: [{ text: 'it is 4711', seq: 4_711 }] }, new AbortController().signal),
    );
    expect(prompts).toEqual([{ system: 'be kind to ‹mail›', lines: [{ text: 'it is ‹number›', seq: 4_711 }] }]);
    expect(answer).toEqual(['call 4711 4711']);
  });

  test('R5 nor is a recogniser by its hints', async () => {
    const given: unknown[] = [];
    const nothing = (async function* () {})();
    const scripted = {
      transcribe(_sound: unknown, hints: unknown) {
        given.push(hints);
        return nothing;
      },
    };
    await Array.fromAsync(
      redactedHints(scripted as never, ['mails']).transcribe(nothing, { phrases: ['a@b.example'] }, new AbortController().signal),
    );
    expect(given).toEqual([{ phrases: ['‹mail›'] }]);
  });
});
