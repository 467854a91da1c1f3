import { Problem } from '../core/problem.ts';

/** What somebody has sent in so far: it takes up room until it is let go of. */
export interface Upload extends Disposable {
  /** Takes room for more of it, or says that there is none. */
  take(bytes: number): void;
}

const full = 'So much is being sent in at once that there is no room for more, so that was not kept. Send it again in a moment.';
const comeBack = 5_000;

/** Room in memory for what is on its way in, for all who send together. */
export function uploads(most: number): () => Upload {
  let taken = 0;
  return () => {
    let own = 0;
    return {
      take(bytes) {
        if (taken + bytes > most) throw new Problem('busy', full, { after: comeBack });
        taken += bytes;
        own += bytes;
      },
      [Symbol.dispose]() {
        taken -= own;
        own = 0;
      },
    };
  };
}
