import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** How a line to a server of this machine is: `down` cuts and refuses; `deaf` lets nothing through and says nothing; `mute` breaks over the first answer, which nobody gets; `dull` lets PostgreSQL say that it is ready, and is deaf from then on. */
export type Line = 'up' | 'down' | 'deaf' | 'mute' | 'dull';

/** By this PostgreSQL says that it is ready. */
const ready = Buffer.from('Z\0\0\0\u0005I', 'latin1');

/** Stands between a client and a server, and is as it is told, for the lines that there are and for those to come; a line that was `deaf` stays so. */
export async function lossyLine(port: number) {
  let line: Line = 'up';
  let made = 0;
  const links = new Set<{ client: Socket; server: Socket; deaf: boolean }>();
  const dulled = Promise.withResolvers<void>();
  const proxy = createServer((client) => {
    if (line === 'down') return client.resetAndDestroy();
    made += 1;
    const link = { client, server: connect(port, '127.0.0.1'), deaf: false };
    const { server } = link;
    links.add(link);
    client.setNoDelay();
    server.setNoDelay();
    client.on('data', (bytes) => link.deaf || server.write(bytes));
    server.on('data', (bytes: Buffer) => {
      if (link.deaf) return;
      if (line === 'mute') return client.resetAndDestroy();
      client.write(bytes);
      if (line !== 'dull' || !bytes.includes(ready)) return;
      link.deaf = true;
      dulled.resolve();
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => {
        // nobody at the other end of a deaf line hears that this one has gone
        if (!link.deaf) other.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    port: (proxy.address() as AddressInfo).port,
    /** How many connections there have been. */
    get made() {
      return made;
    },
    /** Somebody was let in over a line that is dull. */
    dulled: dulled.promise,
    become(next: Line): void {
      line = next;
      for (const link of links) {
        if (next === 'deaf') link.deaf = true;
        if (next === 'down') for (const socket of [link.client, link.server]) socket.resetAndDestroy();
      }
    },
    async [Symbol.asyncDispose]() {
      for (const { client, server } of links) for (const socket of [client, server]) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
