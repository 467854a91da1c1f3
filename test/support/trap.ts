import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that nobody should ever talk to. */
export async function trap(): Promise<{ server: Server; port: number; visits: () => number }> {
  let visits = 0;
  const visit = () => {
    visits += 1;
  };
  const server = createServer((_, answer) => answer.end('#EXTM3U\n'));
  // whoever comes again may do so over the connection that there is
  server.on('connection', visit).on('request', visit);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port, visits: () => visits };
}

/** Sixty ways to write the address of such a port of this machine. */
export function waysTo(port: number): string[] {
  const hosts = [
    '127.0.0.1',
    'localhost',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '0.0.0.0',
  ];
  const ways = [
    (host: string) => `http://${host}:${port}/`,
    (host: string) => `http://user:pass@${host}:${port}/x.m3u8`,
    (host: string) => `//${host}:${port}/`,
  ];
  const more = [
    (host: string) => `http://friend.example@${host}:${port}/`,
    (host: string) => `ftp://${host}:${port}/`,
    (host: string) => `http:${host}:${port}`,
  ];
  return hosts.flatMap((host) => [...ways, ...more].map((way) => way(host)));
}
