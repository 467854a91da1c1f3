import type { Kind } from '../core/entry.ts';
import { othersFirst } from '../core/flow.ts';
import type { Clock, Opened, Store } from '../core/ports.ts';
import { type SaidIndex, saidIndex } from '../insight/said-index.ts';
import { type Match, matcher } from '../insight/search.ts';

/** A place where something was said. */
export type Place = {
  readonly id: string;
  readonly kind: Kind;
  readonly title: string;
  readonly seq: number;
  readonly by: string;
  readonly at: string;
  readonly text: string;
  readonly match: Match;
};

/** What is looked for: words, in conversations of these kinds, so many places at most; `invited`: also where only those may read who were invited. */
export type Wanted = { readonly query: string; readonly kinds: readonly Kind[]; readonly limit: number; readonly invited?: boolean };

/** The best places, how many there are in all, and whether everything was looked through. */
export type Finding = { readonly places: readonly Place[]; readonly total: number; readonly complete: boolean };

export type Search = (wanted: Wanted, stop: AbortSignal) => Promise<Finding>;

export type SearchedParts = {
  readonly store: Store;
  readonly clock: Clock;
  /** So many bytes of words stay in memory between searches. */
  readonly memory: number;
  /** How long a search may take, in ms. */
  readonly patience: number;
};

/** So many letters are looked through before others get their turn; a line counts as this many at least. */
const breath = 262_144;
const least = 64;
/** So many entries are taken in before others get theirs. */
const atATime = 64;

/** A store that can be searched. Entries are sealed on disk: what is searched once stays in memory as far as there is room, and follows what is written, taken away and erased. */
export function searched({ store, clock, memory, patience }: SearchedParts): { store: Store; search: Search } {
  const index = saidIndex(memory);
  const loading = new Map<string, Promise<boolean>>();

  /** Brings a conversation into memory; answers whether all of it could be read. */
  function load(id: string): Promise<boolean> {
    const known = loading.get(id) ?? (index.has(id) ? Promise.resolve(true) : undefined);
    if (known) return known;
    index.begin(id);
    const reading = readInto(index, id, store).finally(() => loading.delete(id));
    loading.set(id, reading);
    return reading;
  }

  async function search({ query, kinds, limit, invited = false }: Wanted, stop: AbortSignal): Promise<Finding> {
    const match = matcher(query);
    const began = clock.now();
    const places: Place[] = [];
    let complete = true;
    let total = 0;
    let looked = 0;
    for await (const { id, kind } of opened(store, kinds)) {
      stop.throwIfAborted();
      if (!index.has(id) && clock.now() - began > patience) {
        complete = false;
        continue;
      }
      const whole = await load(id);
      complete &&= whole;
      const { title, lines, ...known } = index.lines(id);
      // what could not be read whole is read again the next time
      if (!whole) index.drop(id);
      if (known.invited && !invited) continue;
      for (const line of lines) {
        looked += Math.max(least, line.text.length);
        if (looked >= breath) {
          looked = 0;
          await othersFirst();
          stop.throwIfAborted();
        }
        const found = match(line.text);
        if (!found) continue;
        total += 1;
        places.push({ id, kind, title, ...line, match: found });
        // of what is everywhere only the best is kept in mind
        if (places.length > 8 * limit) best(places, limit);
      }
    }
    best(places, limit);
    return { places, total, complete };
  }

  return {
    search,
    store: {
      get epoch() {
        return store.epoch;
      },
      async append(id, entries) {
        await store.append(id, entries);
        index.note(id, entries);
      },
      read: (id, after) => store.read(id, after),
      list: () => store.list(),
      async scrub(id, seqs) {
        // whatever becomes of it on disk, it is not found any more
        index.forget(id, seqs);
        await store.scrub(id, seqs);
      },
      keepSound: (id, chunk, bytes) => store.keepSound(id, chunk, bytes),
      sounds: (id, after) => store.sounds(id, after),
      dropSounds: (id, chunks) => store.dropSounds(id, chunks),
      async erase(id) {
        index.drop(id);
        await store.erase(id);
        // a search may have read it meanwhile
        index.drop(id);
      },
      close: () => store.close(),
    },
  };
}

/** Leaves the best places, of equal ones the newest, in order. */
function best(places: Place[], limit: number): void {
  places.sort((one, other) => other.match.score - one.match.score || Number(one.at < other.at) - Number(one.at > other.at));
  places.length = Math.min(places.length, limit);
}

async function* opened(store: Store, kinds: readonly Kind[]): AsyncGenerator<Opened> {
  for await (const each of store.list()) if (kinds.includes(each.kind)) yield each;
}

async function readInto(index: SaidIndex, id: string, store: Store): Promise<boolean> {
  try {
    for await (const page of store.read(id))
      for (let from = 0; from < page.length; from += atATime) {
        index.note(id, page.slice(from, from + atATime));
        await othersFirst();
      }
    return true;
  } catch {
    // what is damaged is searched as far as it can be read
    return false;
  }
}
