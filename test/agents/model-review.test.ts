import { describe, expect, it } from 'vitest';
import { modelReview } from '../../src/agents/model-review.ts';
import { reviewer } from '../../src/agents/reviewer.ts';
import { budgets } from '../../src/core/budgets.ts';
import { conversation } from '../../src/core/conversation.ts';
import type { Entry } from '../../src/core/entry.ts';
import { rulesReview } from '../../src/insight/report.ts';
import { labelled, logOf } from '../insight/labelled.ts';
import { answeringModel, type Doing } from '../support/answering-model.ts';
import { honest } from '../support/honest-answer.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const entries = labelled.find((one) => one.name === 'interview')!.entries;
const hearing = { overlap: false };
const rules = rulesReview(entries, hearing);
const never = new AbortController().signal;
const good = JSON.stringify(honest);
const invented = JSON.stringify({
  ...honest,
  stars: [{ text: 'You said “I hated that job” bravely.', cites: [7] }],
  wish: { text: 'Next time, call Zebulon before you go.', cites: [7] },
  takeaways: [],
  bullets: [],
  moments: [],
});

function judge(...doings: readonly Doing[]) {
  const degraded: (string | undefined)[] = [];
  const model = answeringModel(...doings);
  const clock = virtualClock();
  let marks = 0;
  const newMark = () => `${++marks}`.padStart(16, 'm');
  const review = modelReview({
    model,
    name: 'a model',
    clock,
    patience: budgets.reviewModel,
    newMark,
    hearing,
    onDegraded: (why) => degraded.push(why),
  });
  return { model, clock, review, degraded };
}

describe('a review with a model', () => {
  it('is what the model wrote, with the numbers of the log', async () => {
    const { review, model, clock } = judge(good);
    const got = await review(entries, never);
    expect(got).toMatchObject({ engine: 'a model', degraded: false, claims_removed: 0, metrics: rules.metrics, filler_percentage: 4.8 });
    expect(got.wish).toContain('name your own number first');
    expect(model.asked).toHaveLength(1);
    expect(clock.sleepers).toBe(0);
    expect(model.stopped[0]!.aborted).toBe(true);
  });

  it.each<[string, string]>([
    ['fences', `\`\`\`json\n${good}\n\`\`\``],
    ['words around it', `Here is the feedback:\n${good}\nI hope it helps!`],
    ['more than was asked for', JSON.stringify({ ...honest, filler_percentage: 99, engine: 'god', metrics: {} })],
  ])('forgives %s', async (_, answer) => {
    const { review, model } = judge(answer);
    expect(await review(entries, never)).toMatchObject({ engine: 'a model', filler_percentage: 4.8, claims_removed: 0 });
    expect(model.asked).toHaveLength(1);
  });

  it('begins anew when the model does, and is called after whoever served', async () => {
    const { review } = judge([
      { type: 'text', text: '{"stars":[{"te' },
      { type: 'again' },
      { type: 'text', text: good },
      { type: 'spent', tokensIn: 9, tokensOut: 9 },
    ]);
    expect(await review(entries, never)).toMatchObject({ engine: 'a model', claims_removed: 0 });
    const model = {
      async *reply() {
        yield { serving: 'the other one' };
        yield { type: 'text' as const, text: good };
      },
    };
    const parts = { name: 'a model', clock: virtualClock(), patience: 1_000, newMark: () => 'm'.repeat(16) };
    expect((await modelReview({ ...parts, model })(entries, never)).engine).toBe('the other one');
  });

  it.each<[string, string, RegExp]>([
    ['is cut off', good.slice(0, -40), /cut off|no valid JSON/],
    ['is empty', '', /no JSON object/],
    ['has another shape', '{"stars":"two"}', /not the shape.*stars/],
    ['is far too long', `${good}${' '.repeat(100_000)}`, /longer than/],
    ['holds nothing that is proved', invented, /stars\[0\]: .*stands in none/],
  ])('asks once more, and says what was wrong, when the answer %s', async (_, answer, why) => {
    const { review, model } = judge(answer, good);
    expect(await review(entries, never)).toMatchObject({ engine: 'a model', degraded: false, claims_removed: 0 });
    expect(model.asked).toHaveLength(2);
    const [first, second] = model.asked;
    expect(second!.messages[0]).toEqual(first!.messages[0]);
    expect(second!.messages.at(-1)).toMatchObject({ role: 'user', text: expect.stringMatching(why) });
    expect(second!.messages.every(({ text }) => text.trim() !== '' && text.length < 70_000)).toBe(true);
  });

  it('is that of the rules, and says so, when the second answer is of no use either', async () => {
    const { review, model } = judge('{', invented, good);
    expect(await review(entries, never)).toEqual({ ...rules, degraded: true, claims_removed: 2 });
    expect(model.asked).toHaveLength(2);
    const useless = judge('{');
    expect(await useless.review(entries, never)).toEqual({ ...rules, degraded: true });
    expect(useless.degraded).toEqual(['unproved']);
  });

  it('is that of the rules at once when the model fails', async () => {
    const { review, model, clock, degraded } = judge(new Error('429'));
    expect(await review(entries, never)).toEqual({ ...rules, degraded: true });
    expect(degraded).toEqual(['failed']);
    expect(model.asked).toHaveLength(1);
    expect(clock.sleepers).toBe(0);
  });

  it.each<[string, Doing[]]>([
    ['the answer', ['hang']],
    ['the repair', ['{', 'hang']],
  ])('waits for %s no longer than it may, and leaves finish its time', async (_, doings) => {
    expect(budgets.reviewModel).toBeLessThan(30_000 - budgets.lastWords - budgets.hearAgain);
    const { review, model, clock, degraded } = judge(...doings);
    const got = review(entries, never);
    let isThere = false;
    void got.then(() => {
      isThere = true;
    });
    await clock.advance(budgets.reviewModel - 1);
    expect(isThere).toBe(false);
    await clock.advance(1);
    expect(isThere).toBe(true);
    expect(await got).toEqual({ ...rules, degraded: true });
    expect(degraded).toEqual(['late']);
    expect(model.stopped.every((stop) => stop.aborted)).toBe(true);
    expect(clock.sleepers).toBe(0);
  });

  it('asks nobody about a talk in which the user said nothing, or in which nobody knows who spoke', async () => {
    const { review, model } = judge(good);
    const strangers = labelled.find((one) => one.name === 'strangers')!.entries;
    for (const log of [logOf({ goal: 'a raise' }, []), logOf({}, [{ speaker: 'other', text: 'Is anybody there?' }]), strangers])
      expect(await review(log, never)).toEqual(rulesReview(log, hearing));
    expect(model.asked).toEqual([]);
  });

  it('lets go of the model when nobody waits any more', async () => {
    const { review, model, clock } = judge('hang');
    const control = new AbortController();
    const got = review(entries, control.signal);
    await clock.advance(10);
    control.abort(new Error('gone'));
    await expect(got).rejects.toThrow('gone');
    expect(model.stopped[0]!.aborted).toBe(true);
    expect(clock.sleepers).toBe(0);
  });

  it('is asked for once though fifty finish at once, and all get the same bytes', async () => {
    const { review, model } = judge(good);
    const disk: Entry[] = [];
    const talk = conversation(
      'c1',
      [...entries],
      async (more) => void disk.push(...more),
      () => Date.parse('2026-01-05T10:00:00.000Z'),
    );
    const finish = reviewer({ review });
    const answers = await Promise.all(Array.from({ length: 50 }, () => finish(talk, never)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(disk.map(({ type }) => type)).toEqual(['ended', 'reviewed']);
    expect(answers[0]!.review.engine).toBe('a model');
    expect(model.asked).toHaveLength(1);
  });
});
