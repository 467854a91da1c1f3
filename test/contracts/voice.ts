import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Sound, Voice } from '../../src/core/ports.ts';
import { joined, readWav } from '../support/wav.ts';

const never = new AbortController().signal;
const SENTENCE = 'Ask her about the new job before you talk about money, and then wait for the answer. It may take a moment.';

/** Everything a voice says, as an array. */
export async function heard(voice: Voice, text: string, stop: AbortSignal = never): Promise<Sound[]> {
  const pieces: Sound[] = [];
  for await (const piece of voice.speak(text, stop)) pieces.push(piece);
  return pieces;
}

/** What every voice promises, whoever makes it. */
export function voiceContract(name: string, make: () => Voice & { close?(): Promise<void> }): void {
  describe(`${name}: what every voice promises`, { timeout: 30_000 }, () => {
    const voice = make();
    afterAll(() => voice.close?.());

    it('speaks in complete WAV files of 0.2 to 0.5 s that say how long they are', async () => {
      const pieces = await heard(voice, SENTENCE);
      expect(pieces.length).toBeGreaterThan(3);
      for (const piece of pieces) {
        const { rate, samples } = readWav(piece.data);
        expect(piece.format).toBe('wav');
        expect([8000, 16_000, 24_000]).toContain(rate);
        expect(piece.ms).toBeCloseTo((samples.length * 1000) / rate, 3);
        expect(piece.ms).toBeGreaterThanOrEqual(200);
        expect(piece.ms).toBeLessThanOrEqual(501);
      }
    });

    it('joins its pieces without a click', async () => {
      const pieces = (await heard(voice, SENTENCE)).map((piece) => readWav(piece.data).samples);
      const whole = joined(pieces);
      let steepest = 0;
      const joints = new Set<number>();
      let at = 0;
      for (const piece of pieces.slice(0, -1)) {
        at += piece.length;
        joints.add(at);
      }
      for (let index = 1; index < whole.length; index++)
        if (!joints.has(index)) steepest = Math.max(steepest, Math.abs(whole[index]! - whole[index - 1]!));
      for (const joint of joints) expect(Math.abs(whole[joint]! - whole[joint - 1]!)).toBeLessThanOrEqual(steepest);
    });

    it('says the same text the same way', async () => {
      expect(await heard(voice, SENTENCE)).toEqual(await heard(voice, SENTENCE));
    });

    it('stopped in the middle gives nothing more, and it is no failure', async () => {
      const control = new AbortController();
      const pieces: Sound[] = [];
      for await (const piece of voice.speak(SENTENCE, control.signal)) {
        pieces.push(piece);
        if (pieces.length === 2) control.abort();
      }
      expect(pieces).toHaveLength(2);
    });

    it('stopped before the first piece gives none', async () => {
      const control = new AbortController();
      expect(await heard(voice, SENTENCE, AbortSignal.abort())).toEqual([]);
      const pieces = heard(voice, SENTENCE, control.signal);
      control.abort();
      // one that had its first piece at hand may have given it before it was told
      expect((await pieces).length).toBeLessThanOrEqual(1);
    });

    it('left by its reader can be asked again', async () => {
      for await (const _ of voice.speak(SENTENCE, never)) break;
      expect((await heard(voice, 'Well done.')).length).toBeGreaterThan(0);
    });

    it.each([
      ['nothing', ''],
      ['only white space', ' \n\t '],
      ['only signs', '… — ?! ***'],
      ['only an emoji', '👍🏽'],
    ])('is silent when there is %s to say', async (_, text) => {
      expect(await heard(voice, text)).toEqual([]);
    });

    it.each([
      ['options', '-o /etc/passwd'],
      ['options of its own', '--help -lv -voicedump x -voice nobody'],
      ['control characters', 'a\0b\u0007c\u001b[2Jd'],
      ['markup', '<speak><audio src="file:///etc/passwd"/></speak> & "quotes" \'n\' `ticks` $(id)'],
      ['format signs', '%s%n%x %d 100%'],
      ['an emoji inside', 'Nice 👩‍👩‍👧 work'],
      ['accents', 'Zoë’s naïve café costs €5'],
      ['half a character', `well ${'\ud83d'} done`],
    ])('speaks a text with %s harmlessly', async (_, text) => {
      expect((await heard(voice, text)).length).toBeGreaterThan(0);
    });

    it('survives whatever is written', async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async (text) => {
          for (const piece of await heard(voice, text)) expect(readWav(piece.data).samples.length).toBeGreaterThan(0);
        }),
        { numRuns: 15 },
      );
    });
  });
}
