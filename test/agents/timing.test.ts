import { describe, expect, test } from 'vitest';
import { settled, virtualClock } from '../support/virtual-clock.ts';
import { ask, begin, draft, lastAdvice, other, quiet, stage, stopSpeaking, typed, user } from './stage.ts';

const date = { user: 'Jo', goal: 'Be curious, talk about travelling', context: 'First date' };
const hello = user("hi i'm jo");

describe('the coach keeps quiet', () => {
  test('T1 about the line that teaches the service a voice', async () => {
    const { play, passes, leave } = await stage(date);
    await play(hello);
    await leave();
    expect(passes()).toEqual(['opening_line']);
  });

  test('T2 while the user is speaking', async () => {
    const { talk, play, passes, advice, leave } = await stage(date);
    await play(hello, begin);
    await talk.append({
      by: 'user',
      type: 'said',
      via: 'voice',
      text: 'do you want coffee or tea',
      speaker: { who: 'other', probability: 0.9 },
      from: 0,
      to: 2,
    });
    await play(begin);
    expect(advice()).toEqual([]);
    expect(passes()).toEqual(['opening_line', 'user_speaking']);
    await leave();
  });

  test('T3 about a question the user has begun to answer before its words came', async () => {
    const { talk, clock, play, passes, leave } = await stage(date);
    await play(hello, begin);
    const from = clock.now() - Date.parse(talk.entries[0]!.at);
    await clock.advance(3000);
    await play(stopSpeaking);
    await talk.append({
      by: 'user',
      type: 'said',
      via: 'voice',
      text: 'do you want coffee or tea',
      speaker: { who: 'other', probability: 0.9 },
      from: from - 2000,
      to: from - 500,
    });
    await play(quiet(1));
    expect(passes()).toEqual(['opening_line', 'turn_passed']);
    await leave();
  });

  test('T-late a question that was spoken while the line was down is none to whisper about when it comes at last', async () => {
    for (const [late, wanted] of [
      [40_000, []],
      [4_000, ['answer']],
    ] as const) {
      const { talk, news, play, leave } = await stage();
      await play(user("Hi, I'm Alex"));
      const speaker = { who: 'other', probability: 0.9 } as const;
      await talk.append({ by: 'ear', type: 'said', via: 'voice', text: 'Why should we hire you?', from: 9_000, to: 10_000, speaker, late });
      await play(quiet(1));
      expect(news.flatMap((each) => (each.type === 'advised' ? [each.kind] : []))).toEqual(wanted);
      await leave();
    }
  });

  test('T4 about a turn that has passed: only the newer of two lines is looked at', async () => {
    const { talk, play, passes, advice, leave } = await stage(date);
    await play(hello);
    const speaker = { who: 'other', probability: 0.9 } as const;
    await Promise.all([
      // what comes while this is written down is written down together
      talk.append({ by: 'house', type: 'recovered', part: 'storage', message: 'The storage answers again.' }),
      talk.append({ by: 'user', type: 'said', via: 'text', text: 'do you want coffee or tea', speaker }),
      talk.append({ by: 'user', type: 'said', via: 'text', text: 'why did you come to the party', speaker }),
    ]);
    await play(stopSpeaking);
    expect(passes()).toEqual(['opening_line', 'turn_passed']);
    expect(advice()).toEqual(['answer: Why the party: one honest reason, then one short example.']);
    await leave();
  });

  test('T5 twice within twenty seconds, and not at the twentieth', async () => {
    const { play, passes, advice, leave } = await stage(date);
    await play(hello, other('do you want coffee or tea', 2), user('tea please', 2), other('why did you come to the party', 14));
    expect(passes().at(-1)).toBe('too_soon');
    await play(other('why did you come to the party', 3));
    expect(advice()).toEqual([
      'answer: Coffee or tea: choose first, then say why.',
      'answer: Why the party: one honest reason, then one short example.',
    ]);
    await leave();
  });

  test.each([
    [0, ['cadence_off']],
    [1, ['too_soon']],
    [2, []],
    [5, []],
  ])('T6 as the user set it: cadence %i, twenty-five seconds after the last suggestion', async (cadence, reasons) => {
    const { talk, play, passes, leave } = await stage({ ...date, settings: { cadence } });
    await play(hello, ask, typed('user', 'tea please'), quiet(1), other('why did you come to the party', 24));
    const since = passes().slice(2);
    expect(since).toEqual(reasons);
    expect(lastAdvice(talk)?.kind).toBe(reasons.length > 0 ? 'hint' : 'answer');
    await leave();
  });

  test('T7 with the same words it has already said', async () => {
    const { play, advice, leave } = await stage(date);
    const question = other('when did you arrive', 30);
    await play(hello, question, user('a while ago', 2), question, user('a while ago', 2), question, user('a while ago', 2), question);
    await leave();
    expect(advice()).toEqual([
      'answer: They asked "when": give one date or number you can keep.',
      'answer: "when": name the date first, then explain.',
    ]);
  });

  test('T8 off the record, even when asked', async () => {
    const { play, advice, passes, leave } = await stage(date);
    await play(hello, draft({ by: 'user', type: 'paused' }), other('do you want coffee or tea'), ask, quiet(20));
    expect(advice()).toEqual([]);
    expect(passes()).toEqual(['opening_line', 'paused', 'paused']);
    await play(draft({ by: 'user', type: 'resumed' }), other('why did you come to the party'));
    expect(advice()).toHaveLength(1);
    await leave();
  });

  test('T17 silence off the record is none: it counts from when it is on the record again', async () => {
    const { play, talk, advice, leave } = await stage(date);
    await play(hello, other('i moved here from Lisbon for my studies'), draft({ by: 'user', type: 'paused' }), quiet(20));
    await play(draft({ by: 'user', type: 'resumed' }), quiet(3, 20));
    expect(advice()).toEqual([]);
    await play(quiet(1, 23));
    expect(advice()).toEqual(['silence: Ask them one question about Lisbon.']);
    expect(talk.entries.at(-1)).toMatchObject({ type: 'advised', reason: expect.stringMatching(/^It has been quiet for 4 seconds/) });
    await leave();
  });

  test('T9 after the end, and leaves', async () => {
    const { talk, left, play, leave } = await stage(date);
    await play(hello, draft({ by: 'user', type: 'ended', why: 'finish' }));
    await left;
    expect(talk.entries.at(-1)?.type).toBe('ended');
    await leave();
  });

  test('T10 about agreement that asks for nothing', async () => {
    const { play, passes, leave } = await stage(date);
    await play(hello, other('mhm'), other('yeah sure'), other('okay'));
    await leave();
    expect(passes()).toEqual(['opening_line', 'nothing_to_add', 'nothing_to_add', 'nothing_to_add']);
  });

  test('T11 in a second silence about the same turn', async () => {
    const { play, advice, leave } = await stage(date);
    await play(hello, other('i moved here from Lisbon'), quiet(50), quiet(50));
    await leave();
    expect(advice()).toEqual(['silence: Ask them one question about Lisbon.']);
  });

  test('T12 in a silence while words are still on their way', async () => {
    const { play, advice, leave } = await stage(date);
    await play(hello, other('i moved here from Lisbon'), begin, stopSpeaking, quiet(5));
    expect(advice()).toEqual([]);
    await play(quiet(8));
    expect(advice()).toHaveLength(1);
    await leave();
  });

  test('T12b in a silence after which a slow recogniser still owes the words, however long it lasts', async () => {
    const { talk, play, advice, leave } = await stage(date);
    await play(hello, other('i moved here from Lisbon'), begin, stopSpeaking);
    const silence = (ms: number, more: { behind?: true } = {}) => talk.signal({ type: 'quiet', at: 20_000 + ms, ms, ...more });
    for (const ms of [9_000, 20_000]) silence(ms, { behind: true });
    await settled();
    expect(advice()).toEqual([]);
    silence(21_000);
    await settled();
    expect(advice()).toHaveLength(1);
    await leave();
  });
});

describe('words come late', () => {
  const speaker = { who: 'other', probability: 0.9 } as const;

  test('T13 a long turn that is heard in pieces gets its advice when it is over', async () => {
    const { talk, clock, play, passes, advice, leave } = await stage(date);
    await play(hello, quiet(1), begin);
    const from = clock.now() - Date.parse(talk.entries[0]!.at);
    await clock.advance(8500);
    await talk.append({ by: 'ear', type: 'said', via: 'voice', text: 'why did you come to the party', speaker, from, to: from + 8000 });
    await clock.advance(2000);
    await play(stopSpeaking);
    await talk.append({ by: 'ear', type: 'said', via: 'voice', text: 'i only know the host', speaker, from: from + 8000, to: from + 10_450 });
    await play(quiet(1));
    expect(passes()).toEqual(['opening_line', 'too_soon']);
    expect(advice()).toEqual(['answer: Why the party: one honest reason, then one short example.']);
    await leave();
  });

  test('T14 words without a place, as a browser hands them in, belong to what was heard last', async () => {
    const { play, advice, leave } = await stage(date);
    await play(hello, quiet(1), begin, quiet(1), begin, stopSpeaking, typed('other', 'do you want coffee or tea'));
    expect(advice()).toHaveLength(1);
    await leave();
  });
});

describe('on a slow disk', () => {
  const slow = async () => {
    const clock = virtualClock(Date.parse('2030-01-01T10:00:00Z'));
    let work = 0;
    const here = stage(date, { clock, save: () => clock.sleep(work, new AbortController().signal) });
    await clock.advance(0);
    work = 400;
    return { ...(await here), clock };
  };

  test('a hint that is on its way answers the second tap', async () => {
    const { talk, clock, advice, leave } = await slow();
    const taps = [talk.append({ by: 'user', type: 'asked', what: 'hint' }), talk.append({ by: 'user', type: 'asked', what: 'hint' })];
    await clock.advance(3000);
    await Promise.all(taps);
    expect(advice()).toHaveLength(1);
    await leave();
  });

  test('a suggestion that is on its way already counts for the silence that follows', async () => {
    const { talk, clock, advice, leave } = await slow();
    const turn = talk.append({
      by: 'user',
      type: 'said',
      via: 'voice',
      text: 'do you want coffee or tea',
      speaker: { who: 'other', probability: 1 },
      from: 0,
      to: 2000,
    });
    await clock.advance(400);
    await turn;
    talk.signal({ type: 'quiet', at: 6000, ms: 4000 });
    await clock.advance(3000);
    expect(advice()).toHaveLength(1);
    await leave();
  });
});

describe('the coach speaks', () => {
  test('when asked, at once, however often it has just spoken and while the user talks', async () => {
    const { talk, play, advice, leave } = await stage({ ...date, settings: { cadence: 0 } });
    await play(hello, begin, ask);
    expect(advice()).toHaveLength(1);
    await play(stopSpeaking, ask, ask);
    expect(advice()).toHaveLength(3);
    expect(lastAdvice(talk)?.kind).toBe('hint');
    await leave();
  });

  test('once for a hint that was tapped twice before it came', async () => {
    const { talk, play, advice, leave } = await stage(date);
    await play(hello);
    await Promise.all([talk.append({ by: 'user', type: 'asked', what: 'hint' }), talk.append({ by: 'user', type: 'asked', what: 'hint' })]);
    await play(quiet(1));
    expect(advice()).toHaveLength(1);
    await leave();
  });

  test('more rarely with a kind that was found of no use: each such word doubles its rest', async () => {
    const speak = async (useful: boolean | undefined) => {
      const { talk, play, advice, leave } = await stage(date);
      await play(hello, other('do you want coffee or tea', 2));
      if (useful !== undefined) await play(draft({ by: 'user', type: 'rated', about: lastAdvice(talk)!.seq, useful }));
      await play(user('tea please', 2), other('why did you come to the party', 25));
      await leave();
      return advice().length;
    };
    expect(await Promise.all([speak(undefined), speak(true), speak(false)])).toEqual([2, 2, 1]);
  });

  test('about a line as it reads after it was corrected', async () => {
    const { talk, play, advice, leave } = await stage(date);
    await play(hello, other('i moved here from Lissabon'));
    const heard = talk.entries.findLast((entry) => entry.type === 'said')!;
    await play(draft({ by: 'user', type: 'corrected', of: heard.seq, text: 'i moved here from Leipzig' }), quiet(4));
    await leave();
    expect(advice()).toEqual(['silence: Ask them one question about Leipzig.']);
  });
});
