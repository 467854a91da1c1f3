import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

// below those that the system gives to whoever asks for any: nobody gets one of these in the moment before it is served
const [first, count] = [20_000, 12_000];

/** A port of this machine that nobody serves, nor is given by chance before it is. */
export async function freePort(): Promise<number> {
  const port = first + randomInt(count);
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return freePort();
  }
  server.close();
  await once(server, 'close');
  return port;
}
