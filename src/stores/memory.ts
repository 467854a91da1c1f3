import type { Entry } from '../core/entry.ts';
import { tombstone } from '../core/forgetting.ts';
import type { Opened, Store } from '../core/ports.ts';
import { isNumber, isScrubbable, notInTurn, notKept, notNumbered, notScrubbable } from './promises.ts';

/** Keeps conversations for the life of the process: for tests, recordings and trying things out. Each one has an `epoch` of its own. */
export function memoryStore(epoch = 'memory'): Store {
  const logs = new Map<string, Entry[]>();
  const recordings = new Map<string, Map<number, Uint8Array>>();
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
      yield (logs.get(id) ?? []).slice(after);
    },
    async *list() {
      const opened = [...logs].flatMap(([id, [first]]): Opened[] =>
        first?.type === 'opened' ? [{ id, kind: first.kind, at: first.at, hasSound: (recordings.get(id)?.size ?? 0) > 0 }] : [],
      );
      yield* opened.sort((a, b) => Number(a.at < b.at) - Number(a.at > b.at));
    },
    async scrub(id, seqs) {
      const log = logs.get(id);
      if (!log) throw notKept();
      if (seqs.some((seq) => !isScrubbable(seq, log.length))) throw notScrubbable();
      for (const seq of seqs) log[seq - 1] = tombstone(log[seq - 1]!);
    },
    async keepSound(id, chunk, bytes) {
      if (!logs.has(id)) throw notKept();
      if (!isNumber(chunk)) throw notNumbered();
      const sounds = recordings.get(id) ?? new Map<number, Uint8Array>();
      if (!sounds.has(chunk)) sounds.set(chunk, bytes.slice());
      recordings.set(id, sounds);
    },
    async *sounds(id, after = -1) {
      for (const [chunk, bytes] of [...(recordings.get(id) ?? [])].sort(([a], [b]) => a - b)) if (chunk > after) yield { chunk, bytes };
    },
    async dropSounds(id, { from, to } = { from: 0, to: Number.MAX_SAFE_INTEGER }) {
      const sounds = recordings.get(id);
      for (const chunk of sounds?.keys() ?? []) if (chunk >= from && chunk <= to) sounds?.delete(chunk);
    },
    async erase(id) {
      logs.delete(id);
      recordings.delete(id);
    },
    async close() {},
  };
}
