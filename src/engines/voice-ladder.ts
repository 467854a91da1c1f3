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
          work(voice, spend) {
            spend(text.length);
            return voice.speak(text, stop);
          },
          mayRepeat: (given) => given === 0,
        },
        stop,
      ),
    prepare(text, stop) {
      const best = rungs.find(({ breaker, account }) => !breaker.trouble && !account?.refuses(talk));
      best?.engine.prepare?.(text, stop);
    },
  };
}
