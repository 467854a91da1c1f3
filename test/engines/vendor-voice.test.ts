import { describe, expect, it } from 'vitest';
import { plausible } from '../../src/engines/spoken-text.ts';
import { VendorProblem } from '../../src/engines/vendor-problem.ts';
import { vendorVoice } from '../../src/engines/vendor-voice.ts';
import { heard } from '../contracts/voice.ts';
import { virtualClock } from '../support/virtual-clock.ts';
import { joined, readWav } from '../support/wav.ts';

const never = new AbortController().signal;
const text = 'Ask her about the new job.';
const tone = (ms: number) => Buffer.from(Int16Array.from({ length: ms * 16 }, (_, at) => 5_000 * Math.sin(at / 7)).buffer);
const waits = { first: 1_500, between: 1_000, total: 15_000 };

/** A voice of these parts of a body; waits on the clock before a part that is a number of ms. */
function sending(parts: readonly (Uint8Array | number)[], clock = virtualClock()) {
  const asked: string[] = [];
  const stops: AbortSignal[] = [];
  const voice = vendorVoice({
    name: 'Somebody',
    rate: 16_000,
    clock,
    waits,
    async *bytes(said, stop) {
      asked.push(said);
      stops.push(stop);
      for (const part of parts)
        if (typeof part === 'number') await clock.sleep(part, stop);
        else yield part;
    },
  });
  return { voice, asked, stops, clock };
}

/** What came before the problem, and the problem. */
async function until(voice: ReturnType<typeof vendorVoice>) {
  const pieces: number[] = [];
  try {
    for await (const piece of voice.speak(text, never)) pieces.push(piece.ms);
  } catch (problem) {
    return { pieces, problem };
  }
  return { pieces, problem: undefined };
}

describe('a voice of bare samples', () => {
  it('is heard early: the first piece is short, the others grow, and every sample comes once', async () => {
    const pieces = await heard(sending([tone(1_730)]).voice, text);
    expect(pieces.map(({ ms }) => ms)).toEqual([200, 300, 400, 500, 330]);
    expect(joined(pieces.map(({ data }) => readWav(data).samples))).toEqual(new Int16Array(new Uint8Array(tone(1_730)).buffer));
  });

  it('is the same however the network cuts it', async () => {
    const whole = tone(905);
    const cut = [1, 2, 3, 6_399, 6_400, 6_401, 9_999].map((at, index, all) => whole.subarray(all[index - 1] ?? 0, at));
    expect(await heard(sending([...cut, whole.subarray(9_999)]).voice, text)).toEqual(await heard(sending([whole]).voice, text));
  });

  it('ends with a piece that is long enough to be played', async () => {
    const pieces = await heard(sending([tone(940)]).voice, text);
    expect(pieces.map(({ ms }) => ms)).toEqual([200, 300, 400, 200]);
    expect(
      readWav(pieces[3]!.data)
        .samples.subarray(40 * 16)
        .every((sample) => sample === 0),
    ).toBe(true);
  });

  it('asks nobody where there is nothing to say, nor when it was stopped before', async () => {
    const { voice, asked } = sending([tone(900)]);
    expect(await heard(voice, '👍🏽 …')).toEqual([]);
    expect(await heard(voice, text, AbortSignal.abort())).toEqual([]);
    expect(asked).toEqual([]);
  });

  it.each([
    ['nothing', [], 'gave no sound', []],
    ['too little to be speech', [tone(90)], 'broke off', []],
    ['half of it', [tone(350)], 'broke off', [200, 200]],
    ['an error in words', [Buffer.from('{"detail":{"status":"no"}}'.repeat(500))], 'is no sound', []],
    ['a page', [Buffer.from('<html>no</html>'.repeat(500))], 'is no sound', []],
    ['an mp3', [Buffer.concat([Buffer.from('ID3'), tone(900)])], 'is no sound', []],
  ])('where %s comes, that is a problem and no noise', async (_, parts, message, played) => {
    const { pieces, problem } = await until(sending(parts).voice);
    expect(problem).toBeInstanceOf(VendorProblem);
    expect(problem).toMatchObject({ code: 'voice_failed', fatal: false, message: expect.stringContaining(message) });
    expect(pieces).toEqual(played);
  });

  it.each([
    ['that talks for ever', (at: number) => tone(1_000 + 5 * at)],
    ['that says the same for ever', () => tone(1_000)],
  ])('%s is cut off when it has taken several times as long as such a text can take', async (_, part) => {
    const { voice, stops } = sending(Array.from({ length: 100 }, (_, at) => part(at)));
    const { pieces, problem } = await until(voice);
    expect(problem).toMatchObject({ message: expect.stringContaining('did not stop talking') });
    expect(pieces.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(plausible(text).most);
    expect(stops[0]!.aborted).toBe(true);
  });

  it('that is known to take its time broke off where it suddenly needs much less, and is believed after a while', async () => {
    const parts: Uint8Array[] = [tone(1_800)];
    const { voice } = sending(parts);
    const of = async (ms: number) => {
      parts[0] = tone(ms);
      return (await until(voice)).problem;
    };
    for (const ms of [1_800, 1_150, 2_200, 1_700, 1_600, 1_900]) expect(await of(ms)).toBeUndefined();
    expect(await of(1_150)).toMatchObject({ message: expect.stringContaining('broke off') });
    expect(await of(1_300)).toBeUndefined();
    for (let each = 0; each < 12; each += 1) await of(1_150);
    expect(await of(1_150)).toBeUndefined();
  });

  it('knows a voice for each conversation anew, because another one may be in another language', async () => {
    const parts: Uint8Array[] = [tone(1_800)];
    const { voice } = sending(parts);
    const [mine, hers] = [voice.paidBy(() => undefined), voice.paidBy(() => undefined)];
    for (let each = 0; each < 6; each += 1) await heard(mine, text);
    parts[0] = tone(1_150);
    expect((await heard(hers, text)).length).toBe(4);
    await expect(heard(mine, text)).rejects.toThrow('broke off');
  });

  it('hears a message once that came twice in a row, and silence as long as it lasts', async () => {
    const [first, silence, second] = [tone(480), Buffer.alloc(16 * 2 * 240), tone(720).subarray(6_000)];
    const twice = await heard(sending([first, first, silence, silence, second, second]).voice, text);
    expect(twice).toEqual(await heard(sending([first, silence, silence, second]).voice, text));
  });

  it.each([
    ['does not begin', [9_999, tone(900)], 1_500, [], 'did not begin'],
    ['stands still in the middle', [tone(300), 9_999, tone(900)], 1_000, [200], 'fell silent'],
    ['drips', Array.from({ length: 99 }, (_, at) => (at % 2 ? tone(5) : 200)), 1_500, [], 'did not begin'],
  ])('that %s is left after its time, and whoever makes it is told', async (_, parts, after, played, says) => {
    const clock = virtualClock();
    const { voice, stops } = sending(parts, clock);
    const result = until(voice);
    await clock.advance(after - 1);
    expect(stops[0]!.aborted).toBe(false);
    await clock.advance(1);
    expect(await result).toMatchObject({ pieces: played, problem: { message: expect.stringContaining(says) } });
    expect(stops[0]!.aborted).toBe(true);
  });
});
