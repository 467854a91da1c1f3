import { setImmediate as breathe } from 'node:timers/promises';
import type { Program } from './frame-fuzz.ts';
import type { HostileCase } from './hostile-frames.ts';
import { closeFrame, type RawSocket, rawSocket, textFrame } from './raw-socket.ts';
import { interview } from './served.ts';

const goodbye = 1000;

const isError = (text: string): boolean => (JSON.parse(text) as { type: string }).type === 'error';

/** Opens a session; the path of its socket. */
export async function sessionAt(base: string): Promise<string> {
  const answer = await fetch(`${base}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(interview),
  });
  return `/ws/${((await answer.json()) as { session_id: string }).session_id}`;
}

/** Waits until everything before has been answered, and says goodbye. */
async function leave(client: RawSocket): Promise<void> {
  // asked for twice under the same id, it is done once
  client.write(textFrame('{"type":"hint","id":"goodbye"}'));
  await client.until((text) => text.includes('"goodbye"'));
  client.write(closeFrame(goodbye));
}

async function greeted(base: string, path: string): Promise<RawSocket> {
  const client = await rawSocket(base, path);
  await client.until((text) => text.includes('"hello"'));
  return client;
}

/** A visitor with good manners. */
export async function comeAndGo(base: string, path: string): Promise<void> {
  const client = await greeted(base, path);
  await leave(client);
  await client.ended;
}

/** Tries one of them against a session; what was not as it should be, in words, or nothing. */
export async function tryOut(base: string, path: string, { name, send, ends, pongs, errors, slowly }: HostileCase): Promise<string | undefined> {
  const client = await greeted(base, path);
  if (slowly)
    for (const byte of Buffer.concat(send)) {
      client.socket.write(Uint8Array.of(byte));
      await breathe();
    }
  else client.write(...send);
  if (ends === undefined) await leave(client);
  const { code } = await client.ended;
  const codes = client.texts.filter(isError).map((text) => (JSON.parse(text) as { code: string }).code);
  const is = JSON.stringify({ code, ...(pongs && { pongs: client.pongs }), ...(errors && { errors: codes }) });
  const should = JSON.stringify({ code: ends ?? goodbye, ...(pongs && { pongs }), ...(errors && { errors }) });
  return is === should ? undefined : `${name}: ${is} instead of ${should}`;
}

/** Sends what was made up, cut anywhere; what was not as it should be, in words, or nothing. */
export async function tryProgram(base: string, path: string, { frames, ends }: Program, random: () => number): Promise<string | undefined> {
  const client = await greeted(base, path);
  const all = Buffer.concat(frames);
  for (let at = 0; at < all.length && !client.socket.destroyed; ) {
    const next = random() < 0.3 ? at + 1 + Math.floor(random() * 100) : all.length;
    client.socket.write(all.subarray(at, next));
    at = next;
    if (at < all.length) await breathe();
  }
  if (ends.length === 0) await leave(client);
  const { code } = await client.ended;
  const may = ends.length === 0 ? [goodbye] : ends;
  return code !== undefined && may.includes(code) ? undefined : `${code} instead of ${may.join(' or ')} after ${all.toString('hex').slice(0, 600)}`;
}
