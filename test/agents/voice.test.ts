import { describe, expect, test } from 'vitest';
import type { Sound, Voice } from '../../src/core/ports.ts';
import { Problem } from '../../src/core/problem.ts';
import { every } from '../../src/core/views.ts';
import { type VirtualClock, virtualClock } from '../support/virtual-clock.ts';
import { ask, begin, draft, lastAdvice, other, quiet, stage, stopSpeaking, typed, user } from './stage.ts';

const date = { user: 'Jo', goal: 'Be curious', context: 'First date' };
const hello = user("hi i'm jo");
const question = other('do you want coffee or tea');

/** A voice of `pieces` pieces of `ms` each; each takes `work` ms of clock to make. */
function slowVoice(clock: VirtualClock, pieces: number, ms = 400, work = 100): Voice & { said: string[]; stopped: number } {
  const voice = {
    said: [] as string[],
    stopped: 0,
    async *speak(text: string, stop: AbortSignal): AsyncGenerator<Sound> {
      voice.said.push(text);
      stop.addEventListener('abort', () => {
        voice.stopped += 1;
      });
      for (let index = 0; index < pieces; index += 1) {
        try {
          await clock.sleep(work, stop);
        } catch {
          return;
        }
        yield { format: 'wav', data: Uint8Array.of(index), ms };
      }
    },
  };
  return voice;
}

const scene = async (pieces = 5, settings = {}) => {
  const clock = virtualClock(Date.parse('2030-01-01T10:00:00Z'));
  const voice = slowVoice(clock, pieces);
  return { ...(await stage({ ...date, settings }, { clock, voice })), voice };
};

describe('a suggestion is spoken', () => {
  test('piece by piece, in order, and the last one says so', async () => {
    const { play, clock, signals, talk, leave } = await scene(3);
    await play(hello, question);
    await clock.advance(5000);
    const about = lastAdvice(talk)!.seq;
    expect(signals('sound').map(({ about, index, last, data }) => [about, index, last, ...data])).toEqual([
      [about, 0, false, 0],
      [about, 1, false, 1],
      [about, 2, true, 2],
    ]);
    expect(signals('hush')).toEqual([]);
    expect(every(talk.entries, 'hushed')).toEqual([]);
    await leave();
  });

  test('in a silence, too, though the partner has only agreed to what was said before it', async () => {
    const { play, clock, voice, advice, leave } = await scene(3);
    await play(hello, user('we walked along the river for hours'), other('exactly'), quiet(5));
    await clock.advance(1000);
    expect(advice()).toEqual(['silence: Hand over: ask them one question about the river.']);
    expect(voice.said).toHaveLength(1);
    await leave();
  });

  test('not at all for those who want text only', async () => {
    const { play, clock, voice, advice, leave } = await scene(3, { text_only: true });
    await play(hello, question);
    await clock.advance(5000);
    expect(advice()).toHaveLength(1);
    expect(voice.said).toEqual([]);
    await leave();
  });

  test('I1 never while the user speaks: a hint stands as text at once, its sound waits for the pause', async () => {
    const { play, clock, advice, voice, leave } = await scene();
    await play(hello, begin, ask);
    await clock.advance(2000);
    expect(advice()).toHaveLength(1);
    expect(voice.said).toEqual([]);
    await play(stopSpeaking);
    expect(voice.said).toHaveLength(1);
    await leave();
  });

  test('a hint is not cut off by the words in which the user asked for it', async () => {
    const { play, clock, signals, talk, leave } = await scene();
    await play(hello, begin, ask, stopSpeaking);
    await clock.advance(150);
    await play(typed('user', 'and then i told them about the plan'));
    await clock.advance(4000);
    expect(signals('sound')).toHaveLength(5);
    expect(every(talk.entries, 'hushed')).toEqual([]);
    await leave();
  });
});

describe('a suggestion is cut off', () => {
  test('I2 by the onset of speech, before the next piece and without the clock moving on', async () => {
    const { play, clock, signals, talk, voice, leave } = await scene();
    await play(hello, question);
    await clock.advance(350);
    expect(signals('sound')).toHaveLength(2);
    const before = clock.now();
    await play(begin);
    expect(clock.now()).toBe(before);
    expect(signals('hush')).toEqual([{ type: 'hush', about: lastAdvice(talk)!.seq }]);
    expect(voice.stopped).toBe(1);
    await clock.advance(5000);
    expect(signals('sound')).toHaveLength(2);
    await leave();
  });

  test.each(['onset', 'stir'] as const)('I3 within a handful of microtasks, by an %s', async (type) => {
    const { talk, play, clock, signals, leave } = await scene();
    await play(hello, question);
    await clock.advance(350);
    talk.signal({ type, at: 1 });
    let turns = 0;
    for (; signals('hush').length === 0 && turns < 100; turns += 1) await Promise.resolve();
    expect(turns).toBeLessThan(40);
    await leave();
  });

  test('and does not claim that more was heard than can have been played', async () => {
    const { play, clock, talk, leave } = await scene();
    await play(hello, question);
    // pieces are made four times as fast as they play: 1,200 ms were sent, the first of them 250 ms ago
    await clock.advance(450);
    await play(begin);
    expect(every(talk.entries, 'hushed').map(({ about, heard }) => ({ about, heard }))).toEqual([{ about: lastAdvice(talk)!.seq, heard: 250 }]);
    await leave();
  });

  test('also after its last piece was sent, as long as it must still be playing', async () => {
    const { play, clock, talk, signals, leave } = await scene(2);
    await play(hello, question);
    await clock.advance(700);
    expect(signals('sound').at(-1)?.last).toBe(true);
    await play(begin);
    expect(every(talk.entries, 'hushed')).toMatchObject([{ heard: 500 }]);
    await leave();
  });

  test('but not once the listener says that it is over', async () => {
    const { play, clock, talk, signals, leave } = await scene(2);
    await play(hello, question);
    await clock.advance(700);
    await play(draft({ by: 'user', type: 'played', about: lastAdvice(talk)!.seq, state: 'ended', ms: 800 }), begin);
    expect(signals('hush')).toEqual([]);
    await leave();
  });

  test('by the next turn that is more than agreement', async () => {
    const { play, clock, talk, leave } = await scene();
    await play(hello, question);
    await clock.advance(350);
    await play(typed('other', 'mhm'));
    expect(every(talk.entries, 'hushed')).toEqual([]);
    await play(typed('user', 'i would like some tea with milk'));
    expect(every(talk.entries, 'hushed')).toHaveLength(1);
    await leave();
  });

  test('by going off the record and by the end', async () => {
    for (const last of [draft({ by: 'user', type: 'paused' }), draft({ by: 'user', type: 'ended', why: 'finish' })]) {
      const { play, clock, signals, leave } = await scene();
      await play(hello, question);
      await clock.advance(350);
      await play(last);
      expect(signals('hush')).toHaveLength(1);
      await leave();
    }
  });

  test('silently when the whole conversation is put away', async () => {
    const { play, clock, talk, signals, leave } = await scene();
    await play(hello, question);
    await clock.advance(350);
    await leave();
    expect(signals('hush')).toEqual([]);
    expect(talk.entries.at(-1)?.type).toBe('advised');
  });
});

describe('a voice that fails', () => {
  const failing = (failures: unknown[]): Voice => ({
    async *speak() {
      const failure = failures.shift();
      if (failure) throw failure;
      yield { format: 'wav', data: Uint8Array.of(1), ms: 400 };
    },
  });

  test('is reported once, leaves the text, and reports when it works again', async () => {
    const { play, talk, advice, leave } = await stage(date, {
      voice: failing([new Problem('voice_failed', 'The voice is out.'), new Error('boom')]),
    });
    await play(hello, question, ask, ask);
    await leave();
    expect(advice()).toHaveLength(3);
    expect(every(talk.entries, 'failed')).toMatchObject([{ part: 'voice', code: 'voice_failed', message: 'The voice is out.' }]);
    expect(every(talk.entries, 'recovered')).toMatchObject([{ part: 'voice' }]);
  });

  test('with a stranger’s error gets a sentence for people', async () => {
    const { play, talk, leave } = await stage(date, { voice: failing([new Error('ECONNRESET at 0x7f')]) });
    await play(hello, question);
    await leave();
    expect(every(talk.entries, 'failed')[0]?.message).toMatch(/^The voice could not speak this suggestion; suggestions go on as text/);
  });

  test('by giving no sound at all has failed too', async () => {
    const { play, talk, leave } = await stage(date, { voice: { async *speak() {} } });
    await play(hello, question);
    await leave();
    expect(every(talk.entries, 'failed')).toMatchObject([{ part: 'voice' }]);
  });

  test('halfway ends what was sent as a whole', async () => {
    const voice: Voice = {
      async *speak() {
        yield { format: 'wav', data: Uint8Array.of(1), ms: 400 };
        throw new Error('gone');
      },
    };
    const { play, signals, leave } = await stage(date, { voice });
    await play(hello, question, quiet(1));
    await leave();
    expect(signals('sound')).toMatchObject([{ index: 0, last: true }]);
  });
});
