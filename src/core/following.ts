type Step<T> = IteratorResult<T, void>;

/** What comes, one thing at a time, until its reader has had enough. */
export type Stream<T> = AsyncIterableIterator<T, void, undefined> & { return(): Promise<Step<T>> };

/** A stream that looks again for what comes next whenever it is told to: `wake`. */
export type Following<T> = Stream<T> & { wake(): void };

type Asked<T> = { resolve: (step: Step<T>) => void; reject: (error: unknown) => void };

/** Follows what `step` finds, `undefined` where there is nothing yet; `begun` and `over` are told when somebody begins to read, one thing at a time, and when nobody does any more. */
// by hand, because a generator sets aside twice as much for each thing, and a crowd is told twenty thousand a second
export function following<T>(step: () => Step<T> | undefined, begun: () => void, over: () => void): Following<T> {
  let state: 'new' | 'open' | 'over' = 'new';
  let asked: Asked<T> | undefined;
  const end = () => {
    if (state === 'open') over();
    state = 'over';
  };
  /** Answers whoever asked, as far as there is an answer. */
  function look({ resolve, reject }: Asked<T>): void {
    try {
      const next = step();
      if (!next) return;
      asked = undefined;
      if (next.done) end();
      resolve(next);
    } catch (error) {
      asked = undefined;
      end();
      reject(error);
    }
  }
  return {
    wake() {
      if (asked) look(asked);
    },
    next() {
      if (state === 'new') {
        state = 'open';
        begun();
      }
      return new Promise((resolve, reject) => {
        if (state === 'over') return resolve({ value: undefined, done: true });
        asked = { resolve, reject };
        look(asked);
      });
    },
    async return() {
      end();
      asked?.resolve({ value: undefined, done: true });
      asked = undefined;
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
