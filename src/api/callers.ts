import type { Conversation } from '../core/conversation.ts';
import type { Hub } from '../core/hub.ts';
import { members } from '../core/members.ts';
import type { Clock } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { isOver } from '../core/views.ts';
import { lastThere } from '../insight/talk-record.ts';
import type { Attendance } from './attendance.ts';

/** Who is connected to which talk. The last one who goes ends it, unless somebody is back in time. */
export interface Callers extends Pick<Attendance, 'arrive' | 'leave'> {
  /** Ends a talk now, whoever is there. */
  finish(talk: Conversation): Promise<void>;
  /** Ends a talk to which nobody came back, as when the process died under it. */
  settle(talk: Conversation): Promise<void>;
  /** Ends all such talks, once those who were there had time to come back. */
  settleAll(): Promise<void>;
}

export type CallersParts = {
  hub: Pick<Hub, 'find' | 'list' | 'remains'>;
  /** Sums a talk up and ends it. */
  farewell: (talk: Conversation, why: string, stop: AbortSignal) => Promise<void>;
  clock: Clock;
  /** How long whoever is gone may take to come back, in ms. */
  grace: number;
  /** So many connections one talk may have. */
  most: number;
  /** Aborted when this process leaves. */
  stop: AbortSignal;
};

const by = 'user';
const left = 'Whoever talked has left.';
const ended = 'It was ended.';
const neverBack = 'Nobody came back.';
const over = 'This session is over: it was summed up and closed. Start a new one under a new id.';
const full = 'This session has as many connections as it may. Close one that nobody needs.';
const comeBack = 10_000;
/** After what the storage failed at, it is tried again, in ms. */
const again = 60_000;

/** Keeps the connections of all talks. */
export function callers({ hub, farewell, clock, grace, most, stop }: CallersParts): Callers {
  const connected = new Map<string, Set<object>>();
  const going = new Map<string, { readonly control: AbortController; readonly done: Promise<void> }>();

  /** Ends a talk; whoever comes back before that is written down keeps it open. */
  function end(id: string, why: string, wait: number): Promise<void> {
    const known = going.get(id);
    if (known) return known.done;
    const control = new AbortController();
    const unwanted = AbortSignal.any([control.signal, stop]);
    const ending = async () => {
      await clock.sleep(wait, unwanted);
      // it may have gone to sleep meanwhile
      const talk = await hub.find(id);
      if (talk && !unwanted.aborted) await farewell(talk, why, unwanted);
    };
    const done = ending().finally(() => {
      if (going.get(id)?.control === control) going.delete(id);
    });
    // what could not be written down is done when it is seen next
    done.catch(() => undefined);
    going.set(id, { control, done });
    return done;
  }

  /** Ends a talk after the grace, and where the storage fails at it, later, unless somebody is there again. */
  async function endSurely(id: string): Promise<void> {
    for (let wait = grace; ; wait = 0) {
      try {
        return await end(id, left, wait);
      } catch (error) {
        if (error instanceof Problem && !error.retry) return;
        await clock.sleep(again, stop);
        if (isThere(id) || going.has(id)) return;
      }
    }
  }

  /** Ends all to which nobody came back; answers whether none is left that may still be ended when the storage is well again. */
  async function settleWhatCan(over: Set<string>): Promise<boolean> {
    let done = true;
    const missed = (error: unknown) => {
      if (!(error instanceof Problem && !error.retry)) done = false;
    };
    try {
      for await (const { id, kind } of hub.list()) {
        if (stop.aborted) return true;
        if (kind !== 'talk' || over.has(id) || isThere(id) || going.has(id)) continue;
        try {
          if (!isOver(await hub.remains(id))) await end(id, neverBack, 0);
          over.add(id);
        } catch (error) {
          missed(error);
        }
      }
    } catch (error) {
      missed(error);
    }
    return done;
  }

  const isThere = (id: string): boolean => (connected.get(id)?.size ?? 0) > 0;

  return {
    async arrive(talk, { name }, line) {
      going.get(talk.id)?.control.abort();
      going.delete(talk.id);
      if (isOver(talk.entries)) throw new Problem('session_finished', over);
      const lines = connected.get(talk.id) ?? new Set();
      if (lines.size >= most) throw new Problem('busy', full, { after: comeBack });
      connected.set(talk.id, lines.add(line));
      if (lines.size === 1 && !members(talk.entries).get(by)?.here) await talk.append({ by, type: 'joined', name, role: 'human' });
    },
    async leave(talk, _guest, line) {
      const lines = connected.get(talk.id);
      if (!lines?.delete(line) || lines.size > 0) return;
      connected.delete(talk.id);
      void endSurely(talk.id).catch(() => undefined);
      if (!isOver(talk.entries)) await talk.append({ by, type: 'left' });
    },
    async finish({ id, entries }) {
      if (isOver(entries)) return;
      // nobody is waited for any more
      going.get(id)?.control.abort();
      going.delete(id);
      await end(id, ended, 0);
    },
    async settle(talk) {
      if (isOver(talk.entries) || isThere(talk.id) || going.has(talk.id)) return;
      const silent = clock.now() - Date.parse(lastThere(talk.entries) ?? '');
      if (silent >= grace) await end(talk.id, neverBack, 0);
    },
    async settleAll() {
      await clock.sleep(grace, stop);
      const over = new Set<string>();
      while (!(await settleWhatCan(over))) await clock.sleep(again, stop);
    },
  };
}
