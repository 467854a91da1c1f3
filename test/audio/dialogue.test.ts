import { afterAll, describe, expect, test } from 'vitest';
import { listening } from '../../src/audio/listening.ts';
import { findPocketsphinx, pocketsphinxTranscriber } from '../../src/engines/local/pocketsphinx.ts';
import { sileroDetectors } from '../../src/engines/local/silero.ts';
import { hearDialogue } from '../support/hear-dialogue.ts';
import { needs } from '../support/needs.ts';

const found = await findPocketsphinx();

describe('a dialogue of two voices, recorded as a browser would', () => {
  const transcriber = found && pocketsphinxTranscriber(found);
  afterAll(() => transcriber?.close());

  test('E1 every turn is found, every speaker is right, and three words of four', async (story) => {
    if (!transcriber) return story.skip(needs.pocketsphinx);
    const heard = await hearDialogue(listening({ clock: { now: () => 0, sleep: async () => undefined }, detector: sileroDetectors(), transcriber }));
    expect(heard.lines.map(({ who }) => who)).toEqual(heard.turns.map(({ who }) => who));
    for (const [index, line] of heard.lines.entries()) {
      expect(Math.abs(line.from - heard.turns[index]!.from)).toBeLessThan(300);
      expect(Math.abs(line.to - heard.turns[index]!.to)).toBeLessThan(400);
    }
    expect(heard.rightWords).toBeGreaterThanOrEqual(0.75);
  });
});
