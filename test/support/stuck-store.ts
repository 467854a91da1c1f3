import type { Store } from '../../src/core/ports.ts';

/** A store that can be made to answer nothing for a while, like one on a disk that hangs: what was asked of it is done when it goes on, in order. */
export function stuckStore(store: Store) {
  let free: Promise<void> = Promise.resolve();
  let release = () => {};
  let asked = 0;
  const after = async <T>(work: () => Promise<T>): Promise<T> => {
    asked += 1;
    await free;
    return work();
  };
  async function* behind<T>(items: () => AsyncIterable<T>) {
    await free;
    yield* items();
  }
  const stuck: Store = {
    epoch: store.epoch,
    append: (id, entries) => after(() => store.append(id, entries)),
    read: (id, from) => behind(() => store.read(id, from)),
    list: () => behind(() => store.list()),
    scrub: (id, seqs) => after(() => store.scrub(id, seqs)),
    keepSound: (id, chunk, bytes) => after(() => store.keepSound(id, chunk, bytes)),
    sounds: (id, from) => behind(() => store.sounds(id, from)),
    dropSounds: (id, chunks) => after(() => store.dropSounds(id, chunks)),
    erase: (id) => after(() => store.erase(id)),
    close: () => store.close(),
  };
  return {
    store: stuck,
    /** How often something was to be written. */
    get asked() {
      return asked;
    },
    stick() {
      free = new Promise((resolve) => {
        release = resolve;
      });
    },
    goOn: () => release(),
  };
}
