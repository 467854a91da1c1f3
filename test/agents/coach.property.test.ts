import fc from 'fast-check';
import { expect, test } from 'vitest';
import { longest, wordCount } from '../../src/agents/reflexes/wording.ts';
import { spacing } from '../../src/agents/timing.ts';
import type { Entry, News } from '../../src/core/entry.ts';
import { isEntry } from '../../src/core/entry.ts';
import type { Prompt } from '../../src/core/ports.ts';
import { every } from '../../src/core/views.ts';
import { ask, begin, draft, other, quiet, type Step, someone, stage, stopSpeaking, timed, typed, user } from './stage.ts';
import { answer, citing, silent, thinkingStage } from './thinking-stage.ts';

const lines = [
  "hi i'm jo",
  'do you want coffee or tea',
  'why did you leave your last job',
  'what is your hourly rate',
  'tell me about a time you failed',
  'can you give me an example of a conflict with a colleague',
  'how about you',
  'when could you start',
  'my sister works with Kafka in Lisbon',
  'our billing pipeline breaks every friday',
  'um so um i think um you know it was um fine',
  'mhm',
  'yes the budget is thirty thousand',
  'we went to the mountains because the sea was cold',
  'it was a lovely evening',
  '',
  '?!',
  '  <sil> [NOISE] ',
];

const line = fc.constantFrom(...lines);
const seconds = fc.integer({ min: 1, max: 40 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(line, seconds).map(([text, length]) => other(text, length)) },
  { weight: 3, arbitrary: fc.tuple(line, seconds).map(([text, length]) => user(text, length)) },
  { weight: 1, arbitrary: fc.tuple(line, seconds).map(([text, length]) => someone(text, length)) },
  { weight: 1, arbitrary: fc.tuple(line, fc.integer({ min: 1, max: 9 })).map(([text, length]) => timed(text, length)) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 12 }).map(quiet) },
  { weight: 1, arbitrary: fc.constant(begin) },
  { weight: 1, arbitrary: fc.constant(stopSpeaking) },
  { weight: 1, arbitrary: fc.constant(ask) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('user' as const, 'other' as const), line).map(([who, text]) => typed(who, text)) },
  { weight: 1, arbitrary: fc.constantFrom('paused' as const, 'resumed' as const).map((type) => draft({ by: 'user', type })) },
);

type Mood = 'good' | 'silent' | 'nonsense' | 'late' | 'broken';
const mood = fc.constantFrom<Mood[]>('good', 'good', 'silent', 'nonsense', 'late', 'broken');

const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

const briefing = { user: 'Jo', goal: 'ask about parental leave; get the budget', context: 'A talk at Northwind' };

/** A whole random talk, with everything the coach did, in the order it was seen. */
async function run(steps: readonly Step[], cadence: number) {
  const { talk, news, play, leave } = await stage({ ...briefing, settings: { cadence } });
  await play(...steps);
  await leave();
  return { entries: talk.entries, news };
}

/** The same with a model that does well, keeps quiet, is late, breaks and talks nonsense, as it comes. */
async function runThinking(steps: readonly Step[], cadence: number, moods: readonly Mood[]) {
  let asked = 0;
  const answers = (prompt: Prompt): string => {
    const mood = moods[asked++ % moods.length];
    if (mood === 'silent') return silent;
    if (mood === 'nonsense') return answer({ lines: [4711], ear: '<b>' });
    return citing({ ear: `Idea ${asked} for you.`, screen: 'More about it.' })(prompt);
  };
  const { talk, news, play, clock, model, leave } = await thinkingStage({ ...briefing, settings: { cadence } }, answers, { firstToken: 300 });
  for (const [index, each] of steps.entries()) {
    const mood = moods[index % moods.length];
    if (mood === 'late') model.fault({ type: 'hangs', after: index % 20 });
    else if (mood === 'broken') model.fail();
    else model.recover();
    await play(each);
  }
  // whatever is still thought about comes to its end
  await clock.advance(10_000);
  await leave();
  expect(model.open).toBe(0);
  return { entries: talk.entries, news };
}

test(`whatever happens, the coach keeps its laws (FUZZ_SEED=${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.integer({ min: 0, max: 5 }), async (steps, cadence) => {
      const { entries, news } = await run(steps, cadence);
      keepsItsLaws(entries, news, cadence);
    }),
    { seed, numRuns: 150 },
  );
}, 60_000);

test(`and with a model that does what it likes (FUZZ_SEED=${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 25 }),
      fc.integer({ min: 0, max: 5 }),
      fc.array(mood, { minLength: 1, maxLength: 9 }),
      async (steps, cadence, moods) => {
        const { entries, news } = await runThinking(steps, cadence, moods);
        keepsItsLaws(entries, news, cadence);
        // nothing is told twice, and nothing elaborated that was not said
        const health = entries
          .filter((entry) => (entry.type === 'failed' || entry.type === 'recovered') && entry.part === 'brain')
          .map(({ type }) => type);
        for (const [index, type] of health.entries()) if (type === 'recovered') expect(health[index - 1]).toBe('failed');
        for (const entry of every(entries, 'elaborated')) expect(entries[entry.of - 1]?.type).toBe('advised');
      },
    ),
    { seed, numRuns: 150 },
  );
}, 60_000);

/** One verdict a turn, few plain words that rest on something, at the right time. */
function keepsItsLaws(entries: readonly Entry[], news: readonly News[], cadence: number): void {
  const advised = every(entries, 'advised');
  // conservation: every turn has exactly one first verdict
  for (const turn of every(entries, 'said')) {
    const first = entries.filter(
      (entry) => (entry.type === 'passed' || (entry.type === 'advised' && !['silence', 'hint'].includes(entry.kind))) && entry.about === turn.seq,
    );
    expect(first.length, `verdicts about ${turn.seq}`).toBe(1);
    expect(advised.filter((entry) => entry.kind === 'silence' && entry.about === turn.seq).length).toBeLessThanOrEqual(1);
  }
  for (const entry of every(entries, 'passed')) expect(entry.reasons.length).toBeGreaterThan(0);
  for (const entry of advised) {
    expect(wordCount(entry.text), entry.text).toBeLessThanOrEqual(longest);
    expect(entry.text).not.toMatch(/[{}]|undefined/);
    for (const witness of entry.evidence) expect(entries[witness - 1], `evidence of ${entry.seq}`).toBeDefined();
    expect(entry.evidence.length).toBeGreaterThan(0);
  }
  const unasked = advised.filter((entry) => entry.kind !== 'hint').map((entry) => entry.text.toLowerCase());
  expect(new Set(unasked).size).toBe(unasked.length);
  keepsItsDistance(news, cadence);
}

/** Follows the news as the user lived it: when was the user speaking, and when was the last word of the coach. */
function keepsItsDistance(news: readonly News[], cadence: number): void {
  let speaking = false;
  let paused = false;
  let last: number | undefined;
  for (const item of news) {
    if (!isEntry(item)) {
      if (item.type === 'onset') speaking = true;
      if (item.type === 'pause' || item.type === 'quiet') speaking = false;
      continue;
    }
    if (item.type === 'paused') paused = true;
    if (item.type === 'resumed') paused = false;
    if (item.type === 'paused') speaking = false;
    if (item.type !== 'advised') continue;
    expect(paused, 'off the record').toBe(false);
    const at = Date.parse(item.at);
    if (item.kind !== 'hint') {
      expect(speaking, `spoke over the user: ${item.text}`).toBe(false);
      expect(cadence).toBeGreaterThan(0);
      if (last !== undefined) expect(at - last, item.text).toBeGreaterThanOrEqual(spacing[cadence as 0 | 1 | 2 | 3 | 4 | 5]);
    }
    last = at;
  }
}
