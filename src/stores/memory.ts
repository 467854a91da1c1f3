import type { Entry } from '../core/entry.ts';
import type { Opened, Store } from '../core/ports.ts';
import { notInTurn, notKept } from './storage-problem.ts';

/** Keeps conversations for the life of the process: for tests, recordings and trying things out. Each one has an `epoch` of its own. */
export function memoryStore(epoch = 'memory'): Store {
  const logs = new Map<string, Entry[]>();
  return {
    epoch,
    async append(id, entries) {
      const log = logs.get(id) ?? [];
      if (log.length === 0 && entries[0]?.type !== 'opened') throw notKept();
      if (entries.some((entry, index) => entry.seq !== log.length + index + 1)) throw notInTurn();
      log.push(...entries);
      logs.set(id, log);
    },
    async *read(id, after = 0) {
      yield* (logs.get(id) ?? []).slice(after);
    },
    async *list() {
      const opened = [...logs].flatMap(([id, log]): Opened[] => (log[0]?.type === 'opened' ? [{ id, kind: log[0].kind, at: log[0].at }] : []));
      yield* opened.sort((a, b) => Number(a.at < b.at) - Number(a.at > b.at));
    },
    async erase(id) {
      logs.delete(id);
    },
    async close() {},
  };
}
