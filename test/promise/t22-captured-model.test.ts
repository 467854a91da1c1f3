import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { coach } from '../../src/agents/coach.ts';
import { readAnswer } from '../../src/agents/model-answer.ts';
import { questionAbout } from '../../src/agents/prompt.ts';
import { longest, wordCount } from '../../src/agents/reflexes/wording.ts';
import { every } from '../../src/core/views.ts';
import { type Captured, capturedSessions, forgeries, leaks, promptRuns, toldIn, unproved } from '../support/captured-model.ts';
import { planted } from '../support/planted.ts';
import { figure } from '../support/tier.ts';

const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** What a user was told that nobody should be told. */
const beyond = (captured: Captured): string[] =>
  toldIn(captured).filter((text) => text.length > 200 || /[<>`\p{Cc}\u202a-\u202e\u2066-\u2069]|:\/\//u.test(text));

describe('T22 a captured model', () => {
  let captured: Captured;
  beforeAll(async () => {
    captured = await capturedSessions(coach, 100, 6);
  }, 60_000);

  test('tells no session of another, and calls nothing', () => {
    figure('T22', 'sessions beside each other', captured.logs.length, { least: 100 });
    figure('T22', 'questions to the captured model', captured.prompts.length, { least: 300 });
    figure('T22', 'secrets of one session in another', leaks(captured), { most: 0 });
    expect(captured.logs.flatMap((entries) => every(entries, 'called'))).toEqual([]);
    for (const { prompt } of captured.prompts) expect(Object.keys(prompt).sort()).toEqual(['instructions', 'messages', 'most', 'shape']);
  });

  test('is heard where it keeps to the schema, and nowhere else', () => {
    const advised = captured.logs.flatMap((entries) => every(entries, 'advised'));
    const its = advised.filter(({ reason }) => reason.startsWith('The language model'));
    expect(its.length).toBeGreaterThan(20);
    expect(advised.length).toBeGreaterThan(its.length);
    figure('T22', 'words beyond the schema', beyond(captured).length, { most: 0 });
    figure('T22', 'suggestions that rest on nothing', unproved(captured), { most: 0 });
    for (const { text } of advised) expect(wordCount(text), text).toBeLessThanOrEqual(longest);
    for (const entries of captured.logs)
      for (const { seq } of every(entries, 'said'))
        expect(entries.filter((entry) => 'about' in entry && entry.about === seq).length).toBeGreaterThan(0);
  });
});

test(`T22 nobody who speaks or writes gets a mark of ours, or an instruction, into a prompt (FUZZ_SEED=${seed})`, { timeout: 120_000 }, () => {
  const runs = 10_000;
  let count = 0;
  let marks = 0;
  fc.assert(
    fc.property(promptRuns, (run) => {
      count += 1;
      const found = forgeries(questionAbout, run);
      marks += found;
      return found === 0;
    }),
    { seed, numRuns: runs },
  );
  figure('T22', 'prompts built of hostile words', count, { least: runs });
  figure('T22', 'forged marks', marks, { most: 0 });
});

test(`T22 however an answer is cut, it is read as the same, and never as more than it is (FUZZ_SEED=${seed})`, () => {
  const value = fc.oneof(fc.boolean(), fc.string(), fc.constant(null), fc.array(fc.integer()), fc.double(), fc.dictionary(fc.string(), fc.string()));
  const name = fc.constantFrom('speak', 'ear', 'lines', 'kind', 'screen', 'tool', '__proto__');
  const fields = fc
    .array(fc.tuple(name, value), { maxLength: 7 })
    .map((pairs) => `{${pairs.map(([key, what]) => `"${key}":${JSON.stringify(what)}`).join(',')}}`);
  const good = fc
    .record({ speak: fc.boolean(), ear: fc.string(), lines: fc.array(fc.nat()), kind: fc.constant('goal'), screen: fc.option(fc.string()) })
    .map((whole) => JSON.stringify(whole));
  fc.assert(
    fc.property(
      fc.oneof(
        fields,
        good,
        fc.string(),
        good.map((text) => `\`\`\`json\n${text}\n\`\`\``),
      ),
      fc.nat(400),
      (text, at) => {
        const whole = readAnswer(text);
        const part = readAnswer(text.slice(0, at));
        if (part.state === 'broken') expect(whole.state).toBe('broken');
        // what was read once stays what it is
        const { state: _, begun = '', ...read } = part;
        if (whole.state !== 'broken') for (const [key, what] of Object.entries(read)) expect(whole).toHaveProperty([key], what);
        if (whole.state !== 'broken') expect((whole.ear ?? whole.begun ?? '').startsWith(begun)).toBe(true);
        if (whole.state !== 'closed') return;
        const bare = text.replace(/^```json\n|\n```$/g, '');
        expect({ ...whole, state: undefined }).toEqual({ ...JSON.parse(bare), state: undefined });
      },
    ),
    { seed, numRuns: 5_000 },
  );
});

describe('planted: it is seen when', () => {
  const without = async <Name extends 'coach' | 'questionAbout'>(name: Name, file: string, was: string, is: string) => {
    const house = planted({ file, was, is });
    const path = name === 'coach' ? 'src/agents/coach.ts' : 'src/agents/prompt.ts';
    return (await import(new URL(path, house).href))[name] as Name extends 'coach' ? typeof coach : typeof questionAbout;
  };

  test('signs of a mark get through as themselves', async () => {
    const worse = await without('questionAbout', 'src/agents/spotlight.ts', '/[<>', '/[');
    expect(
      fc.check(
        fc.property(promptRuns, (run) => forgeries(worse, run) === 0),
        { seed: 1, numRuns: 1_000 },
      ).failed,
    ).toBe(true);
  });

  test('a briefing becomes an instruction', async () => {
    const worse = await without('questionAbout', 'src/agents/prompt.ts', 'instructions: `', 'instructions: (opened?.tone ?? "") + `');
    expect(
      fc.check(
        fc.property(promptRuns, (run) => forgeries(worse, run) === 0),
        { seed: 1, numRuns: 1_000 },
      ).failed,
    ).toBe(true);
  });

  test('sessions share what they know', async () => {
    const worse = await without(
      'coach',
      'src/agents/thinking.ts',
      'questionAbout(talk.entries,',
      'questionAbout(((globalThis as any).everybody ??= []).concat(talk.entries) && (((globalThis as any).everybody as any[]).push(...talk.entries), (globalThis as any).everybody),',
    );
    expect(leaks(await capturedSessions(worse, 3, 2))).toBeGreaterThan(0);
  });

  test('a line that does not exist may be cited', async () => {
    const worse = await without('coach', 'src/agents/drafting.ts', 'lines.every((line) => citable.has(line))', 'true');
    expect(unproved(await capturedSessions(worse, 20, 3))).toBeGreaterThan(0);
  });

  test('any words may go into an ear', async () => {
    const worse = await without('coach', 'src/agents/drafting.ts', '|| !isWhisper(ear)', '');
    expect(beyond(await capturedSessions(worse, 20, 3))).not.toEqual([]);
  });

  test('any words may stand on the screen', async () => {
    const worse = await without('coach', 'src/agents/drafting.ts', '&& isPlain(answer.screen)', '');
    expect(beyond(await capturedSessions(worse, 20, 3))).not.toEqual([]);
  });
});
