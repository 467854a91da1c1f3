import { describe, expect, test } from 'vitest';
import { asksSoFar } from '../../src/agents/asked-so-far.ts';
import { completes, saysTheSame } from '../../src/agents/same-words.ts';
import type { Happening, Meter } from '../../src/core/meter.ts';
import type { Sound, Voice } from '../../src/core/ports.ts';
import { every } from '../../src/core/views.ts';
import { typed, user } from './stage.ts';
import { citing, linesIn, silent, speaks, thinkingStage } from './thinking-stage.ts';

const interview = { user: 'Jo', goal: 'Show that I can lead', context: 'Interview at Northwind', settings: { cadence: 5 } };
const hello = user("hi i'm jo");
const question = 'Tell me about a time you led a team.';

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

/** A voice that notes what it prepares and what of it is thrown away. */
function preparing(): Voice & { prepared: string[]; dropped: number } {
  const voice = {
    prepared: [] as string[],
    dropped: 0,
    prepare(text: string, stop: AbortSignal) {
      voice.prepared.push(text);
      stop.addEventListener('abort', () => {
        voice.dropped += 1;
      });
      return () => true;
    },
    async *speak(): AsyncGenerator<Sound> {
      yield { format: 'wav', data: Uint8Array.of(1), ms: 400 };
    },
  };
  return voice;
}

describe('a draft is made before the turn has ended', () => {
  test('and is the whisper in the very moment the words are final, with its sound on the way', async () => {
    const meter = counting();
    const voice = preparing();
    const stage = await thinkingStage(interview, citing({ ear: 'Name the release you led.' }), { meter, voice, firstToken: 100 });
    await stage.play(hello);
    await speaks(stage, question);
    const turn = every(stage.talk.entries, 'said').at(-1)!;
    expect(every(stage.talk.entries, 'advised')).toMatchObject([
      { text: 'Name the release you led.', about: turn.seq, evidence: [turn.seq], at: turn.at },
    ]);
    expect(stage.model.asked).toHaveLength(1);
    expect(linesIn(stage.model.asked[0]!).at(-1)).toBe(0);
    expect(voice.prepared).toEqual(['Name the release you led.']);
    expect(voice.dropped).toBe(0);
    expect(meter.counts).toEqual({ asked: 1, ahead: 1, ready: 1 });
    await stage.leave();
  });

  test('and where it is not complete then, it is waited for and not begun again', async () => {
    const meter = counting();
    const stage = await thinkingStage(interview, citing(), { meter, firstToken: 1_400 });
    await stage.play(hello);
    await speaks(stage, question);
    expect(stage.advice()).toEqual([]);
    await stage.clock.advance(2000);
    expect(stage.advice()).toHaveLength(1);
    expect(meter.counts).toEqual({ asked: 1, ahead: 1, late: 1 });
    await stage.leave();
  });

  test('and is thrown away, with its sound, when the words become others', async () => {
    const meter = counting();
    const voice = preparing();
    const stage = await thinkingStage(interview, citing(), { meter, voice, firstToken: 100 });
    await stage.play(hello);
    await speaks(stage, question, { final: 'Tell me about a time you lost a team, and why.' });
    expect(stage.advice()).toEqual([]);
    expect(voice.dropped).toBe(1);
    await stage.clock.advance(2000);
    expect(stage.advice()).toHaveLength(1);
    expect(stage.model.asked).toHaveLength(2);
    expect(meter.counts).toEqual({ asked: 2, ahead: 1, wasted: 1 });
    await stage.leave();
  });

  test('and stays silence where it is silence', async () => {
    const stage = await thinkingStage(interview, () => silent, { firstToken: 100 });
    await stage.play(hello);
    await speaks(stage, question);
    expect(stage.passes()).toEqual(['opening_line', 'model_kept_quiet']);
    await stage.leave();
  });

  test('though the ear does not say whose voice it hears, because people take turns', async () => {
    const meter = counting();
    const stage = await thinkingStage(interview, citing(), { meter, firstToken: 100 });
    await stage.play(hello);
    await speaks(stage, question, { told: false });
    expect(meter.counts).toMatchObject({ ahead: 1, ready: 1 });
    await speaks(stage, 'Well, I led the release of our billing system.', { who: 'user', told: false });
    expect(meter.counts).toMatchObject({ ahead: 1 });
    await stage.leave();
  });
});

test('a voice begins with the words for the ear while the lines that they rest on are still written', async () => {
  const voice = preparing();
  const stage = await thinkingStage(interview, citing({ ear: 'Name the release you led.' }), { voice });
  await stage.play(hello, typed('other', question));
  while (voice.prepared.length === 0) await stage.clock.advance(10);
  expect(stage.advice()).toEqual([]);
  await stage.clock.advance(500);
  expect(stage.advice()).toHaveLength(1);
  expect(voice.dropped).toBe(0);
  await stage.leave();
});

test('and is told to stop where these words turn out to rest on nothing', async () => {
  const voice = preparing();
  const stage = await thinkingStage(interview, citing({ lines: [99] }), { voice });
  await stage.play(hello, typed('other', question));
  await stage.clock.advance(2000);
  expect([voice.prepared.length, voice.dropped]).toEqual([1, 1]);
  await stage.leave();
});

test('an ear that ends everything with a full stop is not believed twice', async () => {
  const meter = counting();
  let count = 0;
  const stage = await thinkingStage(interview, (prompt) => citing({ ear: `Idea ${++count}.` })(prompt), { meter });
  await stage.play(hello);
  for (let turn = 0; turn < 6; turn += 1) {
    await speaks(stage, `tell us what you know about number ${turn} of all`, { stops: true });
    await stage.clock.advance(15_000);
  }
  expect(meter.counts).toEqual({ asked: 7, ahead: 7, wasted: 1, ready: 6 });
  await stage.leave();
});

test('a second question in one turn is thought about as soon as it is asked, in place of the first', async () => {
  const meter = counting();
  let count = 0;
  const stage = await thinkingStage(interview, (prompt) => citing({ ear: `Idea ${++count}.` })(prompt), { meter });
  await stage.play(hello);
  for (const text of [question, 'What did you learn from that?', 'What was the hardest part? What would you do otherwise today?']) {
    await speaks(stage, text);
    await stage.clock.advance(15_000);
  }
  expect(meter.counts).toEqual({ asked: 4, ahead: 4, wasted: 1, ready: 1, late: 2 });
  expect(stage.advice()).toHaveLength(3);
  await stage.leave();
});

describe('nothing is asked ahead', () => {
  test('of what the user says', async () => {
    const stage = await thinkingStage(interview, citing());
    await stage.play(hello);
    await speaks(stage, 'Well, I led the release of our billing system.', { who: 'user' });
    expect(stage.model.asked).toHaveLength(0);
    await stage.leave();
  });

  test('where nothing could be said anyway: too soon, and only when asked', async () => {
    const never = await thinkingStage({ ...interview, settings: { cadence: 0 } }, citing());
    await never.play(hello);
    await speaks(never, question);
    expect(never.model.asked).toHaveLength(0);
    await never.leave();
    const soon = await thinkingStage({ ...interview, settings: { cadence: 2 } }, citing(), { firstToken: 100 });
    await soon.play(hello);
    await speaks(soon, question);
    await speaks(soon, 'And how big was it?', { wordMs: 200 });
    expect(soon.model.asked).toHaveLength(1);
    await soon.leave();
  });

  test('while another question is on its way', async () => {
    const stage = await thinkingStage(interview, citing(), { firstToken: 2900 });
    await stage.play(hello, { type: 'ask' });
    await speaks(stage, question, { wordMs: 100 });
    expect(stage.model.asked).toHaveLength(1);
    await stage.leave();
  });
});

test('whatever a partner makes of their words, no more than 1.7 questions a turn are asked, and one at a time', async () => {
  const meter = counting();
  let most = 0;
  const stage = await thinkingStage(
    interview,
    (prompt) => {
      most = Math.max(most, stage.model.open);
      return citing({ ear: `Idea ${stage.model.asked.length}.` })(prompt);
    },
    { meter },
  );
  await stage.play(hello);
  const turns = 40;
  for (let turn = 0; turn < turns; turn += 1) {
    // every sentence seems to end three times, and ends otherwise
    await speaks(stage, `So what about number ${turn} then? And what about it? And what about the other? Well`, {
      final: `And so on and so forth, number ${turn}`,
      wordMs: 300,
    });
    await stage.clock.advance(15_000);
  }
  expect(meter.counts.asked).toBe(stage.model.asked.length);
  expect(meter.counts.asked).toBeLessThanOrEqual(turns * 1.7 + 2);
  expect(meter.counts.wasted).toBeGreaterThan(turns * 0.5);
  expect(most).toBe(1);
  await stage.leave();
});

describe('the final words say the same', () => {
  test.each([
    ['tell me about a time you led a team', 'Tell me about a time you led a team.'],
    ['Um, what is your rate', 'what is your rate?'],
    ['what did you learn', 'What did you learn, please?'],
    ['how do you work with your colleague', 'How do you work with your colleagues?'],
    ['why did you leave', 'Why did you leave then, actually?'],
  ])('%s → %s', (before, after) => expect(saysTheSame(before, after)).toBe(true));

  test.each([
    ['do you want coffee', 'Do you want coffee or tea?'],
    ['you should do it', 'You should do it, not me.'],
    ['what is your rate', 'What was your rate?'],
    ['what is your rate for this', 'What is your rate'],
    ['can you start', 'Can you start in March?'],
    ['tell me about your art', 'tell me about your artificial hip'],
    ['', 'Anything.'],
    ['um', 'um'],
  ])('but not: %s → %s', (before, after) => expect(saysTheSame(before, after)).toBe(false));
});

describe('a later partial only completes the sentence', () => {
  test.each([
    ['what salary do you expect', 'What salary do you expect in your first year?'],
    ['Tell me about a time you failed', 'Tell me about a time you failed to meet a deadline.'],
    ['So. How do you work with your colleague', 'So. How do you work with your colleagues in Oslo?'],
  ])('%s → %s', (before, after) => expect(completes(before, after)).toBe(true));

  test.each([
    ['do you want coffee', 'Do you want coffee or tea?'],
    ['can you lower the price', "Can you lower the price if we don't take all of them?"],
    ['what is your price', 'What is your price without the service?'],
    ['what salary do you expect', 'What salary do you expect and when can you start?'],
    ['why did you leave', 'Why did you leave? Tell me about the team.'],
    ['what salary do you expect', 'What salary did you expect in your first year?'],
    ['tell me about a time', 'Tell me about a time you had to work through the night for a customer of yours'],
    ['', 'What now?'],
  ])('but not: %s → %s', (before, after) => expect(completes(before, after)).toBe(false));
});

describe('so much of a question is there that it may be clear', () => {
  test.each([
    'What salary do you expect in your first year',
    'So thanks for coming. Tell me about a time you led a team',
    'how did the people around you react',
  ])('%s', (text) => expect(asksSoFar(text)).toBe(true));

  test.each([
    'What salary do you expect',
    'What would your colleagues say about the',
    'I have been looking at the numbers of our team again',
    'Tell me about a time you led a team. And now',
    '',
  ])('but not: %s', (text) => expect(asksSoFar(text)).toBe(false));
});
