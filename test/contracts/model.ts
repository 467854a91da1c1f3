import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Model, Piece, Prompt, Serving } from '../../src/core/ports.ts';
import { Problem } from '../../src/core/problem.ts';

/** A model under test. It answers each question with what its last message says, or as JSON where a shape is asked for; where it is offered a tool it first asks that about the word. */
export type Mind = { model: Model<Serving>; close(): Promise<void> };

const never = new AbortController().signal;

/** Answers in many pieces. */
export const long = 'Ask her what she would change first, then wait: she likes to think aloud, and nothing that you say now is better than silence.';

export const shape = {
  name: 'advice',
  schema: {
    type: 'object',
    properties: { speak: { type: 'boolean' }, ear: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
    required: ['speak', 'ear'],
    additionalProperties: false,
  },
} as const;

/** A question whose answer is its last words. */
export const question = (text: string, more: Partial<Prompt> = {}): Prompt => ({
  instructions: 'Say again what you hear.',
  messages: [
    { role: 'user', text: 'Are you there?' },
    { role: 'assistant', text: 'Yes.' },
    { role: 'user', text },
  ],
  most: 400,
  ...more,
});

export const tool = {
  name: 'look_up',
  description: 'Looks a word up.',
  takes: { type: 'object', properties: { word: { type: 'string' } }, required: ['word'], additionalProperties: false },
} as const;

/** Everything a model says. */
export async function said(model: Model<Serving>, prompt: Prompt, stop: AbortSignal = never): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for await (const piece of model.reply(prompt, stop)) if ('type' in piece) pieces.push(piece);
  return pieces;
}

/** The words in what it says. */
export const textOf = (pieces: readonly Piece[]): string => pieces.map((piece) => (piece.type === 'text' ? piece.text : '')).join('');

/** What every model promises, whoever it is. */
export function modelContract(name: string, make: () => Promise<Mind>, { limits = true } = {}): void {
  describe(`${name}: what every model promises`, () => {
    let mind: Mind;
    beforeAll(async () => {
      mind = await make();
    });
    afterAll(() => mind.close());

    test('B1 the answer comes in pieces, and together they are the answer', async () => {
      const pieces = await said(mind.model, question(long));
      expect(textOf(pieces)).toBe(long);
      expect(pieces.filter(({ type }) => type === 'text').length).toBeGreaterThan(5);
      expect(pieces.filter((piece) => piece.type === 'text' && piece.text === '')).toEqual([]);
    });

    test('B2 what it cost comes once, last', async () => {
      const pieces = await said(mind.model, question(long));
      expect(pieces.map(({ type }) => type).filter((type) => type === 'spent')).toHaveLength(1);
      const last = pieces.at(-1)!;
      if (last.type !== 'spent') throw new Error('what it cost is not the last');
      expect(last.tokensIn).toBeGreaterThan(5);
      expect(last.tokensOut).toBeGreaterThan(20);
    });

    test('B3 letters of several bytes arrive whole', async () => {
      const text = 'Zoë asked: “¿Qué tal?” — 你好 👩‍👩‍👧, twice.';
      expect(textOf(await said(mind.model, question(text)))).toBe(text);
    });

    test('B4 asked for a shape it answers with that and nothing around it', async () => {
      expect(JSON.parse(textOf(await said(mind.model, question('quiet', { shape }))))).toEqual({ speak: false, ear: 'quiet' });
    });

    test('B5 stopped in the middle it says nothing more, and that is no failure', async () => {
      const control = new AbortController();
      const pieces: Piece[] = [];
      for await (const piece of mind.model.reply(question(long), control.signal)) {
        if ('type' in piece) pieces.push(piece);
        if (pieces.length === 3) control.abort();
      }
      expect(pieces).toHaveLength(3);
    });

    test('B6 stopped before it began it says nothing', async () => {
      expect(await said(mind.model, question(long), AbortSignal.abort())).toEqual([]);
    });

    test('B7 left by its reader it answers the next one', async () => {
      for await (const _ of mind.model.reply(question(long), never)) break;
      expect(textOf(await said(mind.model, question('Well done.')))).toBe('Well done.');
    });

    test('B8 two at once get each his own answer', async () => {
      const texts = ['The first one asks this.', 'The second one asks that.', long];
      expect((await Promise.all(texts.map((text) => said(mind.model, question(text))))).map(textOf)).toEqual(texts);
    });

    test('B10 offered a tool it asks for it, whole, and goes on with what the tool answered', async () => {
      const first = question('quiet', { tools: [tool] });
      const pieces = await said(mind.model, first);
      const calls = pieces.filter((piece) => piece.type === 'call');
      expect(calls.map(({ tool, input }) => [tool, JSON.parse(input)])).toEqual([['look_up', { word: 'quiet' }]]);
      expect([textOf(pieces), pieces.at(-1)?.type]).toEqual(['', 'spent']);
      const { call } = calls[0]!;
      const messages = [...first.messages, { role: 'assistant', text: '', calls } as const, { role: 'tool', call, text: 'Not loud.' } as const];
      expect(textOf(await said(mind.model, { ...first, messages }))).toBe('Not loud.');
    });

    if (limits)
      test('B9 an answer that is cut off by its limit is no answer', async () => {
        await expect(said(mind.model, question(long, { most: 16 }))).rejects.toSatisfy(
          (error) => error instanceof Problem && error.code === 'brain_failed',
        );
      });
  });
}
