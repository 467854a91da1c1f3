import type { Clock, Store } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';

const unanswered =
  'The storage does not answer, so it is not known whether this was kept. Come back in a moment: what the session shows then is kept, anything else say again.';
/** When it is worth trying again, in ms. */
const comeBack = 5_000;

/** So long the storage may take, in ms: for one thing, and to take away a whole conversation. */
export type Patience = { readonly storage: number; readonly erasing: number };

/** The same store; nobody waits for it for ever, and nothing is asked of a conversation to which it still owes something. */
export function punctualStore(store: Store, clock: Clock, { storage, erasing }: Patience): Store {
  const owed = new Map<string, Set<Promise<unknown>>>();
  const slow = () => new Problem('storage_slow', unanswered, { after: comeBack });

  function inTime<T>(work: Promise<T>, ms: number, onLate: () => void = () => undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const done = new AbortController();
      const late = async () => {
        await clock.sleep(ms, done.signal);
        // if it was this process that stood still, the answer may lie here already
        await clock.sleep(1, done.signal);
        onLate();
        reject(slow());
      };
      late().catch(() => undefined);
      work.then(resolve, reject).finally(() => done.abort(null));
    });
  }

  function owe(id: string, work: Promise<unknown>): void {
    const all = owed.get(id) ?? new Set();
    owed.set(id, all.add(work));
    const settle = () => {
      all.delete(work);
      if (all.size === 0) owed.delete(id);
    };
    work.then(settle, settle);
  }

  // whoever was told that it does not answer must not find later that it did behind their back
  const check = (id: string) => {
    if (owed.has(id)) throw slow();
  };

  async function write(id: string, ms: number, ask: () => Promise<void>): Promise<void> {
    check(id);
    const work = ask();
    await inTime(work, ms, () => owe(id, work));
  }

  /** One watch over all steps, because a list may have many thousand. */
  async function* read<T>(ask: () => AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    const iterator = ask()[Symbol.asyncIterator]();
    const done = new AbortController();
    let waiting: { since: number; giveUp: (why: Problem) => void } | undefined;
    async function watch(): Promise<void> {
      for (let rest = storage; ; rest = waiting ? waiting.since + storage - clock.now() : storage) {
        const before = waiting;
        await clock.sleep(Math.max(1, rest), done.signal);
        // if it was this process that stood still, the answer may lie here already
        if (rest <= 1 && waiting && waiting === before) waiting.giveUp(slow());
      }
    }
    watch().catch(() => undefined);
    try {
      for (;;) {
        const step = await new Promise<IteratorResult<T, unknown>>((resolve, reject) => {
          waiting = { since: clock.now(), giveUp: reject };
          iterator.next().then(resolve, reject);
        });
        waiting = undefined;
        if (step.done) return;
        yield step.value;
      }
    } finally {
      done.abort();
      // it may never end
      iterator.return?.()?.then(undefined, () => undefined);
    }
  }

  return {
    epoch: store.epoch,
    append: (id, entries) => write(id, storage, () => store.append(id, entries)),
    read: (id, after) =>
      read(() => {
        check(id);
        return store.read(id, after);
      }),
    list: () => read(() => store.list()),
    scrub: (id, seqs) => write(id, storage, () => store.scrub(id, seqs)),
    keepSound: (id, chunk, bytes) => write(id, storage, () => store.keepSound(id, chunk, bytes)),
    sounds: (id, after) =>
      read(() => {
        check(id);
        return store.sounds(id, after);
      }),
    dropSounds: (id, chunks) => write(id, erasing, () => store.dropSounds(id, chunks)),
    erase(id) {
      const work = Promise.allSettled(owed.get(id) ?? []).then(() => store.erase(id));
      return inTime(work, erasing, () => owe(id, work));
    },
    close: () => store.close(),
  };
}
