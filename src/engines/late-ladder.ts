import type { AttributedWord, LateListener } from '../core/ports.ts';
import { climbed, type Rung } from './ladder.ts';

/** Listeners to whole recordings over one another: each recording is heard by the best that works. */
export const lateLadder = (rungs: readonly Rung<LateListener>[]): LateListener => ({
  async listen(recording, hints, stop) {
    async function* heardBy(listener: LateListener, spend: (amount: number) => void) {
      spend(recording.ms);
      yield await listener.listen(recording, hints, stop);
    }
    let words: AttributedWord[] = [];
    const climb = { rungs, code: 'ears_failed', talk: hints.talk ?? '', work: heardBy, mayRepeat: () => true } as const;
    for await (const heard of climbed(climb, stop)) if (!('serving' in heard)) words = heard;
    stop.throwIfAborted();
    return words;
  },
});
