import { lasting, RATE } from '../../../src/core/ports.ts';
import { wordsIn } from '../tone-words.ts';
import { joined } from '../wav.ts';

/** A word that was heard, in ms of the sound it was heard in. */
export type Heard = { readonly text: string; readonly from: number; readonly to: number; readonly speaker?: string };

/** Hears the words in 16 kHz sound. */
export type Hears = (samples: Int16Array) => readonly Heard[];

/** So long after its end nothing can change a counted word any more. */
const settledMs = 100;

/** Sound that grows, and the words in it so far, counted from the first sound of all. */
export type Hearing = {
  add(samples: Int16Array): void;
  /** So much sound came since the last cut. */
  readonly openMs: number;
  /** When everything began until now, in ms. */
  readonly totalMs: number;
  words(): readonly Heard[];
  /** Takes the words since the last cut; with `whole`, a word that may go on after the end stays for the next cut. */
  cut(whole?: boolean): readonly Heard[];
};

/** Hears as sound comes. Counted tones are heard once each; a hearing that was handed in is given everything since the last cut, every time. */
export function growingHearing(hears?: Hears): Hearing {
  let total = 0;
  let cutAt = 0;
  let open: Int16Array[] = [];
  let openSamples = 0;
  let settled: Heard[] = [];
  let fresh: readonly Heard[] | undefined;

  const openAt = () => lasting(total - openSamples);
  const keep = (samples: Int16Array) => {
    open = [samples];
    openSamples = samples.length;
  };

  const words = (): readonly Heard[] => {
    if (fresh) return fresh;
    const sound = joined(open);
    const shift = openAt();
    const found = (hears ?? ((samples) => wordsIn(samples, 0)))(sound).map((word) => ({ ...word, from: word.from + shift, to: word.to + shift }));
    if (hears) {
      keep(sound);
      fresh = found;
    } else {
      const end = lasting(total);
      const sure = found.filter(({ to }) => to < end - settledMs);
      settled.push(...sure);
      // the next word begins in what is kept: after the last sure one, or in the newest sound
      const word = found.find(({ to }) => to >= end - settledMs);
      const from = word ? Math.max(word.from - 20, sure.at(-1)?.to ?? 0) : Math.max(sure.at(-1)?.to ?? 0, end - 400);
      keep(sound.slice(Math.max(0, Math.round(((from - shift) * RATE) / 1000))));
      fresh = [...settled, ...(word ? [word] : [])];
    }
    return fresh;
  };

  return {
    add: (samples) => {
      if (samples.length === 0) return;
      open.push(samples);
      openSamples += samples.length;
      total += samples.length;
      fresh = undefined;
    },
    get openMs() {
      return lasting(total) - cutAt;
    },
    get totalMs() {
      return lasting(total);
    },
    words,
    cut: (whole = false) => {
      const all = words();
      const last = all.at(-1);
      const end = lasting(total);
      const goesOn = whole && last !== undefined && last.to > end - settledMs ? last : undefined;
      const from = goesOn ? goesOn.from - 20 : end;
      const sound = joined(open);
      keep(sound.slice(Math.max(0, sound.length - Math.round(((end - from) * RATE) / 1000))));
      cutAt = from;
      settled = [];
      fresh = undefined;
      return goesOn ? all.slice(0, -1) : all;
    },
  };
}
