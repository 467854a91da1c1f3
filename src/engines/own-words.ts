import type { Serving, Voice } from '../core/ports.ts';

/** A voice over one that speaks only what it has said itself: all else, and what fails there before its first sound, is spoken by the usual one. */
export function ownWords(own: Voice, hasSaid: (text: string) => boolean, usual: Voice<Serving>): Voice<Serving> {
  return {
    ...usual,
    async *speak(text, stop) {
      let given = false;
      try {
        if (hasSaid(text))
          for await (const piece of own.speak(text, stop)) {
            given = true;
            yield piece;
          }
      } catch (problem) {
        // half a sentence in one voice and half in another would only confuse
        if (given) throw problem;
      }
      if (!given && !stop.aborted) yield* usual.speak(text, stop);
    },
  };
}
