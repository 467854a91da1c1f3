import { ioClient } from './io-client.ts';
import type { PullClient } from './pull-client.ts';
import { within } from './within.ts';

/** Somebody in a chat who loses lines and comes back as their client does, with everything that they were told. */
export interface Member {
  /** By number. */
  readonly list: ReadonlyMap<number, string>;
  /** What should never have happened. */
  readonly wrongs: readonly string[];
  come(): Promise<void>;
  leave(how: 'leave' | 'cut'): Promise<void>;
  post(): void;
  /** Until everything is answered that was asked. */
  wait(): Promise<void>;
  /** Has everything up to this number, and everything they said is kept. */
  upTo(seq: number): Promise<void>;
}

/** Whoever is told nothing for so long is never told it, in ms. */
const patience = 10_000;

/** What somebody was told and what they said that is not known to be kept yet. */
function memory(id: string) {
  const list = new Map<number, string>();
  const waiting = new Map<string, string>();
  const wrongs: string[] = [];
  let posts = 0;
  return {
    list,
    waiting,
    wrongs,
    keep(seq: number, content: string) {
      if (list.has(seq) && list.get(seq) !== content) wrongs.push(`${id} was told two things as ${seq}`);
      list.set(seq, content);
    },
    /** Something new to say, by its name. */
    next(): string {
      posts += 1;
      const ref = `${id}-${posts}`;
      waiting.set(ref, `Message ${ref}`);
      return ref;
    },
  };
}

/** A member of a room, who comes back with the last number that they have, as WIRE.md tells clients to. */
export function roomMember(dial: (path: string) => PullClient, room: string, id: string): Member {
  const { list, waiting, wrongs, keep, next } = memory(id);
  let client: PullClient | undefined;
  let last = 0;
  const send = (ref: string) => client?.send({ type: 'message', content: waiting.get(ref)!, id: ref });
  return {
    list,
    wrongs,
    async come() {
      if (client) return;
      const line = dial(`/ws/${room}?participant_id=${id}&after=${last}`);
      let told = last;
      line.raw.on('message', (data) => {
        const { type, seq, content, id: ref } = JSON.parse(String(data)) as { type: string; seq?: number; content?: string; id?: string };
        if (type === 'message' || type === 'observation') keep(seq!, content!);
        if (type === 'ack' && waiting.has(ref!)) keep(seq!, waiting.get(ref!)!);
        if (type === 'ack') waiting.delete(ref!);
        // what was sent twice is acknowledged as what it was, before or after it is told
        if (seq === undefined || type === 'room_state' || type === 'ack') return;
        if (seq <= told) wrongs.push(`${id} was told ${seq} after ${told}`);
        told = seq;
        last = Math.max(last, seq);
      });
      await line.next('room_state');
      client = line;
      for (const ref of waiting.keys()) send(ref);
    },
    async leave(how) {
      const line = client;
      client = undefined;
      line?.[how === 'cut' ? 'terminate' : 'close']();
      await line?.closed;
    },
    post: () => void send(next()),
    async wait() {
      client?.send({ type: 'ping' });
      await client?.next('pong');
    },
    async upTo(seq) {
      while (!list.has(seq) || waiting.size > 0) await within(client!.next(), `what ${id} is owed up to ${seq}`, patience);
    },
  };
}

/** A member of a shared conversation, who joins again when they are back; each time over the other transport. */
export function shareMember(base: string, room_id: string, id: string): Member {
  const { list, waiting, wrongs, keep, next } = memory(id);
  let client: ReturnType<typeof ioClient> | undefined;
  let asked: Promise<unknown>[] = [];
  let visits = 0;
  const who = { room_id, user_id: id };
  const send = (ref: string) => {
    const line = client;
    const message = waiting.get(ref)!;
    if (!line) return;
    const told = ({ id: seq }: Record<string, unknown>) => {
      keep(Number(seq), message);
      waiting.delete(ref);
    };
    // a line that is cut answers nothing any more
    asked.push(line.ask('send_message', { ...who, message, id: ref }).then(told, () => undefined));
  };
  return {
    list,
    wrongs,
    async come() {
      if (client) return;
      visits += 1;
      const line = ioClient(base, { transports: [visits % 2 ? 'websocket' : 'polling'] });
      let told = 0;
      const hear = (seq: number, text: string) => {
        if (seq <= told) wrongs.push(`${id} was told ${seq} after ${told}`);
        told = seq;
        keep(seq, text);
      };
      type Message = { readonly id: string; readonly message: string };
      line.socket.on('conversation_state', ({ conversation: { messages } }: { conversation: { messages: Message[] } }) => {
        for (const seq of list.keys())
          if (!messages.some((each) => Number(each.id) === seq)) wrongs.push(`${id} was told ${seq}, which is not there`);
        for (const { id: seq, message } of messages) hear(Number(seq), message);
      });
      line.socket.on('new_message', ({ id: seq, message }: Message) => hear(Number(seq), message));
      line.emit('join_room', who);
      await line.next('conversation_state');
      client = line;
      for (const ref of waiting.keys()) send(ref);
    },
    async leave(how) {
      const line = client;
      client = undefined;
      if (!line) return;
      if (how === 'leave') await line.ask('leave_room', who);
      else line.socket.io.engine.close();
      line.close();
      asked = [];
    },
    post: () => void send(next()),
    async wait() {
      await client?.ask('typing', { ...who, is_typing: true });
    },
    async upTo(seq) {
      await Promise.all(asked);
      while (!list.has(seq)) await within(client!.next(), `what ${id} is owed up to ${seq}`, patience);
      if (waiting.size > 0) wrongs.push(`${id} was never told that ${[...waiting.keys()].join()} is kept`);
    },
  };
}
