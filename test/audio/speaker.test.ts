import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { speakerGuess } from '../../src/audio/speaker.ts';
import { type Voiceprint, voiceprint } from '../../src/audio/voiceprint.ts';
import type { FliteName } from '../../src/engines/local/flite-voice.ts';
import { type Guess, reliability, SCRIPT, shares, spokenPeople, talks } from '../bench/speakers.ts';
import { soundOf, spoken } from '../support/dialogue.ts';
import { needs, titled } from '../support/needs.ts';
import { throughOpus } from '../support/opus-trip.ts';
import { hasRecordings, people } from '../support/recordings.ts';

const tone = (hertz: number, ms: number, volume: number) =>
  Int16Array.from({ length: ms * 16 }, (_, index) => volume * Math.sin((2 * Math.PI * hertz * index) / 16_000));

/** A made-up person: everything about the voice follows its pitch. */
const person = (hertz: number): Voiceprint => ({
  colour: new Float64Array(16).fill((hertz - 150) / 100),
  pitch: Math.log(hertz),
  level: 60,
  frames: 150,
  masked: 0.1,
});

function noise(length: number, volume: number, seed = 1): Int16Array {
  let state = seed;
  return Int16Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return volume * (state / 0x3fffffff - 1);
  });
}

describe('whose voice it is', { timeout: 30_000 }, () => {
  it.each<[FliteName, FliteName]>([
    ['slt', 'awb'],
    ['awb', 'slt'],
    ['slt', 'rms'],
    ['rms', 'slt'],
    ['rms', 'kal16'],
    ['kal16', 'rms'],
  ])('every speaker is right at once in a dialogue of %s and %s that came through Opus', async (user, other) => {
    const { samples, turns } = await spoken(SCRIPT.map((text, index) => ({ voice: index % 2 ? other : user, text })));
    const heard = throughOpus(samples);
    const guess = speakerGuess();
    expect(guess.enrol(soundOf(heard, turns[0]!))).toBe(true);
    const glimpsed: string[] = [];
    const judged = turns.slice(1).map((turn) => {
      const sound = soundOf(heard, turn);
      const before = guess.export();
      glimpsed.push(guess.glimpse(sound.subarray(0, 1.5 * 16_000)).who);
      expect(guess.export()).toEqual(before);
      return guess.judge(sound).who;
    });
    const right = turns.slice(1).map((turn) => (turn.voice === user ? 'user' : 'other'));
    expect(glimpsed.filter((who, index) => who !== 'unknown' && who !== right[index])).toEqual([]);
    expect(glimpsed.filter((who, index) => who === right[index]).length).toBeGreaterThan(right.length / 2);
    expect(judged).toEqual(turns.slice(1).map((turn) => (turn.voice === user ? 'user' : 'other')));
  });

  describe('among all two of four embedded voices', () => {
    let everybody: Map<string, Int16Array[]>;
    beforeAll(async () => {
      everybody = await spokenPeople(['awb', 'slt', 'rms', 'kal16']);
    }, 30_000);

    it('nobody is ever taken for somebody else, few are unknown at once, and none is at the end', { timeout: 30_000 }, () => {
      const { atOnce, afterwards } = talks(everybody);
      expect(shares(atOnce).wrong).toBe(0);
      expect(shares(atOnce).unknown).toBeLessThanOrEqual(0.05);
      expect(shares(afterwards)).toEqual({ right: 1, wrong: 0, unknown: 0 });
    });

    it('goes on after a restart with what was exported', () => {
      const [slt, awb] = [everybody.get('slt')!, everybody.get('awb')!];
      const before = speakerGuess();
      before.enrol(slt[0]!);
      before.judge(awb[1]!);
      const after = speakerGuess(JSON.parse(JSON.stringify(before.export())));
      expect(after.judge(slt[2]!).who).toBe('user');
      expect(after.judge(awb[3]!).who).toBe('other');
    });

    it('further from the microphone is still the same person', () => {
      const own = everybody.get('slt')!;
      const guess = speakerGuess();
      guess.enrol(own[0]!);
      expect(guess.judge(own[2]!.map((sample) => sample / 3)).who).toBe('user');
    });

    it('is not sure of anybody whose voice drowns in noise', () => {
      const guess = speakerGuess();
      guess.enrol(everybody.get('slt')![0]!);
      for (const person of everybody.values())
        for (const [index, utterance] of person.slice(1).entries()) {
          const din = noise(utterance.length, 6000, index + 1);
          expect(guess.judge(utterance.map((sample, at) => Math.max(-32_768, Math.min(32_767, sample + din[at]!)))).who).toBe('unknown');
        }
    });

    it('learns nothing from what is too short, and says so when asked to enrol it', () => {
      const guess = speakerGuess();
      expect(guess.enrol(everybody.get('slt')![0]!.subarray(0, 2000))).toBe(false);
      expect(guess.judge(everybody.get('slt')![1]!)).toEqual({ who: 'unknown', probability: null });
    });
  });

  it.each([
    ['nothing', new Int16Array(0)],
    ['one sample', new Int16Array(1)],
    ['digital silence', new Int16Array(32_000)],
    ['a room without people', noise(32_000, 40)],
    ['loud noise', noise(32_000, 20_000)],
    ['a click', Int16Array.from({ length: 16_000 }, (_, index) => (index === 8000 ? 32_767 : 0))],
    ['a tenth of a second', tone(150, 100, 9000)],
    ['nothing but clipping', tone(150, 1500, 1e6).map((sample) => (sample > 0 ? 32_767 : -32_768))],
  ])('%s is nobody', async (_, samples) => {
    const guess = speakerGuess();
    guess.enrol(tone(200, 1500, 8000));
    expect(guess.judge(samples).who).toBe('unknown');
  });

  it('never gives a number that is none, and never a sure name under three quarters', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ hertz: fc.integer({ min: 50, max: 500 }), ms: fc.integer({ min: 0, max: 700 }), volume: fc.integer({ min: 0, max: 60_000 }) }),
          {
            minLength: 2,
            maxLength: 6,
          },
        ),
        (sounds) => {
          const guess = speakerGuess();
          const [first, ...rest] = sounds.map(({ hertz, ms, volume }) => tone(hertz, ms, volume));
          guess.enrol(first!);
          const judged = [...rest.map((sound) => guess.judge(sound)), ...guess.reconsidered()];
          expect(judged).toHaveLength(2 * rest.length);
          for (const { who, probability } of judged) {
            if (probability === null) expect(who).toBe('unknown');
            else {
              expect(probability).toBeGreaterThanOrEqual(who === 'unknown' ? 0 : 0.75);
              expect(probability).toBeLessThanOrEqual(1);
            }
          }
          expect(guess.export().every(Number.isFinite)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('in a long talk it reconsiders the last ones, each in its place', () => {
    const guess = speakerGuess([], (samples) => (samples.length > 0 ? person(samples[0]!) : undefined));
    const said = (pitch: number) => Int16Array.of(pitch);
    guess.enrol(said(200));
    for (let turn = 0; turn < 300; turn++) guess.judge(turn % 3 === 2 ? new Int16Array(0) : said(turn % 3 === 0 ? 100 : 200));
    const last = guess.reconsidered().map(({ who }) => who);
    expect(last.length).toBeLessThan(300);
    expect(last.slice(-150)).toEqual(Array.from({ length: 150 }, (_, index) => ['other', 'user', 'unknown'][index % 3]));
  });

  it('hears the pitch of a hum', () => {
    for (const hertz of [90, 140, 220, 320]) {
      const hum = tone(hertz, 1000, 6000).map((sample, index) => sample + 3000 * Math.sin((4 * Math.PI * hertz * index) / 16_000));
      expect(Math.exp(voiceprint(hum)!.pitch) / hertz).toBeCloseTo(1, 1);
    }
  });
});

describe.skipIf(!hasRecordings)(titled(hasRecordings, needs.speechRecordings, 'among people who really spoke'), () => {
  let atOnce: Guess[];
  beforeAll(() => {
    ({ atOnce } = talks(people()));
  }, 60_000);

  it('nine of ten are named right and hardly anybody wrong', () => {
    expect(shares(atOnce).right).toBeGreaterThan(0.9);
    expect(shares(atOnce).wrong).toBeLessThan(0.02);
  });

  it('a probability means what it says, or is too modest', () => {
    for (const { said, was, count } of reliability(atOnce)) {
      if (count < 10) continue;
      if (said > 0.6) expect(was).toBeGreaterThan(said - 0.05);
      if (said < 0.4) expect(was).toBeLessThan(said + 0.05);
    }
  });
});
