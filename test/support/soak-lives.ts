import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { compose } from '../../src/compose.ts';
import { readSettings } from '../../src/config.ts';
import type { Conversation } from '../../src/core/conversation.ts';
import { heapInUse, held, heldBeyond } from './heap-slope.ts';
import { ioClient } from './io-client.ts';
import { loudDetector } from './listening.ts';
import { newFolder } from './new-folder.ts';
import { frameOf } from './numbered-client.ts';
import { pullClient } from './pull-client.ts';
import { interview } from './served.ts';
import { counting, toneTranscriber } from './tone-words.ts';
import { webmOf } from './webm-writer.ts';

const chunks = webmOf(counting(0, [1]), { chunkMs: 200 });
/** Beside each other, so that a life costs little. */
const together = 24;

/** What the lives are lives of. */
export type SoakKind = 'sound' | 'room' | 'desk' | 'talk' | 'shared';

/** Where a conversation may be seen again without being held. */
type Met = { readonly id: string; readonly talk: WeakRef<Conversation> };

/** The whole service with ears for tones, and lives that use what is easily leaked: sound, rooms, the desk, talks, shared conversations. */
export async function soaked(composes: typeof compose) {
  const house = await composes(readSettings({ VOICE: 'none', EARS: 'browser', STORE: 'sqlite', DATA_DIR: newFolder() }), {
    transcriber: { ...toneTranscriber, close: async () => undefined },
    detector: loudDetector,
    // nobody of these comes back, and nobody is sent away because the machine is busy
    budgets: {
      returning: 1,
      talkGrace: 1,
      comingBack: 1,
      agentsWait: 1,
      pingEvery: 60_000,
      sessionsPerMinute: 1e6,
      requestsPerSecond: 1e6,
      requestsBurst: 1e6,
      bearerPerSecond: 1e6,
      bearerBurst: 1e6,
    },
  });
  const { hub } = house;
  const server = await house.server(pino({ level: 'silent' }));
  const base = await server.listen({ port: 0, host: '127.0.0.1' });
  const sockets = base.replace('http', 'ws');
  const found = async (id: string): Promise<Conversation> => (await hub.find(id))!;
  const post = async (path: string, body?: object) => {
    // a connection that waits for the next request is no part of a life
    const headers = { connection: 'close', ...(body && { 'content-type': 'application/json' }) };
    const answer = await fetch(`${base}${path}`, { method: 'POST', headers, ...(body && { body: JSON.stringify(body) }) });
    return (await answer.json()) as { session_id: string; room_id: string; id: string };
  };

  /** Counts aloud in numbered pieces; half agree that it is kept, a third lose the line in between, a third end without saying so. */
  async function sound(index: number): Promise<Conversation> {
    const { session_id: id } = await post('/session', { ...interview, ...(index % 2 === 0 && { consent: { audio: true } }) });
    const connect = () => pullClient(`${sockets}/ws/${id}`, { protocols: ['aside.v1'] });
    let client = connect();
    await client.next('hello');
    for (const [at, bytes] of chunks.entries()) {
      if (index % 3 === 0 && at === 3) {
        client.terminate();
        await client.closed;
        client = connect();
        await client.next('hello');
        for (const [before, again] of chunks.slice(0, at).entries()) client.bytes(frameOf(before + 1, before * 200, again));
      }
      client.bytes(frameOf(at + 1, at * 200, bytes));
    }
    if (index % 3 !== 1) {
      client.send({ type: 'stop' });
      await client.next('stopped');
    }
    client.close();
    await client.closed;
    const talk = await found(id);
    await until(talk, 'said');
    if (index % 4 < 2) await post(`/session/${id}/finish`);
    return talk;
  }

  async function room(index: number): Promise<Conversation> {
    const { room_id } = await post('/room/create', { participant_id: 'ann', agents: index % 2 === 0 });
    const client = pullClient(`${sockets}/ws/${room_id}?participant_id=ann&name=Ann`);
    await client.next('room_state');
    client.send({ type: 'typing' });
    client.send({ type: 'message', content: 'A bridge of rope?', id: '1' });
    await client.next(index % 2 === 0 ? 'message' : 'ack');
    const talk = await found(room_id);
    client.close();
    await until(talk, 'left');
    return talk;
  }

  async function desk(): Promise<Conversation> {
    const { id } = await post('/api/sessions', {});
    const client = pullClient(`${sockets}/ws/${id}?tokens=1`);
    await client.opened;
    const talk = await found(id);
    client.send({ content: 'What is 2 + 2?' });
    await until(talk, 'said', 'assistant');
    client.close();
    await client.closed;
    return talk;
  }

  async function talk(): Promise<Conversation> {
    const id = randomUUID();
    const client = pullClient(`${sockets}/ws/session/${id}`, { protocols: ['aside.json'] });
    await client.opened;
    client.send({ type: 'message', content: 'What is 2 + 2?', id: '1' });
    await client.next('ack');
    const talk = await found(id);
    client.close();
    await until(talk, 'ended');
    return talk;
  }

  async function shared(index: number): Promise<Conversation> {
    const { room_id } = await post('/api/conversations/create', { title: 'Plans' });
    const client = ioClient(base, { transports: ['websocket'] });
    const who = { room_id, user_id: 'ann-1', username: 'Ann' };
    await client.connected;
    client.emit('join_room', who);
    await client.next('conversation_state');
    client.emit('typing', { ...who, is_typing: true });
    await client.ask('send_message', { ...who, message: 'Shall we sail?' });
    const talk = await found(room_id);
    if (index % 3 === 0) await client.ask('leave_room', who);
    client.close();
    await until(talk, 'left');
    return talk;
  }

  const kinds = { sound, room, desk, talk, shared };

  /** Lives one of them; half are erased while they are awake. */
  async function live(kind: SoakKind, index: number): Promise<Met> {
    const talk = await kinds[kind](index);
    if (index % 2 === 0) await hub.erase(talk.id);
    return { id: talk.id, talk: new WeakRef(talk) };
  }

  return {
    hub,
    /** So many lives, some beside each other: how the memory grew with them, how many of them were still held when they were over, and what stayed open. What is being closed gets `patience` looks, 25 ms apart. */
    async lives(kind: SoakKind, count: number, patience = 400) {
      const points: [lives: number, bytes: number][] = [];
      const base = held();
      let kept = 0;
      let open = {};
      for (let done = 0; done < count; done += together) {
        // nothing here may hold them meanwhile
        const met = await Promise.all(Array.from({ length: together }, (_, index) => live(kind, done + index)));
        hub.sweep(-3_600_000);
        kept += await reachable(met, patience);
        for (const { id } of met) await hub.erase(id);
        open = await heldBeyond(base);
        // what is collected the second time was only waiting for the first
        points.push([done, Math.min(await heapInUse(), await heapInUse())]);
      }
      return { points, kept, open };
    },
    async close() {
      await server.close();
      await house.close();
    },
  };
}

async function until(talk: Conversation, type: 'said' | 'left' | 'ended', by?: string): Promise<void> {
  const stop = new AbortController();
  for await (const news of talk.follow(0, stop.signal)) if (news.type === type && (by === undefined || ('by' in news && news.by === by))) return;
  throw new Error(`the conversation went to sleep before ${type}`);
}

/** How many are still held by anything. */
async function reachable(met: readonly Met[], patience: number): Promise<number> {
  for (let looks = 0; ; looks += 1) {
    await heapInUse();
    const left = met.filter(({ talk }) => talk.deref() !== undefined).length;
    if (left === 0 || looks === patience) return left;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
