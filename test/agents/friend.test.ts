import { describe, expect, test } from 'vitest';
import type { Sound, Voice } from '../../src/core/ports.ts';
import { virtualClock } from '../support/virtual-clock.ts';
import { begin, draft, other, stage, stopSpeaking, user } from './stage.ts';

const whisper = (text: string) => draft({ by: 'friend 1', type: 'whispered', text, name: 'Ben' });

/** The coach with a voice that takes a tenth of a second and speaks for one. */
async function scene() {
  const clock = virtualClock(Date.parse('2030-01-01T10:00:00Z'));
  const said: string[] = [];
  const voice: Voice = {
    async *speak(text, stop): AsyncGenerator<Sound> {
      said.push(text);
      await clock.sleep(100, stop).catch(() => undefined);
      if (!stop.aborted) yield { format: 'wav', data: Uint8Array.of(1), ms: 1_000 };
    },
  };
  return { ...(await stage({ user: 'Jo', goal: 'Be curious', context: 'First date' }, { clock, voice })), said };
}

describe('what a friend whispers', () => {
  test('F1 is spoken at once, as theirs, where the user is quiet', async () => {
    const { play, clock, said, signals, talk, leave } = await scene();
    await play(user("hi i'm jo"), whisper('ask about Rome'));
    await clock.advance(2_000);
    expect(said).toEqual(['From Ben: ask about Rome']);
    const { seq } = talk.entries.findLast(({ type }) => type === 'whispered')!;
    expect(signals('sound').map(({ about, last }) => [about, last])).toEqual([[seq, true]]);
    await leave();
  });

  test('F2 never while the user speaks: it waits for the pause, also where the other one says something meanwhile', async () => {
    const { play, clock, said, leave } = await scene();
    await play(user("hi i'm jo"), begin, whisper('ask about Rome'));
    await clock.advance(1_000);
    expect(said).toEqual([]);
    await play(stopSpeaking);
    expect(said).toEqual(['From Ben: ask about Rome']);
    await leave();
  });

  test('F3 is cut off when the user begins to speak, and not begun anew by whoever sits down later', async () => {
    const { play, clock, signals, talk, leave } = await scene();
    await play(user("hi i'm jo"), whisper('ask about Rome'));
    await clock.advance(300);
    await play(begin);
    expect(signals('hush')).toHaveLength(1);
    await leave();
    const again = await stage({}, { past: [...talk.entries], clock });
    await again.play(stopSpeaking, other('do you want coffee or tea'));
    expect(again.signals('sound')).toEqual([]);
    await again.leave();
  });
});
