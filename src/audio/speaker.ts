import type { Speaker } from '../core/entry.ts';
import { twoVoices } from './two-voices.ts';
import { type Voiceprint, voiceprint } from './voiceprint.ts';

/** Guesses whose voice an utterance (16 kHz) is, by the example that the opening line gave. */
export type SpeakerGuess = {
  /** Takes this utterance as the user's; false when it holds too little clear voice to know anybody by. */
  enrol(samples: Int16Array): boolean;
  judge(samples: Int16Array): Speaker;
  /** The same of somebody who still speaks: nothing is learnt of it. */
  glimpse(samples: Int16Array): Speaker;
  /** What one would say now of the last utterances that were judged, oldest first: later ones may have made it clearer. */
  reconsidered(): Speaker[];
  /** All that is known of the voices, a few dozen numbers that `speakerGuess` can go on with. */
  export(): number[];
};

/** Below this probability it stays `unknown`, and the probability is then that of being the user. */
const SURE = 0.75;
const UNHEARD: Speaker = { who: 'unknown', probability: null };
const TOO_LITTLE: Speaker = { who: 'unknown', probability: 0.5 };

/** With this share of an utterance covered by noise or cut off by clipping, its colour is that of the noise. */
const TOO_NOISY = 0.45;

/** Makes a guess for one conversation, or goes on with what an earlier one exported. */
export function speakerGuess(known: readonly number[] = [], printOf: (samples: Int16Array) => Voiceprint | undefined = voiceprint): SpeakerGuess {
  const voices = twoVoices(known);
  const clear = (samples: Int16Array): Voiceprint | undefined => {
    const print = printOf(samples);
    return print && print.masked < TOO_NOISY ? print : undefined;
  };
  // what held no voice has a place in the list of the judged, too
  const judged: ('print' | Speaker)[] = [];
  return {
    enrol(samples) {
      const print = clear(samples);
      if (print) voices.learn(print);
      return print !== undefined;
    },
    judge(samples) {
      const print = clear(samples);
      const probability = print && voices.judge(print);
      const speaker = probability === undefined ? (print ? UNHEARD : TOO_LITTLE) : spokenBy(probability);
      judged.push(probability === undefined ? speaker : 'print');
      return speaker;
    },
    glimpse(samples) {
      const print = clear(samples);
      const probability = print && voices.glimpse(print);
      return probability === undefined ? TOO_LITTLE : spokenBy(probability);
    },
    reconsidered() {
      const probabilities = voices.reconsidered();
      let forgotten = judged.filter((one) => one === 'print').length - probabilities.length;
      while (forgotten > 0) if (judged.shift() === 'print') forgotten--;
      let index = 0;
      return judged.map((one) => (one === 'print' ? spokenBy(probabilities[index++] ?? 0.5) : one));
    },
    export: () => voices.known(),
  };
}

/** A probability of being the user, in words. */
function spokenBy(user: number): Speaker {
  if (user >= SURE) return { who: 'user', probability: user };
  if (user <= 1 - SURE) return { who: 'other', probability: 1 - user };
  return { who: 'unknown', probability: user };
}
