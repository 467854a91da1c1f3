import { randomUUID } from 'node:crypto';
import { openSession } from '../../src/client/session.ts';
import { childServer, listening, toneServer } from './child-server.ts';
import { freePort } from './free-port.ts';
import { checkOrder, logOf, numbered, spokenWords, type Verdict } from './history.ts';
import { ioClient } from './io-client.ts';
import { newFolder } from './new-folder.ts';
import { encoded } from './opus-packets.ts';
import { pullClient } from './pull-client.ts';
import { rawSocket, textFrame } from './raw-socket.ts';
import { recordingClient } from './recording-client.ts';
import { interview } from './served.ts';
import { counted, counting } from './tone-words.ts';
import { webmPieces } from './webm-writer.ts';

/** Who is not gone by then is not waited for, in ms. */
const tooLate = 13_000;

const freshHouse = async () => ({ PORT: String(await freePort()), DATA_DIR: newFolder(), VOICE: 'none' });

/** What became of a service that was told to stop: how it ended, with which codes it closed its sockets, the words it lost, and the times in ms. */
export type DrainTruth = {
  readonly exit: readonly [number | null, string | null];
  readonly codes: readonly (number | undefined)[];
  readonly lost: number;
  /** What the next one, started beside it, said before it could take over, and whether it did. */
  readonly waited: string;
  readonly tookOver: boolean;
  readonly gone: number;
  readonly back: number;
  readonly complaints: string;
};

type Drain = { sessions: number; frozen: number; cwd?: string; environment?: Record<string, string> };

/** Starts the next service beside one that is then told to stop, while people type and some sockets are frozen. `cwd`: the house whose service it is. */
export async function drainTruth({ sessions, frozen, cwd = '.', environment = {} }: Drain): Promise<DrainTruth> {
  const own = { ...(await freshHouse()), ...environment };
  const server = listening(await childServer(own, { cwd }));
  const talkers = await Promise.all(Array.from({ length: sessions }, () => recordingClient(server.base)));
  // a client that reads nothing and answers nothing, as a phone in a pocket
  const stuck = await Promise.all(
    Array.from({ length: frozen }, async () => {
      const session = await openSession(server.base, interview);
      const client = pullClient(`${server.base.replace('http', 'ws')}/ws/${session.id}`);
      await client.next('hello');
      client.pause();
      return client;
    }),
  );
  for (const [index, { link }] of talkers.entries()) link.say({ type: 'said', text: `before ${index}`, speaker: 'other' });
  const waits = Promise.withResolvers<string>();
  let up = Number.POSITIVE_INFINITY;
  const coming = childServer(own, { cwd, onSaid: (said) => said.includes('Waiting') && waits.resolve(said) }).then((next) => {
    up = performance.now();
    return next;
  });
  const waited = await Promise.race([waits.promise, coming.then((next) => next.complained())]);
  const greeted = talkers.map(({ until }) => until(({ type }) => type === 'hello'));
  const since = performance.now();
  const left = server.end('SIGTERM');
  const late = setTimeout(() => server.end('SIGKILL'), tooLate);
  for (const [index, { link }] of talkers.entries()) link.say({ type: 'said', text: `while it leaves ${index}`, speaker: 'other' });
  const exit = await left;
  const gone = performance.now() - since;
  clearTimeout(late);
  // out of the pocket: what it was told is still waiting for it
  for (const { raw } of stuck) raw.resume();
  const thawed = await Promise.all(stuck.map(({ closed }) => closed));
  const codes = [...talkers.map((talker) => talker.codes[0]), ...thawed.map(({ code }) => code)];

  const next = await coming;
  if (!next.base) {
    for (const { close } of talkers) close();
    return { exit, codes, lost: Number.NaN, waited, tookOver: false, gone, back: Number.NaN, complaints: next.complained() };
  }
  await Promise.all(greeted);
  const back = performance.now() - up;
  let lost = 0;
  for (const [index, { delivered, session, close }] of talkers.entries()) {
    await delivered();
    close();
    const said = (await logOf(next.base, session.id)).flatMap((entry) => (entry.type === 'said' ? [entry.text] : []));
    lost += [`before ${index}`, `while it leaves ${index}`].filter((text) => said.filter((each) => each === text).length !== 1).length;
  }
  await next.end();
  return { exit, codes, lost, waited, tookOver: true, gone, back, complaints: server.complained() + next.complained() };
}

/** Speaks in mid-utterance, over a socket that can send nothing again, to a service that is told to stop; what the next service knows of it. */
export async function heardWhileLeaving(cwd = '.'): Promise<Verdict> {
  const own = await freshHouse();
  const server = await toneServer(own, cwd);
  const { id } = await openSession(server.base, interview);
  const client = pullClient(`${server.base.replace('http', 'ws')}/ws/${id}`);
  await client.next('hello');
  for (const piece of webmPieces(encoded(counting(0, [6], 100)))) client.bytes(piece);
  // answered in its turn: then all of the sound was taken
  client.send({ type: 'ping' });
  await client.next('pong');
  await server.end('SIGTERM');
  client.terminate();
  const next = await toneServer(own, cwd);
  const log = await logOf(next.base, id);
  await next.end();
  return checkOrder(spokenWords(log), numbered(counted(0, 6)));
}

/** A room, a session of the desk, a talk and a shared conversation, by where their sockets are. */
async function chatsAt(base: string) {
  const post = async (path: string, body: object = {}) => {
    const answer = await fetch(base + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    return (await answer.json()) as Record<'id' | 'room_id', string>;
  };
  const { room_id: shared } = await post('/api/conversations/create', { title: 'Plans' });
  return {
    sockets: {
      room: `/ws/${(await post('/room/create', { participant_id: 'ann' })).room_id}`,
      desk: `/ws/${(await post('/api/sessions')).id}`,
      talk: `/ws/session/${randomUUID()}`,
    },
    shared,
  };
}

/** Somebody who reads nothing any more, over Socket.IO without a library. */
async function stuckOverSocketIo(base: string, room_id: string) {
  const stuck = await rawSocket(base, '/socket.io/?EIO=4&transport=websocket');
  stuck.write(textFrame('40'));
  stuck.write(textFrame(`42["join_room",${JSON.stringify({ room_id, user_id: 'stuck', username: 'Stuck' })}]`));
  await stuck.until((text) => text.includes('conversation_state'));
  stuck.socket.pause();
  return stuck;
}

/** Tells a service to stop that has a socket of every kind but a session's, awake and frozen: how it ended, with which codes it closed them, and whether clients of Socket.IO come back by themselves. */
export async function chatsWhileLeaving(cwd = '.') {
  // whoever is frozen answers no ping either
  await using server = listening(await childServer({ ...(await freshHouse()), BUDGETS: 'pingEvery=600000' }, { cwd }));
  const { sockets, shared } = await chatsAt(server.base);
  const inside = [];
  for (const [kind, path] of Object.entries(sockets))
    for (const frozen of [false, true]) {
      const one = await rawSocket(server.base, path);
      // answered in its turn: then it is in
      one.write(textFrame('{"type":"ping"}'));
      await one.until((text) => text.length > 0);
      if (frozen) one.socket.pause();
      inside.push({ ...one, name: frozen ? `frozen ${kind}` : kind });
    }
  const clients = await Promise.all(
    (['websocket', 'polling'] as const).map(async (transport) => {
      const client = ioClient(server.base, { transports: [transport], reconnection: true });
      await client.ask('join_room', { room_id: shared, user_id: transport, username: 'Ann' });
      return client;
    }),
  );
  const stuck = await stuckOverSocketIo(server.base, shared);
  const exit = await server.end();
  const codes: Record<string, number | undefined> = {};
  for (const { name, socket, ended } of inside) {
    socket.resume();
    codes[name] = (await ended).code;
  }
  stuck.socket.resume();
  await stuck.ended;
  const comingBack: boolean[] = [];
  for (const { socket, gone, close } of clients) {
    await gone;
    comingBack.push(socket.active);
    close();
  }
  return { exit, codes, comingBack, complaints: server.complained() };
}
