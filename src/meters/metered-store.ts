import type { Meter } from '../core/meter.ts';
import type { Store } from '../core/ports.ts';
import { asProblem } from '../core/problem.ts';

/** The same store; what it keeps, loses and erases is counted and timed. */
export function meteredStore(store: Store, meter: Meter, now: () => number): Store {
  return {
    ...store,
    async append(talk, entries) {
      const since = now();
      meter.note({ type: 'waiting', what: 'entries', by: entries.length });
      try {
        await store.append(talk, entries);
      } catch (error) {
        meter.note({ type: 'lost', code: asProblem(error, 'storage_failed', '').code });
        throw error;
      } finally {
        meter.note({ type: 'waiting', what: 'entries', by: -entries.length });
      }
      meter.note({ type: 'kept', talk, entries, ms: now() - since });
    },
    async erase(talk) {
      await store.erase(talk);
      meter.note({ type: 'erased', talk });
    },
  };
}
