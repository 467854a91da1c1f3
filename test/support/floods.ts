import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { op, type RawSocket, rawFrame, rawSocket, textFrame, upgradeRequest } from './raw-socket.ts';

/** Somebody who sends far too much; what was not as it should be, in words, or nothing. `path` is the socket of a session of their own. */
export type Flood = { readonly name: string; readonly pour: (base: string, path: string) => Promise<string | undefined> };

const ping = textFrame('{"type":"ping"}');
const goodbye = textFrame('{"type":"hint","id":"goodbye"}');
const greeted = async (base: string, path: string): Promise<RawSocket> => {
  const client = await rawSocket(base, path);
  await client.until((text) => text.includes('"hello"'));
  return client;
};
const should = (is: unknown, wanted: unknown): string | undefined => (is === wanted ? undefined : `${is} instead of ${wanted}`);

/** Waits until everything before is answered; then the connection lives. */
async function lives(client: RawSocket): Promise<string | undefined> {
  client.write(goodbye);
  await client.until((text) => text.includes('"goodbye"'));
  const lived = !client.socket.destroyed;
  client.socket.destroy();
  return lived ? undefined : `closed with ${(await client.ended).code}`;
}

const many = (count: number, frame: Uint8Array): Buffer => Buffer.concat(Array.from({ length: count }, () => frame));

export const floods: readonly Flood[] = [
  {
    name: 'ten thousand commands at once',
    async pour(base, path) {
      const client = await greeted(base, path);
      client.write(many(10_000, ping));
      return should((await client.ended).code, 4029);
    },
  },
  {
    name: 'ten thousand wrong commands at once',
    async pour(base, path) {
      const client = await greeted(base, path);
      client.write(many(10_000, textFrame('{"type":1}')));
      return should((await client.ended).code, 1008);
    },
  },
  {
    name: 'a hundred thousand pings, never reading a pong',
    async pour(base, path) {
      const client = await greeted(base, path);
      client.socket.pause();
      client.socket.write(many(100_000, rawFrame({ opcode: op.ping, payload: new Uint8Array(125) })));
      await new Promise((resolve) => client.socket.once('drain', resolve).once('close', resolve));
      client.socket.resume();
      // whoever does not read cannot be told a code: the line is cut
      return should((await client.ended).code, undefined);
    },
  },
  {
    name: 'ten thousand pongs that nobody asked for',
    async pour(base, path) {
      const client = await greeted(base, path);
      client.write(many(10_000, rawFrame({ opcode: op.pong, payload: new Uint8Array(125) })));
      return lives(client);
    },
  },
  {
    name: 'ten thousand pieces of one byte',
    async pour(base, path) {
      const client = await greeted(base, path);
      const pieces = [
        rawFrame({ opcode: op.text, payload: Buffer.from('{'), fin: false }),
        ...Array(13).fill(rawFrame({ opcode: op.more, payload: Buffer.from(' '), fin: false })),
      ];
      client.write(many(700, Buffer.concat([...pieces, rawFrame({ opcode: op.more, payload: Buffer.from('"type":"ping"}') })])));
      return lives(client);
    },
  },
  {
    name: 'sound of one byte, ten thousand times',
    async pour(base, path) {
      const client = await greeted(base, path);
      client.write(many(10_000, rawFrame({ opcode: op.bytes, payload: Uint8Array.of(0) })));
      // it is read more slowly, so nobody waits for the end of it
      await client.until((text) => text.includes('"pong"'));
      const lived = !client.socket.destroyed;
      client.socket.destroy();
      return lived ? undefined : `closed with ${(await client.ended).code}`;
    },
  },
  {
    name: 'frames that are too large, on a hundred connections',
    async pour(base, path) {
      const codes = new Set<number | undefined>();
      for (let count = 0; count < 100; count += 1) {
        const client = await greeted(base, path);
        client.write(rawFrame({ opcode: op.bytes, payload: new Uint8Array(100_000) }));
        codes.add((await client.ended).code);
      }
      return should([...codes].join(), '1009');
    },
  },
  {
    name: 'five hundred sockets to sessions that are not there',
    async pour(base) {
      const codes = new Set<number | undefined>();
      const one = async () => {
        for (let count = 0; count < 50; count += 1) codes.add((await (await rawSocket(base, '/ws/00000000-0000-4000-8000-000000000000')).ended).code);
      };
      await Promise.all(Array.from({ length: 10 }, one));
      return should([...codes].join(), '4004');
    },
  },
];

/** Connections that do nothing, or as little as they can: so many of each kind. Resolves once the service has let all of them go, with how many ms that took and what it told them. */
export async function idlers(base: string, count: number): Promise<{ ms: number; told: Record<string, number> }> {
  const { port, hostname } = new URL(base);
  const begun = performance.now();
  const told: Record<string, number> = {};
  const open = new Set<Socket>();
  const kinds: readonly string[] = [
    '',
    upgradeRequest('/ws/00000000-0000-4000-8000-000000000000'),
    'POST /session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"goal":"',
  ];
  const one = (drips: string, after: number) =>
    new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname);
      let got = '';
      open.add(socket);
      if (after > 0) socket.write(drips.slice(0, after));
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        got += chunk.toString('latin1');
      });
      socket.once('close', () => {
        open.delete(socket);
        const answer = got.split('\r\n')[0] || 'nothing';
        told[answer] = (told[answer] ?? 0) + 1;
        resolve();
      });
    });
  const all = Array.from({ length: count * kinds.length }, (_, index) => {
    const kind = kinds[index % kinds.length]!;
    // those with a body send their head at once, those with a head only drip it
    return one(kind, kind.startsWith('POST') ? kind.length : kind === '' ? 0 : 30);
  });
  // a letter now and then, so that nobody can say that nothing comes
  while (open.size > 0) {
    for (const socket of open) if (socket.bytesWritten > 0 && !socket.destroyed) socket.write('a');
    await sleep(200);
  }
  await Promise.all(all);
  return { ms: performance.now() - begun, told };
}
