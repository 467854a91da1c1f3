import { expect, test } from 'vitest';
import type { Serving } from '../../src/core/ports.ts';
import { Problem } from '../../src/core/problem.ts';
import type { Stage } from './stage.ts';
import { other, user } from './stage.ts';
import { answer, citing, silent, thinkingStage } from './thinking-stage.ts';

const interview = { user: 'Jo', goal: 'Show that I can lead', context: 'Interview at Northwind' };
const questions = [
  'tell me about a time you led a team',
  'what is your hourly rate',
  'why do you want to leave your job',
  'when could you start',
  'what did you learn from it',
];

const told = ({ talk }: Stage) =>
  talk.entries.flatMap((entry) =>
    (entry.type === 'failed' || entry.type === 'recovered') && entry.part === 'brain' ? [`${entry.type}: ${entry.message}`] : [],
  );

const fallen = (message: string): Serving => ({ serving: 'second', fallen: new Problem('brain_failed', message) });
const best: Serving = { serving: 'first' };

const never = new AbortController().signal;

/** A talk in which each question is answered by whoever serves then. */
async function talkServedBy(...served: (Serving | 'fails' | 'nonsense')[]) {
  let turn = -1;
  let asked = 0;
  const stage = await thinkingStage(interview, (prompt) => (served[turn] === 'nonsense' ? 'Hm.' : citing({ ear: `Idea ${++asked}.` })(prompt)), {
    serving: () => (typeof served[turn] === 'object' ? (served[turn] as Serving) : undefined),
  });
  await stage.play(user("hi i'm jo"));
  for (const [index, who] of served.entries()) {
    turn = index;
    if (who === 'fails') stage.model.fail(new Problem('brain_failed', 'Nobody is left.'));
    else stage.model.recover();
    await stage.play(other(questions[index]!));
    await stage.clock.advance(30_000);
  }
  await stage.leave();
  return told(stage);
}

test('falling to a lesser model is told once, another reason anew, and being back', async () => {
  expect(await talkServedBy(fallen('The first is busy.'), fallen('The first is busy.'), fallen('The first is gone.'), best, best)).toEqual([
    'failed: The first is busy.',
    'failed: The first is gone.',
    'recovered: The language model advises again.',
  ]);
});

test('a whole ladder that fails is told once, and who serves when it is back', async () => {
  expect(await talkServedBy('fails', 'fails', fallen('The first is busy.'), best)).toEqual([
    'failed: Nobody is left.',
    'failed: The first is busy.',
    'recovered: The language model advises again.',
  ]);
});

test('a lesser model that answers nonsense flaps for nobody', async () => {
  const nonsense = await talkServedBy('nonsense', 'nonsense', best);
  expect(nonsense).toHaveLength(2);
});

test('silence is an answer, too', async () => {
  const stage = await thinkingStage(interview, () => silent);
  stage.model.fail();
  await stage.play(user("hi i'm jo"), other(questions[0]!));
  await stage.clock.advance(30_000);
  stage.model.recover();
  await stage.play(other(questions[1]!));
  await stage.clock.advance(30_000);
  expect(told(stage)).toHaveLength(2);
  await stage.leave();
});

test('a next engine gets its turn although the one before it took all its time', async () => {
  const stage = await thinkingStage(interview, citing());
  const model = {
    async *reply() {
      await stage.clock.sleep(3_000, never);
      yield fallen('The first did not answer in time.');
      await stage.clock.sleep(1_000, never);
      yield { type: 'text', text: answer({ ear: 'From the second one.' }) } as const;
    },
  };
  const patient = await thinkingStage(interview, citing(), { clock: stage.clock, brain: { model, newMark: () => 'q7x0k2m9z4b8c1d6' } });
  await patient.play(user("hi i'm jo"), other(questions[0]!));
  await patient.clock.advance(5_000);
  expect(patient.advice()).toEqual(['answer: From the second one.']);
  await Promise.all([stage.leave(), patient.leave()]);
});

test('a coach that comes back knows what it told, and thinks anew about the turn that it had not decided', async () => {
  const first = await thinkingStage(interview, citing());
  first.model.fail();
  await first.play(user("hi i'm jo"), other(questions[0]!));
  await first.clock.advance(30_000);
  first.model.recover();
  await first.play(other(questions[1]!));
  await first.leave();
  expect(first.talk.entries.at(-1)?.type).toBe('said');
  const second = await thinkingStage(interview, citing({ ear: 'Name your range.' }), { past: [...first.talk.entries], clock: first.clock });
  await second.clock.advance(3_000);
  expect(second.advice().at(-1)).toBe('answer: Name your range.');
  expect(told(second)).toHaveLength(2);
  await second.leave();
});
