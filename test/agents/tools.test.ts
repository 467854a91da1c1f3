import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { tools } from '../../src/agents/tools/all.ts';
import { arithmetic } from '../../src/agents/tools/arithmetic.ts';
import { currentTime } from '../../src/agents/tools/current-time.ts';
import { calculated } from '../../src/agents/tools/expression.ts';
import { recall } from '../../src/agents/tools/recall.ts';
import { offerOf, type Tool, tool, using } from '../../src/agents/tools/tool.ts';
import type { Entry } from '../../src/core/entry.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const never = new AbortController().signal;
const at = '2026-03-29T00:30:00.000Z';
const line = (seq: number, by: string, text: string): Entry => ({ seq, at, by, type: 'said', text, via: 'text' });
const entries = [
  line(1, 'user', 'The budget of the bridge is 300 euros'),
  line(2, 'assistant', 'Noted: 300'),
  line(3, 'user', 'what about the budget?'),
];
const around = { now: Date.parse(at), entries, question: 3 };

/** What a tool does with an input. */
const done = (each: Tool, input: object): unknown => each.run(each.takes.parse(input) as never, around, never);

describe('arithmetic', () => {
  test.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['-2 ^ 2', -4],
    ['2 ^ 3 ^ 2', 512],
    ['2 ** -1', 0.5],
    ['0.1 + 0.2', 0.3],
    ['15% of 80', 12],
    ['50%', 0.5],
    ['17 % 5', 2],
    ['5!', 120],
    ['2(3 + 4)', 14],
    ['2 pi', 6.28318530718],
    ['sqrt(2) * sqrt(2)', 2],
    ['max(1, 2, 3) - min(4, 5)', -1],
    ['max(1,200)', 200],
    ['1,234,567 / 2', 617283.5],
    ['6 × 7 ÷ 2 − 1', 20],
    ['- - 3', 3],
    ['.5 + 1e3', 1000.5],
  ])('%s = %s', (expression, value) => expect(calculated(expression)).toBe(value));

  test.each([
    ['1 / 0', 'nothing can be divided by 0'],
    ['1 +', 'it ends too early'],
    ['', 'it ends too early'],
    ['(1', 'a bracket is not closed'],
    ['1)', 'it goes on after its end'],
    ['process.exit(1)', '“.exit(1)” is no part of a sum'],
    ['constructor(1)', 'nobody here knows what “constructor” is'],
    ['__proto__', 'is no part of a sum'],
    ['sqrt', 'sqrt needs brackets'],
    ['sqrt(-1)', 'it comes to no number'],
    ['9^9^9', 'it comes to no number'],
    ['2.5!', 'only whole numbers'],
    ['('.repeat(150), 'too many brackets'],
    ['-'.repeat(150), 'too many signs'],
    ['1'.repeat(201), 'longer than 200 characters'],
  ])('%s cannot be calculated, and it is said why', (expression, why) => expect(() => calculated(expression)).toThrow(why));

  test.each([
    ['What is 12 * (3 + 4)?', '12 * (3 + 4)'],
    ['please calculate 15% of 80', '15% of 80'],
    ['sqrt(2)', 'sqrt(2)'],
    ['how much is 3+4', '3+4'],
  ])('is heard in “%s”', (text, expression) => expect(arithmetic.hears!(text)).toEqual({ expression }));

  test.each(['What is 7?', 'my number is 030-123', 'Meet me at 10-12 tomorrow', 'hello', 'a'.repeat(400)])('is not heard in “%s”', (text) =>
    expect(arithmetic.hears!(text)).toBeUndefined(),
  );
});

describe('current time', () => {
  test.each([
    [null, 'UTC', 'Sunday 29 March 2026 at 00:30', 'GMT+00:00'],
    ['Tokyo', 'Asia/Tokyo', 'Sunday 29 March 2026 at 09:30', 'GMT+09:00'],
    ['new york', 'America/New_York', 'Saturday 28 March 2026 at 20:30', 'GMT-04:00'],
    ['Europe/Berlin', 'Europe/Berlin', 'Sunday 29 March 2026 at 01:30', 'GMT+01:00'],
    ['São Paulo', 'America/Sao_Paulo', 'Saturday 28 March 2026 at 21:30', 'GMT-03:00'],
  ])('%s', (time_zone, zone, time, offset) => {
    const told = done(currentTime, { time_zone }) as { time: string };
    // whether a comma follows the day is the business of this machine's locales
    expect({ ...told, time: told.time.replace(',', '') }).toEqual({ time_zone: zone, time, utc_offset: offset, utc: at });
  });

  test('a place that is none is named', () => {
    expect(() => done(currentTime, { time_zone: 'Atlantis' })).toThrow('“Atlantis” is no time zone');
    expect(() => done(currentTime, { time_zone: '../../etc' })).toThrow('is no time zone');
  });

  test.each([
    ['What time is it?', null],
    ['what’s the time in Tokyo right now?', 'Tokyo'],
    ['Hey, tell me, what is the date in New York today', 'New York'],
    ['how late is it', null],
  ])('is heard in “%s”', (text, time_zone) => expect(currentTime.hears!(text)).toEqual({ time_zone }));

  test('is not heard where nobody asks for it', () => expect(currentTime.hears!('Time flies')).toBeUndefined());
});

describe('recall', () => {
  test('finds what was said before, and neither the question nor what is nowhere', () => {
    expect(done(recall, { words: 'budget' })).toEqual({
      words: 'budget',
      places: 1,
      found: [{ who: 'user', when: at, text: 'The budget of the bridge is 300 euros' }],
    });
    expect(done(recall, { words: 'tunnel' })).toMatchObject({ places: 0, found: [] });
  });

  test.each([
    ['What did I say about the bridge?', 'the bridge'],
    ['do you remember the budget', 'the budget'],
    ['search for 300', '300'],
  ])('is heard in “%s”', (text, words) => expect(recall.hears!(text)).toEqual({ words }));
});

describe('using a tool', () => {
  const use = (each: Tool, input: unknown, clock = virtualClock(), stop = never) =>
    using(each.name, input, { tools: [each], around, clock, patience: 1_000 }, stop);
  const made = (run: () => unknown) => tool({ name: 'made', description: '', takes: z.object({}), run });

  test('one that never answers is given up after its time, and told to stop', async () => {
    const clock = virtualClock();
    let told: AbortSignal | undefined;
    const hung = tool({
      name: 'hung',
      description: '',
      takes: z.object({}),
      run(_, __, stop) {
        told = stop;
        return new Promise(() => undefined);
      },
    });
    const outcome = use(hung, {}, clock);
    await clock.advance(999);
    expect(told?.aborted).toBe(false);
    await clock.advance(1);
    expect(await outcome).toEqual({ error: 'hung took longer than 1 s, so it was given up.' });
    expect([told?.aborted, clock.sleepers]).toEqual([true, 0]);
  });

  test('whatever it answers or throws becomes an outcome', async () => {
    expect(
      await use(
        made(() => undefined),
        {},
      ),
    ).toEqual({ output: null });
    expect(
      await use(
        made(() => 'x'.repeat(9_000)),
        {},
      ),
    ).toEqual({ error: 'made answered more than can be used here.' });
    expect(
      await use(
        made(() => {
          throw new Error('secret');
        }),
        {},
      ),
    ).toEqual({ error: 'made failed because of a fault in it.' });
    expect(
      await use(
        made(() => Promise.reject(new Error('secret'))),
        {},
      ),
    ).toEqual({ error: 'made failed because of a fault in it.' });
    const circle: unknown[] = [];
    circle.push(circle);
    expect(
      await use(
        made(() => circle),
        {},
      ),
    ).toEqual({ error: 'made failed because of a fault in it.' });
    expect(await use(arithmetic, 'no object')).toMatchObject({ error: expect.stringContaining('arithmetic cannot use that') });
    expect(await using('unknown', {}, { tools, around, clock: virtualClock(), patience: 1 }, never)).toEqual({
      error: 'There is no tool called unknown. There are: current_time, arithmetic, recall.',
    });
  });

  test('stopped, it is no failure but over', async () => {
    const control = new AbortController();
    const outcome = use(
      made(() => new Promise(() => undefined)),
      {},
      virtualClock(),
      control.signal,
    );
    control.abort(new Error('gone'));
    await expect(outcome).rejects.toThrow('gone');
  });

  test('every tool is offered with a schema that says what it takes', () => {
    for (const each of tools) expect(offerOf(each)).toMatchObject({ name: each.name, takes: { type: 'object', additionalProperties: false } });
  });
});
