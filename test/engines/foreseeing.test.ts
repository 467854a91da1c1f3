import { describe, expect, it } from 'vitest';
import type { Voice } from '../../src/core/ports.ts';
import { foreseeing } from '../../src/engines/foreseeing.ts';
import { scriptedVoice } from '../../src/engines/scripted/voice.ts';
import { heard, voiceContract } from '../contracts/voice.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';

const never = new AbortController().signal;

voiceContract('foreseeing', () => foreseeing(scriptedVoice(), virtualClock()));

/** A voice that notes what it was asked, and gives its pieces when the clock says so. */
function slow(failsAt?: (ask: number) => number | undefined, inOnePiece = false) {
  const clock = virtualClock();
  const asked: { text: string; stop: AbortSignal }[] = [];
  const voice: Voice = {
    async *speak(text, stop) {
      const ask = asked.push({ text, stop });
      for await (const piece of scriptedVoice({ failsAt: () => failsAt?.(ask) }).speak(text, stop)) {
        await clock.sleep(100, stop).catch(() => undefined);
        if (stop.aborted) return;
        yield piece;
      }
    },
  };
  return { clock, asked, voice: foreseeing(voice, clock, { keep: 5_000, inOnePiece }) };
}

describe('a voice that foresees', () => {
  it('has ready what was foreseen, and makes it once', async () => {
    const { voice, clock, asked } = slow();
    voice.prepare('one two three', never);
    await clock.advance(300);
    expect(await heard(voice, 'one two three')).toEqual(await heard(scriptedVoice(), 'one two three'));
    expect(asked.map(({ text }) => text)).toEqual(['one two three']);
  });

  it('goes on with what is half made', async () => {
    const { voice, clock, asked } = slow();
    voice.prepare('one two three', never);
    await clock.advance(150);
    const speaking = heard(voice, 'one two three');
    await clock.advance(150);
    expect(await speaking).toHaveLength(3);
    expect(asked).toHaveLength(1);
  });

  it('makes it anew when it is spoken again, or when something else is', async () => {
    const { voice, clock, asked } = slow();
    voice.prepare('one two', never);
    await clock.advance(200);
    await heard(voice, 'one two');
    const again = heard(voice, 'one two');
    await clock.advance(200);
    const other = heard(voice, 'three');
    await clock.advance(200);
    expect([(await again).length, (await other).length]).toEqual([2, 1]);
    expect(asked.map(({ text }) => text)).toEqual(['one two', 'one two', 'three']);
  });

  it('holds one text at a time: the one before is let go, the same one stays', async () => {
    const { voice, clock, asked } = slow();
    voice.prepare('one two', never);
    voice.prepare('one two', never);
    voice.prepare('one three', never);
    await clock.advance(200);
    expect(asked.map(({ text, stop }) => [text, stop.aborted])).toEqual([
      ['one two', true],
      ['one three', false],
    ]);
  });

  it('lets go what nobody wants within seconds, and what was told to stop', async () => {
    const { voice, clock, asked } = slow();
    voice.prepare('one two', never);
    await clock.advance(5_000);
    expect(asked[0]!.stop.aborted).toBe(true);
    const draft = new AbortController();
    voice.prepare('one two', draft.signal);
    await settled();
    draft.abort();
    expect(asked[1]!.stop.aborted).toBe(true);
    const speaking = heard(voice, 'one two');
    await clock.advance(200);
    expect([(await speaking).length, asked.length, clock.sleepers]).toEqual([2, 3, 0]);
  });

  it('once spoken, only who listens can stop it, and then nothing is made any more', async () => {
    const { voice, clock, asked } = slow();
    const draft = new AbortController();
    const listener = new AbortController();
    voice.prepare('one two three', draft.signal);
    await clock.advance(100);
    const speaking = heard(voice, 'one two three', listener.signal);
    await settled();
    draft.abort();
    await clock.advance(100);
    expect(asked[0]!.stop.aborted).toBe(false);
    listener.abort();
    expect(await speaking).toHaveLength(2);
    expect([asked[0]!.stop.aborted, clock.sleepers]).toEqual([true, 0]);
  });

  it('what failed before it was wanted is tried anew; what fails while it is spoken says so', async () => {
    const { voice, clock, asked } = slow((ask) => (ask === 1 ? 0 : ask === 3 ? 1 : undefined));
    voice.prepare('one two', never);
    await clock.advance(100);
    const first = heard(voice, 'one two');
    await clock.advance(200);
    expect([(await first).length, asked.length]).toEqual([2, 2]);
    voice.prepare('one two', never);
    const second = expect(heard(voice, 'one two')).rejects.toThrow('breaks here');
    await clock.advance(200);
    await second;
    expect(asked).toHaveLength(3);
  });
});
