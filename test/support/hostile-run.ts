import { setImmediate as breathe } from 'node:timers/promises';
import type { HostileCase } from './hostile-frames.ts';
import { closeFrame, type RawSocket, rawSocket, textFrame } from './raw-socket.ts';

const goodbye = 1000;

const isError = (text: string): boolean => (JSON.parse(text) as { type: string }).type === 'error';

/** Waits until everything before has been answered, and says goodbye. */
async function leave(client: RawSocket): Promise<void> {
  // asked for twice under the same id, it is done once
  client.write(textFrame('{"type":"hint","id":"goodbye"}'));
  await client.until((text) => text.includes('"goodbye"'));
  client.write(closeFrame(goodbye));
}

/** Tries one of them against a session; what was not as it should be, in words, or nothing. */
export async function tryOut(base: string, path: string, { name, send, ends, pongs, errors, slowly }: HostileCase): Promise<string | undefined> {
  const client = await rawSocket(base, path);
  await client.until((text) => text.includes('"hello"'));
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
