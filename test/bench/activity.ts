import { activity } from '../../src/audio/activity.ts';
import { loudness } from '../../src/audio/energy.ts';
import { type Detector, lasting } from '../../src/core/ports.ts';
import { sileroDetectors } from '../../src/engines/local/silero.ts';
import { needs } from '../support/needs.ts';
import { amplified, chords, haveRecordings, hum, mixed, noise, nothing, pieces, recording, recordings } from '../support/sounds.ts';
import { joined } from '../support/wav.ts';

const STEP = 32;
const detectors = sileroDetectors();

type Span = { from: number; to: number };
type Outcome = { spans: Span[]; cpu: number; asked: number };

/** Where somebody speaks, what finding it cost in CPU ms a second of sound, and for what share of it the detector was asked. */
async function listen(sound: Int16Array, make: (() => Detector) | undefined): Promise<Outcome> {
  const spans: Span[] = [];
  const detector = make?.();
  let asked = 0;
  const counting = detector && {
    speech: (samples: Int16Array) => {
      asked += samples.length;
      return detector.speech(samples);
    },
    close: () => detector.close(),
  };
  const before = process.cpuUsage();
  for await (const event of activity(pieces(sound), counting ? { detector: counting } : {})) {
    if (event.type === 'onset') spans.push({ from: event.at, to: event.at });
    if (event.type === 'pause') spans.at(-1)!.to = event.at;
  }
  const { user, system } = process.cpuUsage(before);
  return { spans, cpu: (user + system) / lasting(sound.length), asked: asked / sound.length };
}

const inside = (spans: readonly Span[], at: number) => spans.some(({ from, to }) => at >= from && at < to);

/** How much of the reference's speech is missed, how much of its silence is taken for speech, and how many openings have no speech in them (by steps of 32 ms). */
function compared(reference: readonly Span[], found: readonly Span[], ms: number) {
  const counts = { speech: 0, missed: 0, silence: 0, false: 0, openings: found.length, empty: 0 };
  for (let at = 0; at < ms; at += STEP) {
    const [truly, here] = [inside(reference, at), inside(found, at)];
    if (truly) counts.speech += 1;
    else counts.silence += 1;
    if (truly && !here) counts.missed += 1;
    if (!truly && here) counts.false += 1;
  }
  counts.empty = found.filter((span) => !reference.some(({ from, to }) => from < span.to && to > span.from)).length;
  return counts;
}

const rms = (sound: Int16Array, spans: readonly Span[]): number => {
  const voiced = spans.map(({ from, to }) => sound.subarray(from * 16, to * 16));
  return loudness(joined(voiced));
};

/** What activity costs and how well it finds speech: the product's cascade beside its parts, on the same sound in the same run. */
export async function bench(print: (line: string) => void): Promise<void> {
  const minute = 60_000;
  await listen(joined([nothing(minute), noise(minute, 0.3)]), detectors);
  const cost = async (name: string, sound: Int16Array) => {
    const { cpu, asked, spans } = await listen(sound, detectors);
    print(`${name}: ${cpu.toFixed(2)} ms CPU for a second of sound, detector asked for ${(100 * asked).toFixed(0)} %, ${spans.length} openings`);
  };
  await cost('undecoded silence', nothing(minute));
  await cost('steady noise', noise(minute, 0.05));
  await cost('mains hum', hum(minute));
  await cost('a piano next door', chords(minute));
  if (!haveRecordings) return print(`speech: skipped, ${needs.speechRecordings}`);
  const all = recordings().map((name) => joined([nothing(1000), recording(name), nothing(1000)]));
  await cost('speech', joined(all));
  const direct = detectors();
  const before = process.cpuUsage();
  let heard = 0;
  for (const sound of all) for (let at = 0; at + 512 <= sound.length; at += 512, heard += 32) direct.speech(sound.subarray(at, at + 512));
  const { user, system } = process.cpuUsage(before);
  print(`the detector alone, asked always: ${((user + system) / heard).toFixed(2)} ms CPU for a second of sound`);

  // the reference: what the cascade finds in the clean file
  const clean = await Promise.all(all.map(async (sound) => (await listen(sound, detectors)).spans));
  const conditions: [string, (sound: Int16Array, index: number) => Int16Array][] = [
    ['25 dB softer', (sound) => amplified(sound, -25)],
    [
      'white noise at 10 dB',
      (sound, index) =>
        mixed(sound, amplified(noise(lasting(sound.length), 0.5, index), rms(sound, clean[index]!) - 10 - loudness(noise(1000, 0.5)))),
    ],
    [
      'other talk at 10 dB',
      (sound, index) =>
        mixed(
          sound,
          amplified(
            all[(index + 7) % all.length]!,
            rms(sound, clean[index]!) - 10 - rms(all[(index + 7) % all.length]!, clean[(index + 7) % all.length]!),
          ),
        ),
    ],
  ];
  for (const [name, condition] of conditions) {
    for (const [by, make] of [
      ['cascade', detectors],
      ['loudness alone', undefined],
    ] as const) {
      const sum = { speech: 0, missed: 0, silence: 0, false: 0, openings: 0, empty: 0 };
      for (const [index, sound] of all.entries()) {
        const { spans } = await listen(condition(sound, index), make);
        const counts = compared(clean[index]!, spans, lasting(sound.length));
        for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += counts[key];
      }
      const percent = (part: number, of: number) => `${((100 * part) / of).toFixed(1)} %`;
      print(
        `${name}, ${by}: speech missed ${percent(sum.missed, sum.speech)}, silence taken for speech ${percent(sum.false, sum.silence)}, ${sum.empty} of ${sum.openings} openings without speech`,
      );
    }
  }
}
