import { describe, expect, test } from 'vitest';
import { every } from '../../src/core/views.ts';
import { ask, begin, draft, other, quiet, stopSpeaking, typed, user } from './stage.ts';
import { answer, citing, linesIn, silent, thinkingStage } from './thinking-stage.ts';

const interview = { user: 'Jo', goal: 'Show that I can lead', context: 'Interview at Northwind' };
const hello = user("hi i'm jo");
const question = other('tell me about a time you led a team');

describe('a turn waits for what the model thinks', () => {
  test('and the whisper is what it thought of, with the line that it rests on', async () => {
    const { play, clock, talk, advice, passes, model, leave } = await thinkingStage(
      interview,
      citing({ ear: 'Tell them about the release you led.' }),
    );
    await play(hello, question);
    expect(advice()).toEqual([]);
    expect(model.open).toBe(1);
    await clock.advance(2000);
    expect(advice()).toEqual(['answer: Tell them about the release you led.']);
    const said = every(talk.entries, 'said').at(-1)!;
    expect(every(talk.entries, 'advised')).toMatchObject([
      { about: said.seq, evidence: [said.seq], reason: 'The language model thought of it at "tell me about a time you led a team".' },
    ]);
    expect(passes()).toEqual(['opening_line']);
    await leave();
  });

  test('its whisper is there before its line for the screen, which is noted behind it', async () => {
    const screen = 'They want to hear how you decide under pressure: name the release, the risk and what you gave up.';
    const { play, clock, talk, advice, leave } = await thinkingStage(interview, citing({ screen }));
    await play(hello, question);
    await clock.advance(900);
    expect(advice()).toHaveLength(1);
    expect(every(talk.entries, 'elaborated')).toEqual([]);
    await clock.advance(1000);
    expect(every(talk.entries, 'elaborated')).toMatchObject([{ of: every(talk.entries, 'advised')[0]!.seq, text: screen }]);
    await leave();
  });

  test('it may only add silence, and says so', async () => {
    const { play, clock, advice, passes, leave } = await thinkingStage(interview, () => silent);
    await play(hello, question);
    await clock.advance(2000);
    expect(advice()).toEqual([]);
    expect(passes()).toEqual(['opening_line', 'model_kept_quiet']);
    await leave();
  });

  test('somebody who begins to speak meanwhile is not spoken to, and the model need not go on', async () => {
    const { play, clock, advice, passes, model, leave } = await thinkingStage(interview, citing());
    await play(hello, question);
    await clock.advance(100);
    await play(begin);
    expect(passes()).toEqual(['opening_line', 'user_speaking']);
    expect([model.open, model.stopped]).toEqual([0, 1]);
    await clock.advance(5000);
    expect(advice()).toEqual([]);
    await leave();
  });

  test('the next turn is another moment, an agreement is none', async () => {
    const { play, clock, advice, passes, leave } = await thinkingStage(interview, citing());
    await play(hello, typed('other', 'tell me about a time you led a team'), typed('other', 'mhm'));
    expect(passes()).toEqual(['opening_line', 'nothing_to_add']);
    await play(typed('other', 'and how big was it?'));
    expect(passes()).toEqual(['opening_line', 'nothing_to_add', 'turn_passed']);
    await clock.advance(2000);
    expect(advice()).toEqual(['answer: Name one real example first.']);
    await leave();
  });

  test('nothing is asked where nothing could be said: too soon, the user’s own turn, off the record, cadence 0', async () => {
    const { play, clock, model, passes, leave } = await thinkingStage(interview, citing());
    await play(hello, question);
    await clock.advance(2000);
    await play(other('and what did you learn from that'), user('well i learned to listen'));
    expect(passes().slice(1)).toEqual(['too_soon', 'own_turn']);
    expect(model.asked).toHaveLength(1);
    await leave();
    const never = await thinkingStage({ ...interview, settings: { cadence: 0 } }, citing());
    await never.play(hello, question);
    expect(never.passes()).toEqual(['opening_line', 'cadence_off']);
    expect(never.model.asked).toHaveLength(0);
    await never.leave();
  });

  test('going off the record and the end stop it', async () => {
    const { play, passes, model, leave } = await thinkingStage(interview, citing());
    await play(hello, question, draft({ by: 'user', type: 'paused' }));
    expect(passes()).toEqual(['opening_line', 'paused']);
    await play(draft({ by: 'user', type: 'resumed' }), question, draft({ by: 'user', type: 'ended', why: 'finish' }));
    expect([model.asked.length, model.open, model.stopped]).toEqual([2, 0, 2]);
    await leave();
  });

  test('what was taken off the record is thought of no more', async () => {
    const { play, talk, clock, model, advice, leave } = await thinkingStage(interview, citing());
    await play(hello, typed('other', 'the secret word is rumpelstiltskin'), other('so tell me about a time you led a team'));
    const secret = every(talk.entries, 'said').find(({ text }) => text.includes('rumpel'))!.seq;
    await talk.forget({ by: 'user' }, () => [secret]);
    await clock.advance(3000);
    expect(model.asked.at(-2)!.messages[0]!.text).toContain('rumpelstiltskin');
    expect(model.asked.at(-1)!.messages[0]!.text).not.toContain('rumpelstiltskin');
    expect(linesIn(model.asked.at(-1)!)).not.toContain(secret);
    expect(advice()).toHaveLength(1);
    await leave();
  });
});

describe('a hint', () => {
  test('is thought of by the model, and no turn meanwhile takes its place', async () => {
    const { play, clock, advice, passes, leave } = await thinkingStage(interview, citing({ ear: 'Ask how the team works.' }));
    await play(hello, ask, typed('other', 'what is your hourly rate?'));
    await clock.advance(2000);
    expect(advice()).toEqual(['hint: Ask how the team works.']);
    expect(passes()).toEqual(['opening_line', 'too_soon']);
    await leave();
  });

  test('is never nothing: where the model finds silence better the rules give it', async () => {
    const { play, clock, advice, leave } = await thinkingStage(interview, () => silent);
    await play(hello, ask);
    await clock.advance(2000);
    expect(advice()).toHaveLength(1);
    expect(advice()[0]).toMatch(/^hint: /);
    await leave();
  });

  test('asked for while a turn is thought about comes first', async () => {
    const { play, clock, advice, passes, leave } = await thinkingStage(interview, citing());
    await play(hello, question, ask);
    await clock.advance(2000);
    expect(advice()).toEqual(['hint: Name one real example first.']);
    expect(passes()).toEqual(['opening_line', 'too_soon']);
    await leave();
  });

  test('waits with its sound while the user speaks', async () => {
    const { play, clock, advice, leave } = await thinkingStage(interview, citing());
    await play(hello, begin, ask);
    await clock.advance(2000);
    expect(advice()).toHaveLength(1);
    await play(stopSpeaking);
    await leave();
  });
});

describe('a silence', () => {
  test('is broken by what the model thought of, once', async () => {
    const { play, advice, model, leave } = await thinkingStage(interview, citing({ ear: 'Ask about their roadmap.' }));
    await play(hello, user('we walked along the river for hours'), quiet(15));
    expect(advice()).toEqual(['silence: Ask about their roadmap.']);
    expect(model.asked).toHaveLength(1);
    await leave();
  });

  test('stays where the model finds it good, and it is asked once', async () => {
    const { play, advice, model, leave } = await thinkingStage(interview, () => silent);
    await play(hello, user('we walked along the river for hours'), quiet(20));
    expect(advice()).toEqual([]);
    expect(model.asked).toHaveLength(1);
    await leave();
  });
});

describe('a model that does not help', () => {
  const rules = /^answer: /;

  test.each([
    ['hangs before its first word', 0, 3_350],
    ['hangs in the middle', 4, 8_350],
  ])('%s: the rules serve within the deadline and a quarter of a second', async (_, after, most) => {
    const { play, clock, talk, advice, model, leave } = await thinkingStage(interview, citing());
    await play(hello);
    model.fault({ type: 'hangs', after });
    await play(question);
    const before = clock.now();
    await clock.advance(9_000);
    expect(advice()).toHaveLength(1);
    expect(advice()[0]).toMatch(rules);
    expect(Date.parse(every(talk.entries, 'advised')[0]!.at) - before).toBeLessThanOrEqual(most - 100);
    expect(every(talk.entries, 'failed')).toMatchObject([{ part: 'brain', code: 'brain_failed' }]);
    expect(model.open).toBe(0);
    await leave();
  });

  test('is reported once and reports once when it is back', async () => {
    let count = 0;
    const { play, clock, talk, advice, model, leave } = await thinkingStage(interview, (prompt) => citing({ ear: `Idea ${++count}.` })(prompt));
    model.fail();
    await play(hello, question);
    await clock.advance(30_000);
    await play(other('what is your hourly rate'));
    await clock.advance(30_000);
    model.recover();
    await play(other('why do you want to leave your job'));
    await clock.advance(30_000);
    await play(other('when could you start'));
    await clock.advance(30_000);
    expect(advice()).toHaveLength(4);
    expect(every(talk.entries, 'failed')).toHaveLength(1);
    expect(every(talk.entries, 'recovered')).toMatchObject([{ part: 'brain', message: 'The language model advises again.' }]);
    await leave();
  });

  test.each([
    ['cites a line that does not exist', answer({ lines: [99] })],
    ['cites none', answer({ lines: [] })],
    ['is too long for an ear', answer({ ear: 'one two three four five six seven eight nine ten eleven twelve thirteen' })],
    ['claims to have measured', answer({ kind: 'fillers' })],
    ['sends a link', answer({ ear: 'Look at https://evil.example now.' })],
    ['sends markup', answer({ ear: 'Say <b>yes</b> now.' })],
    ['sends signs that steer', answer({ ear: 'Say yes\u202e now.' })],
    ['says more than it was asked', answer().replace('{', '{"tool":"x",')],
    ['talks', 'Sure! You could say that.'],
    ['says nothing', ''],
    ['ends in the middle', answer().slice(0, 40)],
  ])('%s: the rules serve', async (_, text) => {
    const { play, clock, talk, advice, leave } = await thinkingStage(interview, () => text);
    await play(hello, question);
    await clock.advance(9_000);
    expect(advice()).toHaveLength(1);
    expect(advice()[0]).not.toContain('Name one real example first');
    expect(every(talk.entries, 'failed')).toHaveLength(1);
    await leave();
  });

  test('what was whispered stands where the rest of the answer is lost', async () => {
    const { play, clock, talk, advice, model, leave } = await thinkingStage(
      interview,
      citing({ screen: 'A line that is never complete, because the model breaks.' }),
    );
    model.fault({ type: 'cut', after: 28 });
    await play(hello, question);
    await clock.advance(9_000);
    expect(advice()).toEqual(['answer: Name one real example first.']);
    expect([every(talk.entries, 'failed'), every(talk.entries, 'elaborated')]).toEqual([[], []]);
    await leave();
  });
});
