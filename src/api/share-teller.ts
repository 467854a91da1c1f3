import type { Server } from 'socket.io';
import type { Conversation } from '../core/conversation.ts';
import { isEntry, type News } from '../core/entry.ts';
import { Problem } from '../core/problem.ts';
import { tell } from './share.ts';
import type { IoSocket } from './socket-io.ts';

/** Tells everybody in a conversation what happens, each thing once and in order. */
export interface Teller {
  /** Hands over where the conversation stands, and tells from there on. */
  include(socket: IoSocket, by: string, state: () => object): Promise<void>;
  exclude(socket: IoSocket, by: string): void;
  stop(): void;
}

const away = 'This conversation is not open here any more. Join it again to go on, unless it was erased.';
const groupOf = (talk: Conversation): string => `in ${talk.id}`;
const personOf = (talk: Conversation, by: string): string => `in ${talk.id} as ${by}`;

/** Begins to tell; `lost` is called when nothing can be told any more. */
export function teller(io: Server, talk: Conversation, remind: (talk: Conversation, news: News) => void, lost: (why: Problem) => void): Teller {
  const control = new AbortController();
  let waiting: (() => void)[] = [];
  let last = talk.entries.length;
  let over: Problem | undefined;

  const arrived = () => {
    const all = waiting;
    waiting = [];
    for (const go of all) go();
  };

  async function tellAll(): Promise<void> {
    for await (const news of talk.follow(last, control.signal)) {
      const telling = tell(news, talk);
      if (telling) {
        const group = io.in(groupOf(talk));
        const others = telling.except === undefined ? group : group.except(personOf(talk, telling.except));
        (telling.fleeting ? others.volatile : others).emit(telling.event, telling.data);
      }
      remind(talk, news);
      if (isEntry(news)) last = news.seq;
      if (last === talk.entries.length) arrived();
    }
  }

  const end = (why: unknown) => {
    over = why instanceof Problem ? why : new Problem('session_not_found', away);
    arrived();
    if (!control.signal.aborted) lost(over);
  };
  tellAll().then(end, end);

  return {
    async include(socket, by, state) {
      // what was told to the others stands in the state already, and what does not is still told
      while (!over && last < talk.entries.length)
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
      if (over) throw over;
      socket.emit('conversation_state', state());
      void socket.join([groupOf(talk), personOf(talk, by)]);
    },
    exclude(socket, by) {
      void socket.leave(groupOf(talk));
      void socket.leave(personOf(talk, by));
    },
    stop: () => control.abort(),
  };
}
