import type { Agent } from '../core/agent.ts';
import { type Entry, type EntryOf, isEntry } from '../core/entry.ts';
import { isOver } from '../core/views.ts';
import { type AnsweringParts, answering } from './answering.ts';
import { brainHealth } from './brain-health.ts';

const by = 'assistant';

/** Whether somebody has answered this already: the assistant did, or a client spoke for it. */
const isAnswered = (entries: readonly Entry[], { seq }: EntryOf<'said'>): boolean =>
  entries.slice(seq).some((entry) => entry.type === 'said' && entry.by === by && (entry.about ?? seq) === seq);

/** The last entry to which there is an answer. */
function answeredUpTo(entries: readonly Entry[]): number {
  const last = entries.findLast((entry): entry is EntryOf<'said'> => entry.type === 'said' && entry.by === by);
  return last?.about ?? last?.seq ?? 0;
}

/** Answers what people write, one message after the other; what a crash left unanswered is answered when the conversation wakes. */
export function assistant(parts: Omit<AnsweringParts, 'by'>): Agent {
  return {
    name: by,
    async attend(talk, stop) {
      const notes = new Set<Promise<unknown>>();
      const health = brainHealth({
        by,
        talk,
        note(draft) {
          const noted = talk.append(draft).catch(() => undefined);
          notes.add(noted);
          void noted.finally(() => notes.delete(noted));
        },
      });
      try {
        for await (const news of talk.follow(answeredUpTo(talk.entries), stop)) {
          if (!isEntry(news)) continue;
          if (news.type === 'ended') return;
          if (news.type !== 'said' || news.by === by || isAnswered(talk.entries, news)) continue;
          await answering(talk, news, { ...parts, by, health }, stop);
        }
      } catch (error) {
        // what was still to be said when it ended is said to nobody
        if (!stop.aborted && !isOver(talk.entries)) throw error;
      } finally {
        await Promise.allSettled(notes);
      }
    },
  };
}
