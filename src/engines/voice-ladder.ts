import type { Serving, Voice } from '../core/ports.ts';
import { climbed, type Rung } from './ladder.ts';

/** Voices over one another, for one conversation: each suggestion is spoken by the best that works. Once its first sound is out nobody else goes on with it. */
export function voiceLadder(rungs: readonly Rung<Voice>[], talk: string): Voice<Serving> {
  return {
    speak: (text, stop) =>
      climbed(
        {
          rungs,
          code: 'voice_failed',
          talk,
          work: (voice) => voice.speak(text, stop),
          // half a sentence in one voice and half in another would only confuse
          mayRepeat: (given) => given === 0,
        },
        stop,
      ),
  };
}
