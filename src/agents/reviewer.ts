import type { Conversation } from '../core/conversation.ts';
import type { Entry, EntryOf, HeardAgain, Review } from '../core/entry.ts';
import { first, isOver } from '../core/views.ts';
import { rulesReview } from '../insight/report.ts';

/** Brings one conversation to its end: ended once, reviewed once, however many ask; `why` is a sentence where nobody asked; once it is `late`, the rules judge. */
export type Finish = (talk: Conversation, stop: AbortSignal, why?: string, late?: AbortSignal) => Promise<EntryOf<'reviewed'>>;

/** Who judges; the rules do when nobody else is given, or when the other fails. */
export type ReviewerParts = {
  readonly review?: (entries: readonly Entry[], stop: AbortSignal, late: AbortSignal, talk: string) => Review | Promise<Review>;
  /** Mends the log before it is judged; says what came of it, where there was anything to be done. */
  readonly hearAgain?: ((talk: Conversation, stop: AbortSignal) => Promise<HeardAgain | undefined>) | undefined;
};

type Work = { readonly done: Promise<EntryOf<'reviewed'>>; readonly control: AbortController; waiting: number };

const name = 'reviewer';

const notAgain = 'The kept sound could not be heard once more.';

/** Every ear there is listens to one microphone: it hears one voice at a time, so nobody can be seen to interrupt. */
const byRules = (entries: readonly Entry[]): Review => rulesReview(entries, { overlap: false });

/** Makes the reviewer: the first call appends the end and the review, every other gets what is stored. */
export function reviewer({ review = byRules, hearAgain = async () => undefined }: ReviewerParts = {}): Finish {
  const working = new WeakMap<Conversation, Work>();

  async function judge(entries: readonly Entry[], stop: AbortSignal, late: AbortSignal, talk: string): Promise<Review> {
    try {
      return await review(entries, stop, late, talk);
    } catch {
      stop.throwIfAborted();
      return { ...byRules(entries), degraded: true };
    }
  }

  /** Whatever goes wrong with it, what was heard live stands. */
  async function mended(talk: Conversation, stop: AbortSignal): Promise<HeardAgain | undefined> {
    try {
      return await hearAgain(talk, stop);
    } catch {
      stop.throwIfAborted();
      return { mended: 0, added: 0, why: notAgain };
    }
  }

  async function finish(talk: Conversation, why: string, late: AbortSignal, stop: AbortSignal): Promise<EntryOf<'reviewed'>> {
    const again = isOver(talk.entries) ? undefined : await mended(talk, stop);
    // the end comes first, so that the log that is judged is whole: what was on its way is in it, what comes later is refused
    if (!isOver(talk.entries))
      await talk.append({ by: name, type: 'ended', why }).catch((error) => {
        if (!isOver(talk.entries)) throw error;
      });
    // the process may have died between the two: the review is made up for here
    if (!first(talk.entries, 'reviewed')) {
      const verdict = await judge([...talk.entries], stop, late, talk.id);
      await talk.append({ by: name, type: 'reviewed', review: { ...verdict, ...(again && { heard_again: again }) } });
    }
    return first(talk.entries, 'reviewed')!;
  }

  function start(talk: Conversation, why: string, late: AbortSignal): Work {
    const control = new AbortController();
    const done = finish(talk, why, late, control.signal).finally(() => working.delete(talk));
    done.catch(() => undefined);
    const work = { done, control, waiting: 0 };
    working.set(talk, work);
    return work;
  }

  return async (talk, stop, why = 'finished', late = new AbortController().signal) => {
    stop.throwIfAborted();
    const work = working.get(talk) ?? start(talk, why, late);
    work.waiting += 1;
    let onStop = () => {};
    const stopped = new Promise<never>((_, reject) => {
      onStop = () => reject(stop.reason);
      stop.addEventListener('abort', onStop, { once: true });
    });
    try {
      return await Promise.race([work.done, stopped]);
    } finally {
      stop.removeEventListener('abort', onStop);
      work.waiting -= 1;
      // the last one who waited has gone: nobody needs the verdict now
      if (work.waiting === 0) work.control.abort(stop.reason);
    }
  };
}
