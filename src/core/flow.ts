/** A stream that others write into; reading takes what is there and waits for more. `offer` over the limit drops the oldest and returns it. */
export type Channel<T> = AsyncIterable<T> & { offer(item: T): T | undefined; end(error?: unknown): void; readonly size: number };

/** Makes a channel that holds at most `limit` items. One reader. */
export function channel<T>(limit = Number.POSITIVE_INFINITY): Channel<T> {
  const items: T[] = [];
  let ended = false;
  let error: unknown;
  let wake: (() => void) | undefined;
  const rouse = () => {
    wake?.();
    wake = undefined;
  };
  return {
    get size() {
      return items.length;
    },
    offer(item) {
      if (ended) return item;
      items.push(item);
      const dropped = items.length > limit ? items.shift() : undefined;
      rouse();
      return dropped;
    },
    end(cause) {
      if (ended) return;
      ended = true;
      error = cause;
      rouse();
    },
    async *[Symbol.asyncIterator]() {
      try {
        for (;;) {
          if (items.length > 0) yield items.shift() as T;
          else if (ended) {
            if (error !== undefined) throw error;
            return;
          } else
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
        }
      } finally {
        ended = true;
        items.length = 0;
      }
    },
  };
}

/** What comes first; nothing more is read. */
export async function firstOf<T>(source: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of source) return item;
  return undefined;
}

/** Reads a source until `stop`; being stopped ends the stream and is no failure. */
export async function* until<T>(source: AsyncIterable<T>, stop: AbortSignal): AsyncGenerator<T, void, undefined> {
  if (stop.aborted) return;
  const iterator = source[Symbol.asyncIterator]();
  let halt: ((end: IteratorReturnResult<undefined>) => void) | undefined;
  const onStop = () => halt?.({ done: true, value: undefined });
  stop.addEventListener('abort', onStop, { once: true });
  try {
    for (;;) {
      const step = await new Promise<IteratorResult<T, unknown>>((resolve, reject) => {
        halt = resolve;
        if (stop.aborted) resolve({ done: true, value: undefined });
        iterator.next().then(resolve, reject);
      });
      halt = undefined;
      if (step.done) return;
      yield step.value;
    }
  } finally {
    stop.removeEventListener('abort', onStop);
    // a source that is still waiting would hold us up: let it go without waiting for it
    const released = iterator.return?.();
    released?.then(undefined, () => undefined);
  }
}

/** Works on each item until a newer one comes; the newer waits until the older work has let go. */
export async function latest<T>(source: AsyncIterable<T>, work: (item: T, stop: AbortSignal) => Promise<void>, stop: AbortSignal): Promise<void> {
  let current: { control: AbortController; done: Promise<void> } | undefined;
  const letGo = async () => {
    current?.control.abort();
    await current?.done;
    current = undefined;
  };
  try {
    for await (const item of until(source, stop)) {
      await letGo();
      const control = new AbortController();
      let failed: { error: unknown } | undefined;
      current = {
        control,
        done: work(item, AbortSignal.any([control.signal, stop]))
          .catch((error) => {
            failed = { error };
          })
          .then(() => {
            if (failed && !control.signal.aborted && !stop.aborted) throw failed.error;
          }),
      };
      current.done.catch(() => undefined);
    }
    await current?.done;
  } finally {
    await letGo();
  }
}

/** Reads ahead of its reader by at most `count` items. */
export async function* ahead<T>(source: AsyncIterable<T>, count: number): AsyncGenerator<T, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  const pending: Promise<IteratorResult<T, unknown>>[] = [];
  const ask = () => {
    const step = iterator.next();
    step.catch(() => undefined);
    pending.push(step);
  };
  try {
    ask();
    for (;;) {
      while (pending.length <= count) ask();
      const step = await pending.shift()!;
      if (step.done) return;
      yield step.value;
    }
  } finally {
    await iterator.return?.();
  }
}

/** Lets everybody else have their turn before somebody who has much to do goes on. */
export const othersFirst = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
