import { openSession } from '../../src/client/session.ts';
import { childServer, toneServer } from './child-server.ts';
import { freePort } from './free-port.ts';
import { checkOrder, logOf, numbered, spokenWords, type Verdict } from './history.ts';
import { newFolder } from './new-folder.ts';
import { encoded } from './opus-packets.ts';
import { pullClient } from './pull-client.ts';
import { recordingClient } from './recording-client.ts';
import { interview } from './served.ts';
import { counted, counting } from './tone-words.ts';
import { webmPieces } from './webm-writer.ts';

const freshHouse = async () => ({ PORT: String(await freePort()), DATA_DIR: newFolder(), VOICE: 'none' });

/** What became of a service that was told to stop: how it ended, with which codes it closed its sockets, the words it lost, and the times in ms. */
export type DrainTruth = {
  readonly exit: readonly [number | null, string | null];
  readonly codes: readonly (number | undefined)[];
  readonly lost: number;
  readonly gone: number;
  readonly back: number;
  readonly complaints: string;
};

type Drain = { sessions: number; frozen: number; cwd?: string };

/** Tells a service to stop while people type and some sockets are frozen, and starts the next one. `cwd`: the house whose service it is. */
export async function drainTruth({ sessions, frozen, cwd = '.' }: Drain): Promise<DrainTruth> {
  const own = await freshHouse();
  const server = await childServer(own, { cwd });
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
  const since = performance.now();
  const left = server.end('SIGTERM');
  for (const [index, { link }] of talkers.entries()) link.say({ type: 'said', text: `while it leaves ${index}`, speaker: 'other' });
  const exit = await left;
  const gone = performance.now() - since;
  // out of the pocket: what it was told is still waiting for it
  for (const { raw } of stuck) raw.resume();
  const thawed = await Promise.all(stuck.map(({ closed }) => closed));
  const codes = [...talkers.map((talker) => talker.codes[0]), ...thawed.map(({ code }) => code)];

  const greeted = talkers.map(({ until }) => until(({ type }) => type === 'hello'));
  const next = await childServer(own, { cwd });
  const up = performance.now();
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
  return { exit, codes, lost, gone, back, complaints: server.complained() + next.complained() };
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
