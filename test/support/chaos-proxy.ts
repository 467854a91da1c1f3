import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a network does to one connection: how late (ms), how fast (bytes a second), in how small slices; `deaf` lets nothing through any more, without a word. */
export type Weather = { readonly delay?: () => number; readonly perSecond?: number; readonly slice?: number; deaf?: boolean };

type Link = { readonly client: Socket; readonly server: Socket; readonly weather: Weather; readonly closed: ('client' | 'server')[] };

/** A network that can be made bad: stands between clients and a service on this machine. */
export async function chaosProxy(port: number) {
  const links = new Set<Link>();
  let weather: () => Weather = () => ({});

  async function carry(from: Socket, to: Socket, link: Link): Promise<void> {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      const { delay, perSecond, slice = chunk.length } = link.weather;
      for (let at = 0; at < chunk.length; at += slice) {
        const piece = chunk.subarray(at, at + slice);
        if (delay || perSecond) await sleep((delay?.() ?? 0) + (perSecond ? (piece.length / perSecond) * 1_000 : 0));
        if (link.weather.deaf) break;
        if (to.destroyed) return;
        if (!to.write(piece)) await once(to, 'drain').catch(() => undefined);
      }
    }
    if (link.weather.deaf) from.destroy();
    else to.end();
  }

  const proxy = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    client.setNoDelay();
    server.setNoDelay();
    const link: Link = { client, server, weather: weather(), closed: [] };
    links.add(link);
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => {
        if (link.weather.deaf) link.closed.push(one === client ? 'client' : 'server');
        else other.destroy();
        if (other.destroyed) links.delete(link);
      });
    }
    for (const way of [carry(client, server, link), carry(server, client, link)]) way.catch(() => undefined);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');

  return {
    port: (proxy.address() as AddressInfo).port,
    /** Who has given up on the connections that there are, in that order. */
    get closed(): readonly ('client' | 'server')[] {
      return [...links].flatMap(({ closed }) => closed);
    },
    /** The weather of connections to come. */
    set weather(next: () => Weather) {
      weather = next;
    },
    /** Cuts every connection: politely, rudely, or by never letting anything through again. */
    cut(how: 'fin' | 'rst' | 'deaf'): void {
      for (const { client, server, weather: here } of links) {
        if (how === 'deaf') here.deaf = true;
        else if (how === 'fin') for (const socket of [client, server]) socket.end();
        else for (const socket of [client, server]) socket.resetAndDestroy();
      }
    },
    async close(): Promise<void> {
      for (const { client, server } of links) for (const socket of [client, server]) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
