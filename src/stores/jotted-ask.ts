import type { Entry } from '../core/entry.ts';
import type { Ask, Page, Question } from './asked-store.ts';
import type { Jotter } from './jotter.ts';
import type { Jotting } from './jottings.ts';
import { isGone } from './storage-problem.ts';

type Of<T extends Question['type']> = Extract<Question, { type: T }>;
type Lines = Map<string, Entry[]>;

/** Lines lie in the jotter only until nobody has said anything for so long, and no longer than that; and after so long what the database would not have is offered again, in ms. */
const [quiet, atMost, again] = [250, 5_000, 2_000];

/** Conversations of which it is known how far they go; a server has hundreds at a time. */
const atHand = 512;

/** Where lines are jotted down before a database has them. */
export type Jotted = { readonly ask: Ask; lose(): void; close(): Promise<void> };

/** Asks the same of the same database; but a line that continues a conversation is kept as soon as it is jotted down, and the database is given many at a time: soon, or before anything else is asked of their conversation. `left` is what it would not have before. */
export function jottedAsk(ask: Ask, jotter: Jotter, left: readonly Jotting[]): Jotted {
  const ends = new Map<string, number>();
  /** What lies in the half that is being filled, and what is on its way to the database. */
  let fresh: Lines = new Map();
  const handed: Lines = new Map(left.map(({ id, entries }) => [id, [...entries]]));
  /** While the database would not have something, nothing is jotted down. */
  let refused = handed.size > 0;
  /** Halves that may hold what is no longer to be kept, and of which conversations; of any where `left` stands there. */
  let unclean = refused ? 2 : 0;
  const doubtful = new Set<string>();
  let isAnyDoubtful = refused;
  const going = new Set<string>();
  const cleaning = new Set<Promise<void>>();
  let open = true;
  let lost = false;
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<void> | undefined;
  /** Until a pause, and at the latest. */
  let pause: NodeJS.Timeout | undefined;
  let limit: NodeJS.Timeout | undefined;

  /** One thing after the other. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work, work);
    last = done;
    return done;
  }

  /** Hands over everything that was jotted down before it was called. */
  function settle(): Promise<void> {
    next ??= inTurn(() => {
      next = undefined;
      return handAll();
    });
    next.catch(() => settleIn(again));
    return next;
  }

  const settleQuietly = () => void settle().catch(() => undefined);

  function settleIn(ms: number): void {
    if (open) limit ??= setTimeout(settleQuietly, ms);
  }

  function settleSoon(): void {
    if (open) pause = pause?.refresh() ?? setTimeout(settleQuietly, quiet);
    settleIn(atMost);
  }

  async function handAll(): Promise<void> {
    clearTimeout(pause);
    clearTimeout(limit);
    pause = limit = undefined;
    const written = refused ? jotter.written() : jotter.turn();
    for (const [id, entries] of fresh) handed.set(id, [...(handed.get(id) ?? []), ...entries]);
    fresh = new Map();
    await written;
    const given = await Promise.allSettled([...handed].map(([id, entries]) => hand(id, entries)));
    const failed = given.find((one) => one.status === 'rejected');
    refused = failed !== undefined;
    if (failed) throw failed.reason;
    if (unclean === 0) return;
    await jotter.wipeOther();
    unclean -= 1;
    if (unclean > 0) return settleIn(quiet);
    doubtful.clear();
    isAnyDoubtful = false;
  }

  async function hand(id: string, entries: readonly Entry[]): Promise<void> {
    try {
      await ask({ type: 'append', id, entries });
    } catch (error) {
      // what nobody can read any more must not hold up the others
      if (!isGone(error)) throw error;
    }
    handed.delete(id);
  }

  const lies = (id: string) => fresh.has(id) || handed.has(id);

  async function settled(id: string): Promise<void> {
    if (lies(id))
      await settle().catch((error) => {
        if (lies(id)) throw error;
      });
  }

  /** Puts zeros over both halves, one after the other, once the database has what stands there. */
  async function clean(): Promise<void> {
    await settle();
    await settle();
  }

  function note(id: string, entries: readonly Entry[]): void {
    ends.delete(id);
    ends.set(id, entries.at(-1)!.seq);
    if (ends.size > atHand) ends.delete(ends.keys().next().value!);
  }

  /** Jots it down where it continues what is known; `undefined` where it does not, or where there is no room. */
  function jot({ id, entries }: Jotting): Promise<void> | undefined {
    const end = ends.get(id);
    // whatever comes next must not overtake it
    ends.delete(id);
    const continues = end !== undefined && entries.length > 0 && entries.every(({ seq }, index) => seq === end + 1 + index);
    if (!continues || !open || lost || refused || going.has(id)) return undefined;
    const written = jotter.write({ id, entries });
    if (!written) return undefined;
    fresh.set(id, [...(fresh.get(id) ?? []), ...entries]);
    note(id, entries);
    settleSoon();
    return written;
  }

  /** Whether it is on disk now; where it may not be, it is as if it had not been tried. */
  async function stays({ id, entries }: Jotting, written: Promise<void>): Promise<boolean> {
    try {
      await written;
      // without its thread this process has lost the file, and another may have it
      if (!lost) return true;
    } catch {
      // it goes another way
    }
    for (const lines of [fresh, handed]) {
      const others = lines.get(id)?.filter((entry) => !entries.includes(entry));
      if (others?.length === 0) lines.delete(id);
      else if (others) lines.set(id, others);
    }
    ends.delete(id);
    unclean = 2;
    return false;
  }

  async function append(question: Of<'append'>): Promise<void> {
    const { id, entries } = question;
    const written = jot(question);
    if (written && (await stays(question, written))) return;
    await settled(id);
    // lines of one that was erased must not be taken for its own
    if (entries[0]?.seq === 1 && (isAnyDoubtful || doubtful.has(id))) await clean();
    await ask(question);
    if (entries.length > 0 && !going.has(id)) note(id, entries);
  }

  async function read(question: Of<'read'>): Promise<Page> {
    const { id, after } = question;
    await settled(id).catch(() => undefined);
    const page = await ask<Page>(question);
    if (!page.isLast || !lies(id)) return page;
    // what the database would not have can be read all the same
    await jotter.written();
    const entries = JSON.parse(page.entries) as Entry[];
    const end = entries.at(-1)?.seq ?? after;
    const rest = [handed, fresh].flatMap((lines) => lines.get(id) ?? []).filter(({ seq }) => seq > end);
    return { entries: JSON.stringify([...entries, ...rest]), isLast: true };
  }

  async function erase(question: Of<'erase'>): Promise<void> {
    const { id } = question;
    ends.delete(id);
    going.add(id);
    try {
      await inTurn(async () => {
        await ask(question);
        for (const lines of [fresh, handed]) lines.delete(id);
      });
    } finally {
      going.delete(id);
    }
    doubtful.add(id);
    unclean = 2;
    await clean();
  }

  async function scrub(question: Of<'scrub'>): Promise<void> {
    await settled(question.id);
    await ask(question);
    unclean = 2;
    await clean();
  }

  /** What is begun is done before it is closed. */
  function noted(work: Promise<void>): Promise<void> {
    const done = work.finally(() => cleaning.delete(done));
    cleaning.add(done);
    return done;
  }

  function answer(question: Question): Promise<unknown> {
    switch (question.type) {
      case 'append':
        return append(question);
      case 'read':
        return read(question);
      case 'scrub':
        return noted(scrub(question));
      case 'erase':
        return noted(erase(question));
      default:
        return ask(question);
    }
  }

  if (refused) settleIn(again);
  return {
    ask: <T>(question: Question) => answer(question) as Promise<T>,
    /** The database is lost to this process, and so is the file. */
    lose() {
      lost = true;
    },
    async close() {
      open = false;
      await Promise.allSettled(cleaning);
      await settle().catch(() => undefined);
      clearTimeout(pause);
      clearTimeout(limit);
      await jotter.close();
    },
  };
}
