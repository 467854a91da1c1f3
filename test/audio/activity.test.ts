import { beforeAll, describe, expect, test } from 'vitest';
import { type Activity, activity } from '../../src/audio/activity.ts';
import { mediaDecoder } from '../../src/audio/media.ts';
import { isUndecoded } from '../../src/audio/quiet.ts';
import { lasting, type Pcm } from '../../src/core/ports.ts';
import { sileroDetectors } from '../../src/engines/local/silero.ts';
import { spoken, type Turn } from '../support/dialogue.ts';
import { needs, titled } from '../support/needs.ts';
import { amplified, bursts, chords, haveRecordings, hum, mixed, noise, nothing, pieces, recording, tone } from '../support/sounds.ts';
import { joined } from '../support/wav.ts';
import { webmOf } from '../support/webm-writer.ts';

const detectors = sileroDetectors();

type Heard = { events: Activity[]; signs: string[]; onsets: number[]; late: number[]; asked: number };

/** Everything that activity makes of a sound, how late each onset was noticed, and how often the detector was asked. */
async function listen(sound: AsyncIterable<Pcm>, deaf = false): Promise<Heard> {
  const heard: Heard = { events: [], signs: [], onsets: [], late: [], asked: 0 };
  let taken = 0;
  async function* counted() {
    for await (const pcm of sound) {
      taken = pcm.at + lasting(pcm.samples.length);
      yield pcm;
    }
  }
  const silero = detectors();
  const detector = {
    speech(samples: Int16Array) {
      heard.asked += 1;
      return silero.speech(samples);
    },
    close() {},
  };
  for await (const event of activity(counted(), deaf ? {} : { detector })) {
    heard.events.push(event);
    if (event.type !== 'sound') heard.signs.push(event.type);
    if (event.type === 'onset') {
      heard.onsets.push(event.at);
      heard.late.push(taken - event.at);
    }
  }
  return heard;
}

let dialogue: { samples: Int16Array; turns: Turn[] };
beforeAll(async () => {
  dialogue = await spoken([
    { voice: 'awb', text: 'Hi, I am Alex, and I would like to talk about the new plan.', pauseMs: 1000 },
    { voice: 'slt', text: 'What does it cost us in the first year?', pauseMs: 1500 },
  ]);
});

describe('from sound to what happens in it', () => {
  test('of the silence that ends an utterance a quarter of a second is handed on, or a recogniser that writes four times a second would keep the last word for its final', async () => {
    const { events } = await listen(pieces(dialogue.samples));
    const tails = events.flatMap((event, index) => {
      if (event.type !== 'pause') return [];
      const { pcm } = events.slice(0, index).findLast((each) => each.type === 'sound')!;
      return [pcm.at + lasting(pcm.samples.length) - event.at];
    });
    expect(tails).toHaveLength(2);
    for (const tail of tails) expect(tail).toBeGreaterThanOrEqual(250);
    // what is silent is sent nowhere, and costs nothing
    for (const tail of tails) expect(tail).toBeLessThan(288);
  });

  test('a sentence is noticed within 150 ms of its first speech and its pause is where it ended', async () => {
    const { events, late } = await listen(pieces(dialogue.samples));
    const onsets = events.filter((event) => event.type === 'onset');
    const pauses = events.filter((event) => event.type === 'pause');
    expect(onsets.length).toBe(2);
    for (const [index, turn] of dialogue.turns.entries()) {
      expect(Math.abs(onsets[index]!.at - turn.from)).toBeLessThan(150);
      expect(Math.abs(pauses[index]!.at - turn.to)).toBeLessThan(250);
      expect(late[index]).toBeLessThanOrEqual(150);
    }
  });

  test('before it is sure that somebody speaks, a stir says that somebody may', async () => {
    const { events, signs } = await listen(pieces(dialogue.samples));
    expect(signs.filter((sign) => sign !== 'quiet').slice(0, 2)).toEqual(['stir', 'onset']);
    const [stir, onset] = ['stir', 'onset'].map((type) => events.find((event) => event.type === type) as { at: number });
    expect(Math.abs(stir!.at - onset!.at)).toBeLessThan(64);
  });

  test('a lull says first that somebody may be done, where the pause then says that they are', async () => {
    const { events, signs } = await listen(pieces(dialogue.samples));
    const places = (type: string) => events.flatMap((event) => (event.type === type && 'at' in event ? [event.at] : []));
    expect(places('lull')).toEqual(expect.arrayContaining(places('pause')));
    expect(signs.filter((sign) => sign === 'lull' || sign === 'pause').at(-2)).toBe('lull');
    expect(new Set(places('lull')).size).toBe(places('lull').length);
  });

  test('silence that was left undecoded costs no pause its time and no word its beginning', async () => {
    const chunks = webmOf(dialogue.samples, { chunkMs: 20, bitrate: 24_000 });
    const decoded = async (skipSilence: boolean) => {
      let taken = 0;
      async function* live() {
        for (const chunk of chunks) {
          yield chunk;
          taken += 20;
        }
      }
      const events: Activity[] = [];
      const pauses: number[] = [];
      for await (const event of activity(mediaDecoder({ skipSilence }).decode(live(), new AbortController().signal), { detector: detectors() })) {
        events.push(event);
        if (event.type === 'pause') pauses.push(taken - event.at);
      }
      return { events, pauses };
    };
    const [whole, lazy] = [await decoded(false), await decoded(true)];
    const onsets = ({ events }: { events: Activity[] }) => events.flatMap((event) => (event.type === 'onset' ? event.at : []));
    expect(onsets(lazy).length).toBe(2);
    for (const [index, at] of onsets(lazy).entries()) expect(Math.abs(at - onsets(whole)[index]!)).toBeLessThanOrEqual(32);
    for (const late of lazy.pauses) expect(late).toBeLessThanOrEqual(620);
    const second = lazy.events.slice(lazy.events.findIndex((event) => event.type === 'pause')).filter((event) => event.type === 'sound');
    expect(onsets(lazy)[1]! - second[0]!.pcm.at).toBeGreaterThanOrEqual(200);
    for (const [index, { pcm }] of second.slice(1).entries())
      expect(pcm.at).toBeCloseTo(second[index]!.pcm.at + lasting(second[index]!.pcm.samples.length), 5);
    const early = second.filter(({ pcm }) => pcm.at < onsets(lazy)[1]! - 32 && pcm.at > onsets(lazy)[1]! - 160);
    expect(early.length).toBeGreaterThan(2);
    for (const { pcm } of early) expect(isUndecoded(pcm.samples) || pcm.samples.every((sample) => sample === 0)).toBe(false);
  });

  test('with 25 dB less it is still noticed', async () => {
    const { onsets } = await listen(pieces(amplified(dialogue.samples, -25)));
    expect(onsets.length).toBe(2);
  });

  test('the sound of speech comes whole, with what came just before its onset', async () => {
    const { events } = await listen(pieces(dialogue.samples));
    let open: number | undefined;
    let next: number | undefined;
    let seen = 0;
    for (const event of events) {
      if (event.type === 'onset') [open, next] = [event.at, undefined];
      if (event.type === 'pause') open = undefined;
      if (event.type !== 'sound') continue;
      expect(open).toBeDefined();
      next ??= event.pcm.at;
      if (seen === 0) expect(open! - next).toBeGreaterThanOrEqual(250);
      expect(event.pcm.at).toBe(next);
      const start = Math.round(event.pcm.at * 16);
      expect(event.pcm.samples).toEqual(dialogue.samples.slice(start, start + event.pcm.samples.length));
      next += lasting(event.pcm.samples.length);
      seen += 1;
    }
    expect(seen).toBeGreaterThan(150);
  });

  test('silence is told once for every full second, counted in samples', async () => {
    const { events } = await listen(pieces(joined([dialogue.samples, nothing(10_000)])));
    const quiet = events.slice(events.findLastIndex((event) => event.type === 'pause') + 1);
    const end = events.findLast((event) => event.type === 'pause')!.at;
    expect(quiet.length).toBeGreaterThanOrEqual(11);
    expect(quiet.map((event) => event.type === 'quiet' && event.ms)).toEqual(quiet.map((_, index) => (index + 1) * 1000));
    for (const event of quiet) expect(event.type === 'quiet' && event.at - event.ms).toBe(end);
  });

  test.each([
    ['white noise', noise(15_000, 0.1)],
    ['faint noise', noise(15_000, 0.003)],
    ['mains hum', hum(15_000)],
    ['clicks', bursts(15_000, 10, 600)],
    ['typing', bursts(15_000, 25, 150)],
    ['coughs of 110 ms', bursts(15_000, 110, 1500)],
    ['a piano next door', chords(15_000)],
    ['a beep', tone(15_000, 1000)],
  ])('%s opens nothing', async (_, sound) => {
    const { signs } = await listen(pieces(sound));
    expect(signs.filter((sign) => sign !== 'quiet')).toEqual([]);
    expect(signs.length).toBe(15);
  });

  test('undecoded silence costs the detector nothing, steady noise next to nothing', async () => {
    expect((await listen(pieces(nothing(60_000)))).asked).toBe(0);
    const { asked } = await listen(pieces(noise(60_000, 0.05)));
    expect(asked).toBeLessThan(150);
  });

  test('speech is found again in noise that the floor has learnt', async () => {
    const quiet = joined([nothing(8000), dialogue.samples]);
    const { onsets } = await listen(pieces(mixed(quiet, noise(lasting(quiet.length), 0.02))));
    expect(onsets.length).toBeGreaterThanOrEqual(2);
    expect(onsets.filter((at) => at < 8900)).toEqual([]);
  });

  test('without a detector loudness decides, and steady noise fools it for three seconds at most', async () => {
    const { events } = await listen(pieces(joined([noise(4000, 0.001), noise(12_000, 0.1), dialogue.samples])), true);
    const signs = events.filter((event) => event.type === 'onset' || event.type === 'pause');
    expect(signs.slice(0, 2).every((event) => event.at > 3900 && event.at < 7500)).toBe(true);
    expect(signs.filter((event) => event.type === 'onset' && event.at > 7500).length).toBe(2);
  });

  test('the size of the pieces does not matter', async () => {
    const whole = await listen(pieces(dialogue.samples, 320));
    for (const size of [77, 512, 960, 16_000]) {
      const other = await listen(pieces(dialogue.samples, size));
      expect(other.events.filter((event) => event.type !== 'sound')).toEqual(whole.events.filter((event) => event.type !== 'sound'));
    }
  });

  test('a gap in the recording ends what was being said', async () => {
    const [turn] = dialogue.turns;
    const middle = Math.round((turn!.from + 1500) * 16);
    async function* broken() {
      yield* pieces(dialogue.samples.subarray(0, middle));
      yield* pieces(nothing(2000), 320, 60_000);
    }
    const { events } = await listen(broken());
    const pause = events.find((event) => event.type === 'pause')!;
    expect(pause.at).toBeLessThanOrEqual(middle / 16);
    expect(events.filter((event) => event.type === 'quiet').at(-1)!.at).toBe(62_000);
  });

  test('a source that fails in the middle of a sentence is heard out first', async () => {
    const middle = Math.round((dialogue.turns[0]!.from + 1500) * 16);
    async function* failing() {
      yield* pieces(dialogue.samples.subarray(0, middle));
      throw new Error('unplugged');
    }
    const signs: string[] = [];
    const reading = (async () => {
      for await (const event of activity(failing(), { detector: detectors() })) if (event.type !== 'sound') signs.push(event.type);
    })();
    await expect(reading).rejects.toThrow('unplugged');
    expect(signs).toEqual(['quiet', 'stir', 'onset', 'pause']);
  });

  test('stopped in the middle of a sentence it ends without another word', async () => {
    const control = new AbortController();
    const after: string[] = [];
    for await (const event of activity(pieces(dialogue.samples), { detector: detectors() }, control.signal)) {
      if (control.signal.aborted) after.push(event.type);
      if (event.type === 'sound' && event.pcm.at > 2000) control.abort();
    }
    expect(control.signal.aborted).toBe(true);
    expect(after).toEqual([]);
  });

  test.skipIf(!haveRecordings)(titled(haveRecordings, needs.speechRecordings, 'a real voice is found as well'), async () => {
    const { onsets, late } = await listen(pieces(joined([recording('jfk'), nothing(1000)])));
    expect(onsets.length).toBe(4);
    expect(Math.max(...late)).toBeLessThanOrEqual(150);
  });
});
