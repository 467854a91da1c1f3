import { until } from '../core/flow.ts';
import { type Detector, lasting, type Pcm, RATE } from '../core/ports.ts';
import { lift, loudness, noiseFloor, SILENCE } from './energy.ts';
import { STEP, windows } from './windows.ts';

/** What listening notices. `at` is always where it is in the sound: where speech may begin, where it began, where it may have ended, where it ended, how far silence has come. */
export type Activity =
  | { type: 'stir'; at: number }
  | { type: 'onset'; at: number }
  | { type: 'sound'; pcm: Pcm; voiced: boolean; level: number }
  | { type: 'lull'; at: number }
  | { type: 'pause'; at: number }
  | { type: 'quiet'; at: number; ms: number; level: number };

/** How sound becomes a judgement; without a detector loudness alone decides. */
export type ActivityOptions = { detector?: Detector };

/** One step of sound, and what we think of it. */
type Step = { pcm: Pcm; level: number; probability: number };

/** Sound kept from before the onset, so that no first consonant is cut off. */
const PREROLL = 300;
/** Silence that ends an utterance; of it only the first part is handed on, long enough that whoever writes four times a second has written the last word. */
const PAUSE = 544;
const TAIL = 256;
/** After so much silence speech may have ended: somebody draws breath, or is done. */
const LULL = 288;
/** One step of this is enough to stop a whisper, and too little to believe that somebody speaks. */
const STIR = 0.75;
/** Speech is sure when the last four steps add up to this; it goes on while a step is above the second. */
const SURE = 2.2;
const STILL = 0.35;
/** A step worth a closer look stands this far out of the background, in dB, and is not quieter than the second. */
const OUTSTANDING = 5;
const AUDIBLE = -66;
/** Steps that the detector hears before and after one worth a look, because it judges in context. */
const LEAD = 4;
const TRAIL = 8;

/** From sound to what happens in it: stirs, onsets, the sound of speech, lulls, pauses, and every full second of silence. */
export async function* activity(
  sound: AsyncIterable<Pcm>,
  options: ActivityOptions = {},
  stop?: AbortSignal,
): AsyncGenerator<Activity, void, undefined> {
  const listen = listener(options.detector);
  let failure: { error: unknown } | undefined;
  try {
    for await (const pcm of windows(stop ? until(sound, stop) : sound)) {
      for (const event of listen.hear(pcm)) {
        if (stop?.aborted) return;
        yield event;
      }
    }
  } catch (error) {
    failure = { error };
  }
  if (stop?.aborted) return;
  yield* listen.end();
  if (failure) throw failure.error;
}

/** Probability of speech, spending as little as each step deserves: nothing on silence, loudness on background, the detector on the rest. */
function judge(detector: Detector | undefined): (pcm: Pcm, level: number, speaking: boolean) => number {
  const floor = noiseFloor();
  const lifted = lift();
  const unheard: Int16Array[] = [];
  let trail = 0;
  return (pcm, level, speaking) => {
    const above = level - Math.max(floor.level, AUDIBLE - OUTSTANDING);
    const outstanding = above >= OUTSTANDING || (!floor.sure && level >= AUDIBLE);
    if (!detector) {
      floor.learn(level);
      return above >= 2 * OUTSTANDING ? 1 : above >= OUTSTANDING ? 0.5 : 0;
    }
    trail = outstanding ? TRAIL : trail - 1;
    if (level <= SILENCE || (trail < 0 && !speaking)) {
      floor.learn(level);
      unheard.push(pcm.samples);
      if (unheard.length > LEAD) unheard.shift();
      return 0;
    }
    for (const samples of unheard.splice(0)) detector.speech(lifted(samples, SILENCE));
    const probability = detector.speech(lifted(pcm.samples, level));
    if (probability < STILL) floor.learn(level);
    return probability;
  };
}

/** The state between two steps: silent with a little sound kept back, or speaking until it has been silent for long enough. */
function listener(detector: Detector | undefined) {
  const probability = judge(detector);
  const kept: Step[] = [];
  const recent: Step[] = [];
  let speaking = false;
  let since = 0;
  let now: number | undefined;
  let seconds = 0;
  let levels = 0;
  let steps = 0;

  const sound = ({ pcm, level, probability }: Step): Activity => ({ type: 'sound', pcm, level, voiced: probability >= STILL });
  const endOf = ({ at, samples }: Pcm) => at + lasting(samples.length);

  /** The silence from here on was a guess: what it really was comes now. */
  const forget = (from: number) => {
    recent.length = 0;
    while ((kept.at(-1)?.pcm.at ?? from) > from) kept.pop();
    const { at, samples } = kept.at(-1)?.pcm ?? { at: from, samples: new Int16Array(0) };
    const rest = Math.round(((from - at) * RATE) / 1000);
    if (rest < samples.length) kept[kept.length - 1] = { ...kept.at(-1)!, pcm: { at, samples: samples.subarray(0, rest) } };
  };

  function* pause(): Generator<Activity> {
    yield { type: 'pause', at: since };
    speaking = false;
    recent.length = 0;
    seconds = 0;
    levels = 0;
    steps = 0;
  }

  function* speech(step: Step): Generator<Activity> {
    if (step.probability >= STILL) {
      since = endOf(step.pcm);
      for (const held of kept.splice(0)) yield sound(held);
      yield sound(step);
    } else if (endOf(step.pcm) - since <= TAIL) yield sound(step);
    else kept.push(step);
    const still = endOf(step.pcm) - since;
    if (still >= LULL && still - lasting(STEP) < LULL) yield { type: 'lull', at: since };
    if (still >= PAUSE) yield* pause();
  }

  function* silence(step: Step): Generator<Activity> {
    kept.push(step);
    recent.push(step);
    if (recent.length > 4) recent.shift();
    if (recent.reduce((sum, { probability }) => sum + probability, 0) >= SURE) {
      const began = recent.find(({ probability }) => probability >= STILL)?.pcm.at ?? step.pcm.at;
      speaking = true;
      since = endOf(step.pcm);
      yield { type: 'onset', at: began };
      for (const each of kept.splice(0)) if (endOf(each.pcm) > began - PREROLL) yield sound(each);
      return;
    }
    if (step.probability >= STIR && (recent.at(-2)?.probability ?? 0) < STIR) yield { type: 'stir', at: step.pcm.at };
    while (kept.length > 0 && endOf(kept[0]!.pcm) < endOf(step.pcm) - PREROLL - lasting(4 * STEP)) kept.shift();
    while (endOf(step.pcm) - since >= (seconds + 1) * 1000) {
      seconds += 1;
      yield { type: 'quiet', at: since + seconds * 1000, ms: seconds * 1000, level: levels / steps };
      levels = 0;
      steps = 0;
    }
  }

  return {
    *hear(pcm: Pcm): Generator<Activity> {
      if (now === undefined) since = pcm.at;
      else if (pcm.at < now - 1) forget(pcm.at);
      else if (pcm.at > now + 1) {
        // the recording has a gap: what was before it cannot go on after it
        if (speaking) yield* pause();
        kept.length = 0;
        recent.length = 0;
        since = pcm.at;
        seconds = 0;
      }
      now = endOf(pcm);
      const level = loudness(pcm.samples);
      levels += level;
      steps += 1;
      const step = { pcm, level, probability: probability(pcm, level, speaking) };
      yield* speaking ? speech(step) : silence(step);
    },
    *end(): Generator<Activity> {
      if (speaking) yield* pause();
    },
  };
}
