import type { Entry } from '../core/entry.ts';
import type { Opened, Store } from '../core/ports.ts';

/** Keeps conversations for the life of the process: for tests, recordings and trying things out. */
export function memoryStore(): Store {
  const logs = new Map<string, Entry[]>();
  return {
    async append(id, entries) {
      const log = logs.get(id) ?? [];
      log.push(...entries);
      logs.set(id, log);
    },
    async *read(id, after = 0) {
      yield* (logs.get(id) ?? []).slice(after);
    },
    async *list() {
      const opened = [...logs].flatMap(([id, log]): Opened[] => (log[0]?.type === 'opened' ? [{ id, kind: log[0].kind, at: log[0].at }] : []));
      yield* opened.sort((a, b) => (a.at < b.at ? 1 : -1));
    },
    async erase(id) {
      logs.delete(id);
    },
    async close() {},
  };
}
