import { Worker } from 'node:worker_threads';
import { ahead } from '../../core/flow.ts';
import type { Sound, Voice } from '../../core/ports.ts';
import { wavFile } from '../wav-file.ts';
import { type FliteSound, fliteQueue } from './flite-queue.ts';
import { type Clause, clauses } from './flite-text.ts';

/** The voices inside flite, the best understood first; kal is the same person twice, at 16 and at 8 kHz. */
export const fliteVoices = ['awb', 'slt', 'rms', 'kal16', 'kal'] as const;

export type FliteName = (typeof fliteVoices)[number];

/** The embedded voice: `as` speaks with another of its voices through the same thread, `warm` gets it ready before anybody waits,
 * `rest` gives its memory (some 75 MB) back until it is needed again. */
export type FliteVoice = Voice & { as(name: FliteName): Voice; warm(): Promise<void>; rest(): Promise<void>; close(): Promise<void> };

/** Whether a name from a setting is one of the voices inside. */
export const isFliteName = (name: string): name is FliteName => (fliteVoices as readonly string[]).includes(name);

const PIECE_MS = 500;
const SHORTEST_MS = 200;
const LEAD_MS = 60;
const TAIL_MS = 80;
const FADE_MS = 3;
const never = new AbortController().signal;

/** The voice that needs no key and no network: flite in a thread of its own. `stretch` over 1 speaks slower; 1.2 is about 175 words a minute. */
export function fliteVoice(options: { voice?: FliteName; stretch?: number } = {}): FliteVoice {
  const { voice = 'awb', stretch = 1.2 } = options;
  const queue = fliteQueue(() => new Worker(new URL('./flite-worker.ts', import.meta.url), { name: 'flite', execArgv: [] }));

  async function* spoken(name: FliteName, text: string, stop: AbortSignal): AsyncGenerator<FliteSound> {
    for (const clause of clauses(text)) {
      const sound = await queue.say({ text: clause.text, voice: name, stretch }, stop);
      yield { rate: sound.rate, samples: trimmed(sound, clause) };
    }
  }

  const as = (name: FliteName): Voice => ({
    async *speak(text, stop) {
      const control = new AbortController();
      try {
        // the next clause is made while this one is on its way, and no more than that one
        for await (const sound of ahead(spoken(name, text, AbortSignal.any([stop, control.signal])), 1)) {
          let left = true;
          try {
            for (const piece of pieces(sound)) {
              if (stop.aborted) return;
              yield piece;
            }
            left = false;
          } finally {
            // a reader who goes away must not wait for the clause that is being made
            if (left) control.abort();
          }
        }
      } catch (thrown) {
        if (!stop.aborted && !control.signal.aborted) throw thrown;
      } finally {
        control.abort();
      }
    },
  });

  return {
    ...as(voice),
    as,
    async warm() {
      await queue.say({ text: 'I am ready when you are, take your time.', voice, stretch }, never);
    },
    rest: () => queue.rest(),
    close: () => queue.close(),
  };
}

/** Leaves of flite's own silences at both ends what the clause wants, so that clauses join like one breath; the cuts are faded and cannot click. */
function trimmed({ rate, samples }: FliteSound, { pause }: Clause): Int16Array<ArrayBuffer> {
  const ms = rate / 1000;
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  const loud = (sample: number) => Math.abs(sample) > peak * 0.04;
  const first = samples.findIndex(loud);
  const last = samples.findLastIndex(loud);
  const from = Math.max(0, first - Math.max(LEAD_MS, pause - TAIL_MS) * ms);
  const to = Math.min(samples.length, last + 1 + TAIL_MS * ms);
  const kept = samples.slice(Math.floor(from), Math.floor(to));
  const fade = Math.floor(FADE_MS * ms);
  for (let index = 0; index < Math.min(fade, kept.length); index++) {
    kept[index] = (kept[index]! * index) / fade;
    kept[kept.length - 1 - index] = (kept[kept.length - 1 - index]! * index) / fade;
  }
  return kept;
}

/** Complete files of equal length, none over half a second and none too short to schedule. */
function pieces({ rate, samples }: FliteSound): Sound[] {
  const shortest = Math.ceil((SHORTEST_MS * rate) / 1000);
  const whole = samples.length >= shortest ? samples : new Int16Array(shortest);
  if (whole !== samples) whole.set(samples);
  const count = Math.ceil((whole.length * 1000) / rate / PIECE_MS);
  return Array.from({ length: count }, (_, index) => {
    const part = whole.subarray(Math.floor((whole.length * index) / count), Math.floor((whole.length * (index + 1)) / count));
    return { format: 'wav', data: wavFile(part, rate), ms: (part.length * 1000) / rate };
  });
}
