import { describe, expect, test } from 'vitest';
import { sayable } from '../../src/agents/model-answer.ts';
import type { Sound, Voice } from '../../src/core/ports.ts';
import { every } from '../../src/core/views.ts';
import { foreseeing } from '../../src/engines/foreseeing.ts';
import { scriptedVoice } from '../../src/engines/scripted/voice.ts';
import { settled, type VirtualClock, virtualClock } from '../support/virtual-clock.ts';
import { typed, user } from './stage.ts';
import { type Answer, citing, speaks, thinkingStage } from './thinking-stage.ts';

const interview = { user: 'Jo', goal: 'Show that I can lead', settings: { cadence: 5 } };
const hello = user("hi i'm jo");
const question = 'Tell me about a time you led a team.';
const first = 'Name the release first.';
const second = 'Then say what it changed.';
const whisper = `${first} ${second}`;
/** Until its first sound a voice takes so long, in ms: longer than a model needs to prove what it says. */
const slow = 500;
/** … and to each further one so long, which is less than they sound. */
const pieceTakes = 100;

/** A voice that takes its time, and notes what it was asked; `breaks` is what it fails at. */
function slowVoice(clock: VirtualClock, breaks?: string) {
  const asked: { text: string; stop: AbortSignal }[] = [];
  const voice: Voice = {
    async *speak(text, stop): AsyncGenerator<Sound> {
      asked.push({ text, stop });
      await clock.sleep(slow, stop).catch(() => undefined);
      for await (const piece of scriptedVoice(text === breaks ? { failsAt: () => 0 } : {}).speak(text, stop)) {
        if (stop.aborted) return;
        yield piece;
        await clock.sleep(pieceTakes, stop).catch(() => undefined);
      }
    },
  };
  return { asked, voice };
}

/** Somebody is asked something, and a model answers them in two sentences. */
async function answered({ breaks, inOnePiece = false, ...what }: Answer & { breaks?: string; inOnePiece?: boolean } = {}) {
  const clock = virtualClock(Date.parse('2030-01-01T10:00:00Z'));
  const { asked, voice } = slowVoice(clock, breaks);
  const stage = await thinkingStage(interview, citing({ ear: whisper, ...what }), { clock, voice: foreseeing(voice, clock, { inOnePiece }) });
  await stage.play(hello, typed('other', question));
  return { ...stage, asked };
}

/** Lets the time go on until this is so, which is soon. */
async function until(clock: VirtualClock, isSo: () => boolean): Promise<void> {
  for (let step = 0; step < 500 && !isSo(); step += 1) await clock.advance(10);
}

/** How long it takes to the first sound, in ms. */
async function firstSound(stage: Awaited<ReturnType<typeof answered>>): Promise<number> {
  const from = stage.clock.now();
  await until(stage.clock, () => stage.signals('sound').length > 0);
  return stage.clock.now() - from;
}

describe('a whisper of two sentences', () => {
  test('is begun with the first while the second is still written, and is heard so much sooner', async () => {
    const stage = await answered();
    await until(stage.clock, () => stage.asked.length > 0);
    expect(stage.asked.map(({ text }) => text)).toEqual([first]);
    expect([stage.advice(), stage.signals('sound')]).toEqual([[], []]);
    await stage.clock.advance(3_000);
    expect(stage.asked.map(({ text }) => text)).toEqual([first, second]);
    expect(stage.advice()).toEqual([`answer: ${whisper}`]);
    await stage.leave();

    const [whole, parts] = [await answered({ inOnePiece: true }), await answered()];
    const [later, sooner] = [await firstSound(whole), await firstSound(parts)];
    expect(whole.asked.map(({ text }) => text)).toEqual([whisper]);
    // what is written of the second sentence behind the first: six tokens at sixty a second
    expect(later - sooner).toBeGreaterThanOrEqual(100);
    await Promise.all([whole.leave(), parts.leave()]);
  });

  test('is heard without a gap, in order, as one', async () => {
    const stage = await answered();
    await firstSound(stage);
    const since = stage.clock.now();
    await stage.clock.advance(slow + pieceTakes);
    // all of it is there long before what was sent at first has been heard
    const sounds = stage.signals('sound');
    expect(sounds.map(({ index }) => index)).toEqual(sounds.map((_, index) => index));
    expect(sounds.map(({ last }) => last)).toEqual(sounds.map((_, index) => index === sounds.length - 1));
    expect(sounds).toHaveLength(whisper.split(' ').length);
    expect(stage.clock.now() - since).toBeLessThan(first.split(' ').length * 250);
    await stage.leave();
  });

  test('is not heard at all where it turns out to rest on nothing, to be too long, or to be no whisper', async () => {
    const long = 'Say it slowly and then say it once more before they can ask again.';
    for (const wrong of [{ lines: [99] }, { ear: `${first} ${long}` }, { ear: `${first} See www.example.com now.` }, { kind: 'pace' }]) {
      const stage = await answered(wrong);
      await stage.clock.advance(400 + slow + 1_500);
      const spoken = stage.asked.filter(({ stop }) => !stop.aborted).map(({ text }) => text);
      expect(stage.asked[0]).toMatchObject({ text: first, stop: { aborted: true } });
      // what the rules say instead is another text
      expect(spoken.join(' ')).not.toContain('Name the release');
      expect(stage.advice().join()).not.toContain(first);
      await stage.leave();
    }
  });

  test('is given up with all of its sentences when the user begins to speak', async () => {
    const stage = await answered();
    await firstSound(stage);
    const sent = stage.signals('sound').length;
    expect(stage.asked.map(({ text }) => text)).toEqual([first, second]);
    stage.talk.signal({ type: 'onset', at: 10_000 });
    await settled();
    expect(stage.asked.map(({ stop }) => stop.aborted)).toEqual([true, true]);
    expect(stage.signals('hush')).toHaveLength(1);
    await stage.clock.advance(5_000);
    expect(stage.signals('sound')).toHaveLength(sent);
    await stage.leave();
  });

  test('is given up while it is made when the partner goes on', async () => {
    const clock = virtualClock(Date.parse('2030-01-01T10:00:00Z'));
    const { asked, voice } = slowVoice(clock);
    const stage = await thinkingStage(interview, citing({ ear: whisper }), { clock, voice: foreseeing(voice, clock) });
    await stage.play(hello);
    const from = clock.now() - Date.parse(stage.talk.entries[0]!.at);
    const speaker = { who: 'other', probability: 0.95 } as const;
    stage.talk.signal({ type: 'onset', at: from });
    stage.talk.signal({ type: 'partial', text: 'What would you like to earn?', from, speaker });
    await until(clock, () => asked.length > 0);
    stage.talk.signal({ type: 'partial', text: 'What would you like to earn? Or shall we first talk about', from, speaker });
    await settled();
    expect(asked.map(({ text, stop }) => [text, stop.aborted])).toEqual([[first, true]]);
    await stage.leave();
  });

  test('whose second sentence fails is heard as far as it came, and everybody is told', async () => {
    const stage = await answered({ breaks: second });
    await stage.clock.advance(5_000);
    const sounds = stage.signals('sound');
    expect(sounds.length).toBe(first.split(' ').length);
    expect(sounds.at(-1)).toMatchObject({ last: true });
    expect(every(stage.talk.entries, 'failed')).toMatchObject([{ part: 'voice' }]);
    await stage.leave();
  });

  test('may be thought ahead as well', async () => {
    const clock = virtualClock(Date.parse('2030-01-01T10:00:00Z'));
    const { asked, voice } = slowVoice(clock);
    const stage = await thinkingStage(interview, citing({ ear: whisper }), { clock, voice: foreseeing(voice, clock) });
    await stage.play(hello);
    await speaks(stage, question, { stops: true });
    await clock.advance(3_000);
    expect(asked.map(({ text }) => text)).toEqual([first, second]);
    expect(stage.signals('sound')).toHaveLength(whisper.split(' ').length);
    await stage.leave();
  });
});

describe('of an answer that comes a voice may begin to make', () => {
  test.each([
    ['', undefined],
    ['Name the release first.', undefined],
    ['Name the release first. ', undefined],
    ['Name the release first. T', { text: 'Name the release first.', more: true }],
    ['Ask about 3.5 million', undefined],
    ['Ask Dr. Wood about it', undefined],
    ['Yes. Say it again', undefined],
    ['Name the release first. <b', undefined],
  ])('of “%s”: %o', (begun, what) => expect(sayable({ state: 'open', speak: true, begun })).toEqual(what));

  test('nothing before it wants to speak at all, and all of it once it is complete', () => {
    expect(sayable({ state: 'open', begun: 'Name the release first. T' })).toBeUndefined();
    expect(sayable({ state: 'open', speak: false, ear: whisper })).toBeUndefined();
    expect(sayable({ state: 'open', speak: true, ear: ` ${whisper} ` })).toEqual({ text: whisper, more: false });
  });
});
