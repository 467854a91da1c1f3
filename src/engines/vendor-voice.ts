import { budgets } from '../core/budgets.ts';
import type { Clock, Sound, Voice } from '../core/ports.ts';
import { type Lapse, mannered } from './manners.ts';
import { ownPace } from './own-pace.ts';
import { NotSpeech, pcmSounds } from './pcm-sounds.ts';
import { plausible, spokenText } from './spoken-text.ts';
import { VendorProblem } from './vendor-problem.ts';

/** How long a voice is waited for, in ms: to its first sound, to its next piece, and in all. */
export type Waits = { readonly first: number; readonly between: number; readonly total: number };

/** The characters of a text that was sent to be spoken, whether or not all of it was heard. */
export type Spent = (what: { readonly characters: number }) => void;

export type VendorVoiceParts = {
  /** Who speaks, as a sentence about him begins. */
  readonly name: string;
  readonly rate: number;
  readonly speed?: number | undefined;
  readonly clock: Clock;
  readonly waits?: Waits | undefined;
  readonly spent?: Spent | undefined;
  /** The samples of a text as they come: 16 bits, one channel, the low byte first. Tells what was spent once the text is sent. */
  bytes(text: string, stop: AbortSignal, spent: Spent): AsyncIterable<Uint8Array>;
};

/** A voice that costs money; `paidBy` is the same voice on another's account. */
export type PaidVoice = Voice & { paidBy(spent: Spent): Voice };

const usualWaits: Waits = { first: budgets.voiceFirst, between: budgets.voiceBetween, total: budgets.voiceTotal };

/** A voice of whatever sends bare samples: never waited for too long, and what is no speech is not played. */
export function vendorVoice({ name, rate, speed, clock, waits = usualWaits, spent = () => undefined, bytes }: VendorVoiceParts): PaidVoice {
  const problem = (lapse: Lapse, cause?: unknown) => new VendorProblem('voice_failed', sentence(name, lapse, cause), { cause });
  const paidBy = (payer: Spent): Voice => {
    const pace = ownPace();
    async function* sounds(said: string, stop: AbortSignal): AsyncGenerator<Sound, void, undefined> {
      const { least, most } = plausible(said, speed);
      let ms = 0;
      try {
        for await (const sound of pcmSounds(bytes(said, stop, payer), rate, { least: Math.max(least, pace.least(said)), most })) {
          ms += sound.ms;
          yield sound;
        }
        pace.took(said, ms);
      } catch (problem) {
        if (problem instanceof NotSpeech && problem.why === 'short' && ms >= least) pace.took(said, ms);
        throw problem;
      }
    }
    return {
      async *speak(text, stop) {
        const said = spokenText(text);
        if (said === '') return;
        yield* mannered((halt) => sounds(said, halt), { clock, ...waits, problem }, stop);
      },
    };
  };
  return { ...paidBy(spent), paidBy };
}

function sentence(name: string, lapse: Lapse, cause: unknown): string {
  if (lapse === 'first') return `${name} did not begin to speak in time.`;
  if (lapse === 'between') return `${name} fell silent in the middle of a suggestion.`;
  if (lapse === 'total') return `${name} took too long to speak.`;
  switch (cause instanceof NotSpeech ? cause.why : 'short') {
    case 'empty':
      return `${name} gave no sound for a suggestion.`;
    case 'short':
      return `${name} broke off in the middle of a suggestion.`;
    case 'endless':
      return `${name} did not stop talking and was cut off.`;
    case 'format':
      return `${name} sent something that is no sound.`;
  }
}
