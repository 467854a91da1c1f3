import { describe, expect, it } from 'vitest';
import { scriptedVoice, toneOf } from '../../src/engines/scripted/voice.ts';
import { heard, voiceContract } from '../contracts/voice.ts';
import { readWav } from '../support/wav.ts';

voiceContract('scripted', () => scriptedVoice());

describe('the scripted voice', () => {
  it('hums one tone a word, so that a listener can tell which piece it heard', async () => {
    const pieces = await heard(scriptedVoice(), 'One two three.');
    const crossings = pieces.map(({ data }) => {
      const { rate, samples } = readWav(data);
      let rising = 0;
      for (let index = 1; index < samples.length; index++) if (samples[index - 1]! <= 0 && samples[index]! > 0) rising++;
      return Math.round((rising * rate) / samples.length / 50) * 50;
    });
    expect(crossings).toEqual([toneOf(0), toneOf(1), toneOf(2)]);
  });

  it('breaks where its script says', async () => {
    const told: number[] = [];
    const speaking = (async () => {
      for await (const piece of scriptedVoice({ failsAt: () => 2 }).speak('a b c d', new AbortController().signal)) told.push(piece.ms);
    })();
    await expect(speaking).rejects.toThrow('breaks here');
    expect(told).toHaveLength(2);
  });
});
