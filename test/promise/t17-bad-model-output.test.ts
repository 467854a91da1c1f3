import fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelReview } from '../../src/agents/model-review.ts';
import { budgets } from '../../src/core/budgets.ts';
import type { Review } from '../../src/core/entry.ts';
import { unproved } from '../../src/insight/evidence.ts';
import { linesOf } from '../../src/insight/lines.ts';
import { rulesReview } from '../../src/insight/report.ts';
import { feedback } from '../../src/wire/coach.ts';
import { exportedEntry } from '../../src/wire/entry.ts';
import { labelled } from '../insight/labelled.ts';
import { log } from '../insight/random-log.ts';
import { answeringModel } from '../support/answering-model.ts';
import { badAnswer, inventions } from '../support/bad-answers.ts';
import { type Fault, planted } from '../support/planted.ts';
import { seeded } from '../support/speech-like.ts';
import { figure, isLong, tier } from '../support/tier.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const outputs = tier({ quick: 2_000, long: 20_000 });
const never = new AbortController().signal;

const shape = feedback.omit({ transcript: true, unheard: true, session_id: true }).strict();
/** Of a review, what is told: what it rests on stays in the log. */
const toldOf = ({ hearing: _, claims: __, ...review }: Review) => review;
const talks = labelled.filter(({ lines }) => lines.length > 0).map((talk) => ({ ...talk, byRules: rulesReview(talk.entries) }));

/** What is wrong with a feedback, in words. */
function wrongs(review: Review, { entries, labels, byRules }: (typeof talks)[number]): string[] {
  const found: string[] = [];
  if (!shape.safeParse(toldOf(review)).success) found.push('its shape is not that of the wire');
  if (!exportedEntry.safeParse({ seq: 1, at: '2026-01-05T09:00:00.000Z', by: 'reviewer', type: 'reviewed', review }).success)
    found.push('it could not be brought back');
  found.push(...unproved(review, entries).map((what) => `not proved: ${what}`));
  // the labels were counted by hand
  if (review.filler_percentage !== labels.filler_percentage) found.push(`${review.filler_percentage} % fillers`);
  // one by one: what JSON writes as \ud800 is half a character
  const texts = [
    ...review.stars,
    review.wish,
    ...review.takeaways,
    ...review.summary_bullets,
    ...review.moments.flatMap(({ quote, why }) => [quote, why]),
  ];
  for (const text of [...texts, review.engine]) {
    for (const invention of inventions) if (text.includes(invention)) found.push(`invented: ${invention} in ${text}`);
    if (text.trim() === '' || text.length > 420) found.push('a text that is none');
  }
  if (new Set(review.takeaways).size !== 3) found.push('a takeaway twice');
  const { engine, degraded, claims_removed: _, ...rest } = review;
  const { engine: __, degraded: ___, ...rules } = byRules;
  if (degraded && (engine !== 'rules' || JSON.stringify(rest) !== JSON.stringify(rules))) found.push('degraded, but not what the rules say');
  if (!degraded && engine !== 'a model' && JSON.stringify(rest) !== JSON.stringify(rules)) found.push(`written by ${engine}`);
  return found;
}

/** Lets a model answer badly so often; whatever was wrong with the feedbacks, and how many came from where. */
async function faultsOf(makes: typeof modelReview, count: number, from: number) {
  const random = seeded(from);
  const faults: string[] = [];
  const by = { model: 0, rules: 0 };
  let removed = 0;
  for (let index = 0; index < count; index += 1) {
    const talk = talks[index % talks.length]!;
    const model = answeringModel(badAnswer(talk.entries, random), badAnswer(talk.entries, random));
    const clock = virtualClock();
    let outcome: Review | Error | undefined;
    void makes({ model, name: 'a model', clock, patience: budgets.reviewModel, newMark: () => 'm'.repeat(16) })(talk.entries, never).then(
      (review) => {
        outcome = review;
      },
      (error) => {
        outcome = error;
      },
    );
    await clock.advance(budgets.reviewModel);
    if (outcome === undefined) faults.push('no feedback in time');
    else if (outcome instanceof Error) faults.push(`it threw ${outcome.message}`);
    else {
      faults.push(...wrongs(outcome, talk));
      by[outcome.engine === 'a model' ? 'model' : 'rules'] += 1;
      removed += outcome.claims_removed ?? 0;
    }
    if (clock.sleepers > 0) faults.push('somebody still sleeps');
    if (model.asked.length > 2) faults.push('asked more than twice');
  }
  return { faults: [...new Set(faults)], by, removed };
}

test(`T17 whatever a model answers, the feedback is valid and the log proves all of it (seed ${seed})`, {
  timeout: isLong ? 900_000 : 120_000,
}, async () => {
  const { faults, by, removed } = await faultsOf(modelReview, outputs, seed);
  expect(faults).toEqual([]);
  figure('T17', 'bad outputs of a model', outputs, { least: 2_000 });
  figure('T17', 'feedbacks that are invalid, late or not proved', faults.length, { most: 0 });
  figure('T17', 'of them with claims of the model that were proved', by.model, { least: outputs / 10 });
  figure('T17', 'of them by rules, degraded', by.rules, { least: outputs / 10 });
  figure('T17', 'claims taken out', removed, { least: outputs });
});

test('T17 whatever a model claims about whatever log, nothing that is left is unproved', { timeout: 120_000 }, async () => {
  const claims = fc.nat();
  await fc.assert(
    fc.asyncProperty(
      log().filter((entries) => linesOf(entries).length > 0),
      claims,
      async (entries, answer) => {
        const random = seeded(answer);
        const model = answeringModel(badAnswer(entries, random), badAnswer(entries, random));
        const clock = virtualClock();
        const review = modelReview({ model, name: 'a model', clock, patience: 1_000, newMark: () => 'm'.repeat(16) })(entries, never);
        await clock.advance(1_000);
        expect(unproved(await review, entries)).toEqual([]);
        expect(shape.safeParse(toldOf(await review)).success).toBe(true);
      },
    ),
    { numRuns: tier({ quick: 300, long: 10_000 }) },
  );
});

test.each<[string, ...Fault[]]>([
  ['quotes are not looked up', { file: 'src/insight/evidence.ts', was: "if (words === '') return false;", is: 'return true;' }],
  ['single quotation marks are overlooked', { file: 'src/insight/plain.ts', was: 'outside(quoted, singleMarked)', is: 'quoted' }],
  ['names are not looked up', { file: 'src/insight/evidence.ts', was: '...namesClaimed(own)', is: '...[].slice(own.length).map(String)' }],
  [
    'numbers in digits are not looked up',
    { file: 'src/insight/evidence.ts', was: 'const measured = new Set([', is: 'const measured = new Set([777, 31.4,' },
  ],
  [
    'numbers in words are overlooked',
    { file: 'src/insight/claims.ts', was: '...inDigits(own), ...amountsInWords(own)', is: '...inDigits(own), ...amountsInWords(own).slice(99)' },
  ],
  ['marks of HTML go through', { file: 'src/insight/plain.ts', was: ' || notPlain.some((sign) => sign.test(marked))', is: '' }],
  [
    'the share of fillers is that of the model',
    { file: 'src/agents/review-answer.ts', was: 'const answer = z.object(', is: 'const answer = z.looseObject(' },
    {
      file: 'src/insight/claims.ts',
      was: 'review: { ...review, engine,',
      is: 'review: { ...review, filler_percentage: (claims as { filler_percentage?: number }).filler_percentage ?? review.filler_percentage, engine,',
    },
  ],
  [
    'a model that throws is the end of it',
    { file: 'src/agents/model-review.ts', was: '      stop.throwIfAborted();\n      if (late', is: '      throw thrown;\n      if (late' },
  ],
  [
    'a model is waited for for ever',
    { file: 'src/agents/model-review.ts', was: "() => late.abort(new Error('the model took too long'))", is: '() => undefined' },
  ],
  ['it is asked until it answers well', { file: 'src/agents/model-review.ts', was: '[false, true]', is: '[false, false, true]' }],
])('T17 planted: %s', { timeout: 60_000 }, async (_, ...faults) => {
  const house = (await import(new URL('src/agents/model-review.ts', planted(...faults)).href)) as { modelReview: typeof modelReview };
  // always the same answers: each of these faults is in some of them only
  expect((await faultsOf(house.modelReview, 300, 1)).faults).not.toEqual([]);
});
