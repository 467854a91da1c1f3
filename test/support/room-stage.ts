import { type TeamParts, team } from '../../src/agents/team.ts';
import { seat } from '../../src/core/agent.ts';
import { type Conversation, conversation } from '../../src/core/conversation.ts';
import type { Entry, EntryOf, News } from '../../src/core/entry.ts';
import { every } from '../../src/core/views.ts';
import { settled, type VirtualClock, virtualClock } from './virtual-clock.ts';

export const wait = 1_500;

/** A room in memory and in virtual time, with its team; people come in as they are named. */
export async function roomStage(parts: Partial<TeamParts> & { past?: readonly Entry[]; clock?: VirtualClock; people?: readonly string[] } = {}) {
  const { past = [], clock = virtualClock(Date.parse('2030-01-01T10:00:00Z')), people = ['ann'], ...rest } = parts;
  const talk: Conversation = conversation('room', past, async () => undefined, clock.now);
  const control = new AbortController();
  if (past.length === 0) await talk.append({ by: 'ann', type: 'opened', kind: 'room', title: 'A room' });
  const news: News[] = [];
  const watching = (async () => {
    for await (const item of talk.follow(talk.entries.length, control.signal)) news.push(item);
  })();
  const seated = seat(talk, team({ clock, wait, patience: 8_000, ...rest }), control.signal);
  await settled();
  if (past.length === 0) for (const by of people) await talk.append({ by, type: 'joined', name: by[0]!.toUpperCase() + by.slice(1), role: 'human' });
  const say = async (by: string, text: string) => {
    await talk.append({ by, type: 'said', text, via: 'text' });
    await settled();
  };
  const answers = () => every(talk.entries, 'said').filter(({ about }) => about !== undefined);
  return {
    talk,
    clock,
    news,
    say,
    answers,
    /** Somebody says something, and everybody waits for an answer; nothing where there is none. */
    async ask(by: string, text: string): Promise<EntryOf<'said'> | undefined> {
      const before = answers().length;
      await say(by, text);
      await clock.advance(wait);
      return answers()[before];
    },
    async leave() {
      control.abort();
      await Promise.all([seated, watching]);
    },
  };
}
