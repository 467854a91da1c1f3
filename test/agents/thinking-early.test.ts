import { describe, expect, test } from 'vitest';
import type { Happening, Meter } from '../../src/core/meter.ts';
import type { Prompt, Sound, Voice } from '../../src/core/ports.ts';
import { every } from '../../src/core/views.ts';
import { foreseeing } from '../../src/engines/foreseeing.ts';
import { virtualClock } from '../support/virtual-clock.ts';
import { user } from './stage.ts';
import { type Answer, citing, silent, speaks, thinkingStage } from './thinking-stage.ts';

const interview = { user: 'Jo', goal: 'Show that I can lead', context: 'Interview at Northwind', settings: { cadence: 5 } };
const hello = user("hi i'm jo");
const question = 'Can you tell me about a time when you led a team through a bad winter?';

/** Counts what happens to drafts. */
function counting(): Meter & { counts: Record<string, number> } {
  const counts: Record<string, number> = {};
  return {
    counts,
    note(happening: Happening) {
      if (happening.type === 'drafted') counts[happening.how] = (counts[happening.how] ?? 0) + 1;
    },
  };
}

const isOpen = (prompt: Prompt): boolean => prompt.messages[0]!.text.includes('its last words are missing');

/** The newest line of a prompt. */
const lastLine = (prompt: Prompt): string => JSON.parse([...prompt.messages[0]!.text.matchAll(/"text":("(?:[^"\\]|\\.)*")/g)].at(-1)![1]!) as string;

/** Speaks where a line has ended, and of a line whose end is missing only after so many words. */
const knowing =
  (words: number, what: Answer = {}) =>
  (prompt: Prompt): string =>
    isOpen(prompt) && lastLine(prompt).split(' ').length < words ? silent : citing(what)(prompt);

describe('a question is thought about while it is still asked', () => {
  test('and the whisper with its first sound is there when the words are final', async () => {
    const meter = counting();
    const clock = virtualClock(Date.parse('2030-01-01T10:00:00Z'));
    const slow: Voice = {
      async *speak(_text, stop): AsyncGenerator<Sound> {
        await clock.sleep(120, stop).catch(() => undefined);
        if (!stop.aborted) yield { format: 'wav', data: Uint8Array.of(1), ms: 400 };
      },
    };
    const stage = await thinkingStage(interview, knowing(8), { meter, clock, voice: foreseeing(slow, clock) });
    await stage.play(hello);
    await speaks(stage, question);
    const turn = every(stage.talk.entries, 'said').at(-1)!;
    expect(every(stage.talk.entries, 'advised')).toMatchObject([{ about: turn.seq, evidence: [turn.seq], at: turn.at }]);
    expect(stage.signals('sound')).toHaveLength(1);
    expect(stage.model.asked.map((prompt) => [lastLine(prompt), isOpen(prompt)])).toEqual([['Can you tell me about a time when you led', true]]);
    expect(meter.counts).toEqual({ asked: 1, ahead: 1, ready: 1 });
    await stage.leave();
  });

  test('but it is not ready where its sound is still made', async () => {
    const meter = counting();
    const clock = virtualClock(Date.parse('2030-01-01T10:00:00Z'));
    const never: Voice = {
      async *speak(_text, stop): AsyncGenerator<Sound> {
        await clock.sleep(60_000, stop).catch(() => undefined);
      },
    };
    const stage = await thinkingStage(interview, knowing(8), { meter, clock, voice: foreseeing(never, clock) });
    await stage.play(hello);
    await speaks(stage, question);
    expect(meter.counts).toEqual({ asked: 1, ahead: 1, late: 1 });
    await stage.leave();
  });

  test('and once more where it was not clear yet: that silence is never taken for an answer', async () => {
    const stage = await thinkingStage(interview, knowing(12));
    await stage.play(hello);
    await speaks(stage, question);
    expect(stage.model.asked.map((prompt) => [lastLine(prompt).split(' ').length, isOpen(prompt)])).toEqual([
      [10, true],
      [12, true],
    ]);
    expect(stage.advice()).toHaveLength(1);
    expect(stage.passes()).toEqual(['opening_line']);
    await stage.leave();
  });

  test('and again with all of its words where nobody knew before they came', async () => {
    const meter = counting();
    // so slow that the first answer comes when the words are written down already
    const stage = await thinkingStage(interview, knowing(99), { meter, firstToken: 1_300 });
    await stage.play(hello);
    await speaks(stage, 'Where do you want to be with your career then, please?', { wordMs: 300 });
    expect(stage.model.asked.map(isOpen)).toEqual([true]);
    await stage.clock.advance(3_000);
    expect(stage.model.asked.map(isOpen)).toEqual([true, false]);
    expect(stage.passes()).toEqual(['opening_line']);
    expect(stage.advice()).toHaveLength(1);
    expect(meter.counts).toEqual({ asked: 2, ahead: 1, wasted: 1 });
    await stage.leave();
  });

  test.each([
    ['takes a turn', 'Can you tell me about a time when you led a team or were led by somebody'],
    ['goes on for long', 'Can you tell me about a time when you led a team through a winter that was cold for all of us'],
  ])('and is thought about anew where it %s', async (_how, text) => {
    const stage = await thinkingStage(interview, citing());
    await stage.play(hello);
    await speaks(stage, text);
    await stage.clock.advance(2_000);
    expect(stage.model.asked.map(isOpen)).toEqual([true, false]);
    expect(lastLine(stage.model.asked[1]!)).toBe(text);
    expect(stage.advice()).toHaveLength(1);
    await stage.leave();
  });
});

test('a model that never knows before the end is not asked each time', async () => {
  const meter = counting();
  let count = 0;
  const stage = await thinkingStage(interview, (prompt) => (isOpen(prompt) ? silent : citing({ ear: `Idea ${++count}.` })(prompt)), { meter });
  await stage.play(hello);
  for (let turn = 0; turn < 12; turn += 1) {
    await speaks(stage, question);
    await stage.clock.advance(15_000);
  }
  expect(stage.advice()).toHaveLength(12);
  expect(stage.model.asked.filter(isOpen).length).toBeGreaterThanOrEqual(5);
  expect(stage.model.asked.filter(isOpen).length).toBeLessThanOrEqual(9);
  await stage.leave();
});

describe('a lull waits a moment for the last word', () => {
  const final = 'Would you say that it is fine';

  async function lull() {
    const meter = counting();
    const stage = await thinkingStage(interview, citing(), { meter });
    await stage.play(hello);
    const { talk, clock } = stage;
    const from = clock.now() - Date.parse(talk.entries[0]!.at);
    const speaker = { who: 'other' as const, probability: 0.9 };
    const partial = (text: string) => talk.signal({ type: 'partial', text, from, speaker });
    talk.signal({ type: 'onset', at: from });
    await clock.advance(2_000);
    partial('Would you say that it is');
    await clock.advance(300);
    talk.signal({ type: 'lull', at: from + 2_000 });
    await clock.advance(60);
    return {
      stage,
      meter,
      partial,
      said: () => talk.append({ by: 'ear', type: 'said', via: 'voice', text: final, speaker, from, to: from + 2_000 }),
    };
  }
  const asked = (stage: Awaited<ReturnType<typeof thinkingStage>>) => stage.model.asked.map((prompt) => [lastLine(prompt), isOpen(prompt)]);

  test('so that nobody is asked about what came before it', async () => {
    const { stage, partial } = await lull();
    partial(final);
    await stage.clock.advance(200);
    expect(asked(stage)).toEqual([[final, false]]);
    await stage.leave();
  });

  test('and where none comes asks as of a line whose end may be missing', async () => {
    const { stage, meter, said } = await lull();
    await stage.clock.advance(200);
    stage.talk.signal({ type: 'pause', at: 3_200 });
    await stage.clock.advance(280);
    await said();
    await stage.clock.advance(1_000);
    expect(asked(stage)).toEqual([['Would you say that it is', true]]);
    expect(stage.advice()).toHaveLength(1);
    expect(meter.counts).toEqual({ asked: 1, ahead: 1, late: 1 });
    await stage.leave();
  });
});

test('what was only told may go on: nobody is asked about it before the pause is certain', async () => {
  const stage = await thinkingStage(interview, citing());
  await stage.play(hello);
  const { talk, clock } = stage;
  const from = clock.now() - Date.parse(talk.entries[0]!.at);
  const partial = (text: string) => talk.signal({ type: 'partial', text, from, speaker: { who: 'other', probability: 0.95 } });
  talk.signal({ type: 'onset', at: from });
  await clock.advance(2_000);
  partial('I read your report on the train.');
  await clock.advance(100);
  talk.signal({ type: 'lull', at: from + 2_000 });
  await clock.advance(250);
  expect(stage.model.asked).toEqual([]);
  talk.signal({ type: 'pause', at: from + 2_000 });
  await clock.advance(1);
  expect(stage.model.asked.map((prompt) => [lastLine(prompt), isOpen(prompt)])).toEqual([['I read your report on the train.', false]]);
  await stage.leave();
});
