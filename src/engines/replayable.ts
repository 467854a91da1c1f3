import { until } from '../core/flow.ts';

/** A stream that can be read again from its beginning while it still comes: what was read is kept. */
export type Replayable<T> = {
  read(): AsyncGenerator<T, void, undefined>;
  /** What was read so far. */
  readonly kept: readonly T[];
  /** Nobody will read on. */
  release(): void;
};

/** Whether nothing is in it at all. */
export async function isEmpty<T>(stream: Replayable<T>, stop: AbortSignal): Promise<boolean> {
  for await (const _ of until(stream.read(), stop)) return false;
  return true;
}

/** Makes a stream repeatable. */
export function replayable<T>(source: AsyncIterable<T>): Replayable<T> {
  const iterator = source[Symbol.asyncIterator]();
  const kept: T[] = [];
  let asking: Promise<boolean> | undefined;

  // a reader who has given up meanwhile loses nothing for the next: what he asked for is kept
  const ask = (): Promise<boolean> => {
    asking ??= iterator
      .next()
      .then(({ done, value }) => {
        if (!done) kept.push(value);
        return !done;
      })
      .finally(() => {
        asking = undefined;
      });
    return asking;
  };

  return {
    kept,
    async *read() {
      for (let at = 0; ; at += 1) {
        while (at >= kept.length) if (!(await ask())) return;
        yield kept[at]!;
      }
    },
    release() {
      iterator.return?.().then(undefined, () => undefined);
    },
  };
}
