import { expect, test } from 'vitest';
import { modelReview } from '../../src/agents/model-review.ts';
import { reviewer } from '../../src/agents/reviewer.ts';
import { budgets } from '../../src/core/budgets.ts';
import { conversation } from '../../src/core/conversation.ts';
import type { Draft, Entry } from '../../src/core/entry.ts';
import { unproved } from '../../src/insight/evidence.ts';
import { labelled } from '../insight/labelled.ts';
import { answeringModel } from '../support/answering-model.ts';
import { badAnswer } from '../support/bad-answers.ts';
import { type Fault, planted } from '../support/planted.ts';
import { seeded } from '../support/speech-like.ts';
import { figure, tier } from '../support/tier.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const rounds = tier({ quick: 150, long: 1_000 });
const atOnce = 50;
const hearing = { overlap: false };
const now = () => Date.parse('2026-01-05T10:00:00.000Z');

const late: readonly Draft[] = [
  { by: 'ear', type: 'said', text: 'This comes too late.', via: 'voice', speaker: { who: 'other', probability: 1 } },
  { by: 'coach', type: 'advised', text: 'Breathe.', kind: 'pace', about: 4, reason: 'Fast.', evidence: [4] },
  { by: 'user', type: 'paused' },
];

/** Finishes talks with a model that fails in every way, crashes in the middle, and lets others talk on; whatever was not as it should be, in words. */
async function faultsOf(makes: typeof reviewer, count: number, from: number): Promise<string[]> {
  const random = seeded(from);
  const faults: string[] = [];
  const { entries } = labelled.find((one) => one.name === 'interview')!;
  for (let round = 0; round < count; round += 1) {
    const model = answeringModel(badAnswer(entries, random), badAnswer(entries, random));
    const clock = virtualClock();
    const disk: Entry[] = [...entries];
    let isUp = true;
    const wake = () =>
      conversation(
        'c1',
        [...disk],
        async (more) => {
          await settled();
          if (!isUp) throw new Error('the process is gone');
          disk.push(...more);
        },
        now,
      );
    const finisher = () =>
      makes({ review: modelReview({ model, name: 'a model', clock, patience: budgets.reviewModel, newMark: () => 'm'.repeat(16), hearing }) });

    const asking = (finish: ReturnType<typeof reviewer>, talk: ReturnType<typeof wake>) =>
      Array.from({ length: atOnce }, (_, index) => {
        const control = new AbortController();
        // some hang up before it is there
        if (index % 7 === 3)
          void clock.sleep(random() * 100, control.signal).then(
            () => control.abort(new Error('gone')),
            () => undefined,
          );
        return finish(talk, control.signal).then(
          (answer) => JSON.stringify(answer),
          () => undefined,
        );
      });

    const first = wake();
    const early = asking(finisher(), first);
    for (const draft of late) void first.append(draft).catch(() => undefined);
    await clock.advance(random() * 50);
    // the power goes out, at a third of them before anything is there
    if (round % 3 === 0) isUp = false;
    await clock.advance(budgets.reviewModel + 200);
    const before = (await Promise.all(early)).filter((answer) => answer !== undefined);
    isUp = true;
    const second = wake();
    const again = asking(finisher(), second);
    await clock.advance(budgets.reviewModel + 200);
    const after = (await Promise.all(again)).filter((answer) => answer !== undefined);

    const found = (what: string) => faults.push(`${what} (round ${round})`);
    if (after.length === 0) found('no feedback');
    if (new Set([...before, ...after]).size > 1) found('not everybody got the same feedback');
    for (const type of ['ended', 'reviewed']) if (disk.filter((entry) => entry.type === type).length !== 1) found(`not ${type} once`);
    const end = disk.findIndex(({ type }) => type === 'ended');
    if (disk.slice(end + 1).some(({ type }) => type !== 'reviewed')) found('something came after the end');
    const reviewed = disk.find((entry) => entry.type === 'reviewed');
    if (reviewed && unproved(reviewed.review, disk.slice(0, end), hearing).length > 0) found('not proved');
    if (clock.sleepers > 0) found('somebody still sleeps');
  }
  return faults;
}

test(`T6 finished once whatever a model does, ${atOnce} at once, crashed in the middle, talked over (seed ${seed})`, {
  timeout: 60_000,
}, async () => {
  const faults = await faultsOf(reviewer, rounds, seed);
  expect(faults).toEqual([]);
  figure('T6', 'talks finished with a model that fails in every way', rounds);
  figure('T6', 'of their feedbacks not one and the same, late, or not proved', faults.length, { most: 0 });
});

test.each<[string, Fault]>([
  [
    'everybody has the model asked anew',
    { file: 'src/agents/reviewer.ts', was: 'working.get(talk) ?? start(talk, why, late)', is: 'start(talk, why, late)' },
  ],
  [
    'a second review is written after a crash',
    { file: 'src/agents/reviewer.ts', was: "if (!first(talk.entries, 'reviewed')) {", is: 'if (first) {' },
  ],
])('T6 planted: %s', { timeout: 60_000 }, async (_, fault) => {
  const house = (await import(new URL('src/agents/reviewer.ts', planted(fault)).href)) as { reviewer: typeof reviewer };
  // always the same rounds: in most of them a model that is asked anew gives everybody the rules' feedback, which is one and the same
  expect(await faultsOf(house.reviewer, rounds, 1)).not.toEqual([]);
});
