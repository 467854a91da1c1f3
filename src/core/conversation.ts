import type { Draft, Entry, News, Signal, Span } from './entry.ts';
import { othersFirst } from './flow.ts';
import { type Following, following, type Stream } from './following.ts';
import { quotesRemoved, tombstone } from './forgetting.ts';
import { Problem } from './problem.ts';

/** A numbered list of entries that everybody follows and appends to. */
export interface Conversation {
  readonly id: string;
  readonly entries: readonly Entry[];
  /** How many are following right now, agents included. */
  readonly followers: number;
  /** Numbers and dates it, puts it on disk, then shows it — in the order of the calls. */
  append(draft: Draft): Promise<Entry>;
  /** Takes what is chosen off the record, here and on disk, in its turn among what is appended; answers with the entry that says so. */
  forget(asked: Asked, choose: (entries: readonly Entry[]) => readonly number[]): Promise<Entry>;
  /** Tells those present; a slow follower loses the oldest signals, never an entry. */
  signal(signal: Signal): void;
  /** What was missed after `after`, then what is new, in the order it happened. */
  follow(after: number, stop: AbortSignal): Stream<News>;
  /** Ends every follower's stream and takes nothing more: this conversation is going to sleep or is gone; with a problem, everybody is told it. */
  close(why?: Problem): void;
}

/** Who wants something forgotten, of which time, and under which id of their own. */
export type Asked = { readonly by: string; readonly ref?: string; readonly span?: Span };

type Answer = { resolve: (entry: Entry) => void; reject: (error: unknown) => void };
type Waiting = Answer & { draft: Draft };
type Forgetting = Answer & { asked: Asked; choose: (entries: readonly Entry[]) => readonly number[] };
type Follower = { news: Following<News>; signals: { after: number; signal: Signal }[] };

/** Signals a follower may leave unread before it loses the oldest. */
const unread = 512;

/** After so many entries others have their turn. */
const handful = 64;

/** What may still be noted when the conversation is over. */
const afterwards = new Set<Draft['type']>(['rated', 'played', 'left', 'reviewed', 'granted', 'revoked']);

/** Whether it may come after the end; whose conversation it was may still say that a line was heard wrongly, an ear may not change its mind any more. */
export const mayFollow = ({ type, by }: Pick<Draft, 'type' | 'by'>): boolean => afterwards.has(type) || (type === 'corrected' && by === 'user');

const tooLate =
  'This session is finished, and its feedback rests on every line, so no single one can go any more. Erase the whole session if this must not be kept.';

/** Opens the log of one conversation over the entries it already has; `save` returns when they are safe. */
export function conversation(
  id: string,
  past: readonly Entry[],
  save: (entries: readonly Entry[]) => Promise<void>,
  now: () => number,
  scrub: (seqs: readonly number[]) => Promise<void> = async () => undefined,
): Conversation {
  const entries: Entry[] = [...past];
  const followers = new Set<Follower>();
  const waiting: (Waiting | Forgetting)[] = [];
  let unscrubbed: number[] = [];
  let saving = false;
  let ended = past.some((entry) => entry.type === 'ended');
  let closed = false;
  let why: Problem | undefined;

  const rouse = () => {
    for (const { news } of followers) news.wake();
  };

  /** Why this cannot be written down. */
  function refusal(draft: Draft): Problem | undefined {
    if (closed)
      return why ?? new Problem('session_not_found', 'This session is not open here any more. Connect to it again to go on, unless it was erased.');
    if (ended && !mayFollow(draft))
      return new Problem('session_finished', 'This session is finished; nothing can be added to it. Start a new one to go on.');
    if (quotesRemoved(draft, entries))
      return new Problem('off_the_record', 'What this is about was taken off the record, so it was not written down.');
    return undefined;
  }

  async function write(items: readonly Waiting[]): Promise<void> {
    const batch: Waiting[] = [];
    const fresh: Entry[] = [];
    for (const item of items) {
      const problem = refusal(item.draft);
      if (problem) {
        item.reject(problem);
        continue;
      }
      if (item.draft.type === 'ended') ended = true;
      batch.push(item);
      fresh.push({ ...item.draft, seq: entries.length + fresh.length + 1, at: new Date(now()).toISOString() });
    }
    if (batch.length === 0) return;
    try {
      await save(fresh);
      entries.push(...fresh);
      // told in a moment: what waits is on its way to disk before a crowd is told what is there
      queueMicrotask(() => {
        for (const [index, item] of batch.entries()) item.resolve(fresh[index]!);
        rouse();
      });
    } catch (error) {
      ended = entries.some((entry) => entry.type === 'ended');
      for (const item of batch) item.reject(error);
    }
  }

  /** First it is written down what is to go: whoever wakes this conversation after a crash does the rest. */
  async function remove({ asked, choose, resolve, reject }: Forgetting): Promise<void> {
    try {
      if (ended) throw new Problem('session_finished', tooLate);
      const of = [...choose(entries)];
      const problem = refusal({ ...asked, type: 'removed' });
      if (problem) throw problem;
      const marker: Entry = { ...asked, type: 'removed', of, seq: entries.length + 1, at: new Date(now()).toISOString() };
      await save([marker]);
      for (const seq of of) entries[seq - 1] = tombstone(entries[seq - 1]!);
      entries.push(marker);
      rouse();
      unscrubbed = [...unscrubbed, ...of];
      await scrub(unscrubbed);
      unscrubbed = [];
      resolve(marker);
    } catch (error) {
      reject(error);
    }
  }

  /** One flush at a time; everything that waited meanwhile goes into the next. */
  async function flush(): Promise<void> {
    if (saving) return;
    saving = true;
    for (let next = waiting[0]; next; next = waiting[0]) {
      if ('choose' in next) {
        waiting.shift();
        await remove(next);
      } else {
        const until = waiting.findIndex((item) => 'choose' in item);
        await write(waiting.splice(0, until === -1 ? waiting.length : until) as Waiting[]);
      }
    }
    saving = false;
  }

  return {
    id,
    entries,
    get followers() {
      return followers.size;
    },
    append(draft) {
      return new Promise((resolve, reject) => {
        waiting.push({ draft, resolve, reject });
        void flush();
      });
    },
    forget(asked, choose) {
      return new Promise((resolve, reject) => {
        waiting.push({ asked, choose, resolve, reject });
        void flush();
      });
    },
    signal(signal) {
      for (const follower of followers) {
        follower.signals.push({ after: entries.length, signal });
        if (follower.signals.length > unread) follower.signals.shift();
      }
      rouse();
    },
    follow(after, stop) {
      let cursor = after;
      let inARow = 0;
      const step = (): IteratorResult<News, void> | undefined => {
        if (stop.aborted) return { value: undefined, done: true };
        const next = follower.signals[0];
        if (next && next.after <= cursor) {
          follower.signals.shift();
          return { value: next.signal, done: false };
        }
        if (cursor < entries.length && inARow === handful) {
          // of a log that was woken there is much to catch up with
          inARow = 0;
          othersFirst().then(news.wake);
          return undefined;
        }
        if (cursor < entries.length) {
          inARow += 1;
          cursor += 1;
          return { value: entries[cursor - 1]!, done: false };
        }
        inARow = 0;
        if (why) throw why;
        return closed ? { value: undefined, done: true } : undefined;
      };
      const begun = () => {
        followers.add(follower);
        stop.addEventListener('abort', news.wake, { once: true });
      };
      const over = () => {
        followers.delete(follower);
        stop.removeEventListener('abort', news.wake);
      };
      const news = following(step, begun, over);
      const follower: Follower = { news, signals: [] };
      return news;
    },
    close(problem) {
      closed = true;
      why ??= problem;
      rouse();
    },
  };
}
