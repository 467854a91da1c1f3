import type { Entry } from '../core/entry.ts';
import type { KeptSound, Store } from '../core/ports.ts';
import type { Listed } from './sealed.ts';
import { sheet } from './sheets.ts';
import { damagedList } from './storage-problem.ts';

/** What is written together with what others write, in one commit. */
export type Job =
  | { readonly type: 'append'; readonly id: string; readonly entries: readonly Entry[] }
  | { readonly type: 'keep'; readonly id: string; readonly chunk: number; readonly bytes: Uint8Array };

/** Everything that is ever asked of a database. */
export type Question =
  | Job
  | { readonly type: 'list' }
  | { readonly type: 'read'; readonly id: string; readonly after: number; readonly limit: number }
  | { readonly type: 'sounds'; readonly id: string; readonly after: number; readonly limit: number }
  | { readonly type: 'scrub'; readonly id: string; readonly seqs: readonly number[] }
  | { readonly type: 'drop'; readonly id: string; readonly from: number; readonly to: number }
  | { readonly type: 'erase'; readonly id: string };

/** Some entries as one JSON array, which is quicker to hand on and to read than each alone. */
export type Page = { readonly entries: string; readonly isLast: boolean };

/** Whoever answers: a page for `read`, pieces for `sounds`, whether that was all for `drop`. */
export type Ask = <T>(question: Question) => Promise<T>;

/** Entries read at a time, whole sheets of them, so that a long conversation never stands in memory twice. */
const page = 8 * sheet;
const pageOfSound = 64;

/** Pieces of sound that are taken away at a time, so that nobody has to wait long. */
export const atATime = 400;

/** All of the sound. */
const every = { from: 0, to: Number.MAX_SAFE_INTEGER };
export const isEvery = (from: number, to: number): boolean => from === every.from && to === every.to;

/** A store over whatever answers its questions: the same for every database. */
export function askedStore(epoch: string, ask: Ask, close: () => Promise<void>): Store {
  const dropSounds = async (id: string, { from, to } = every): Promise<void> => {
    while (!(await ask<boolean>({ type: 'drop', id, from, to })));
  };
  return {
    epoch,
    append: (id, entries) => ask({ type: 'append', id, entries }),
    async *read(id, after = 0) {
      const pageAfter = (from: number, limit: number) => {
        const asked = ask<Page>({ type: 'read', id, after: from, limit });
        // whoever reads no further never learns what was wrong with the rest
        asked.catch(() => undefined);
        return asked;
      };
      let limit = page - (after % sheet);
      let next = pageAfter(after, limit);
      for (let from = after; ; ) {
        const found = await next.catch((error) => {
          if (limit === 1) throw error;
          return undefined;
        });
        // what stands before the damage is as it was written: it is found by halves
        if (!found) limit = Math.ceil(limit / 2);
        else from += limit;
        // the next page comes while this one is read
        if (!found?.isLast) next = pageAfter(from, limit);
        if (found) yield JSON.parse(found.entries) as Entry[];
        if (found?.isLast) return;
      }
    },
    async *list() {
      const { opened, isWhole } = await ask<Listed>({ type: 'list' });
      yield* opened;
      if (!isWhole) throw damagedList();
    },
    scrub: (id, seqs) => ask({ type: 'scrub', id, seqs }),
    keepSound: (id, chunk, bytes) => ask({ type: 'keep', id, chunk, bytes }),
    async *sounds(id, after = -1) {
      for (let from = after; ; ) {
        const pieces = await ask<KeptSound[]>({ type: 'sounds', id, after: from, limit: pageOfSound });
        yield* pieces;
        if (pieces.length < pageOfSound) return;
        from = pieces.at(-1)!.chunk;
      }
    },
    dropSounds: (id, chunks) => dropSounds(id, chunks),
    async erase(id) {
      // hours of sound go piece by piece, so that others can write in between; what is damaged goes in one piece
      await dropSounds(id).catch(() => undefined);
      await ask({ type: 'erase', id });
    },
    close,
  };
}
