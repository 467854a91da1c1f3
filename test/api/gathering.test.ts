import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { openLine } from '../../src/api/line.ts';
import { budgets } from '../../src/core/budgets.ts';
import { virtualClock } from '../support/virtual-clock.ts';

/** A line over a real socket, whose writes to the network are counted; `gathers`: whether it may hold them together. */
async function stage(gathers = true) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const upgrade = once(server, 'upgrade');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const heard: string[] = [];
  client.on('message', (data) => heard.push(String(data)));
  const closed = once(client, 'close') as Promise<[number]>;
  const [request, raw, head] = await upgrade;
  const wire = raw as Socket;
  let writes = 0;
  const { _write: one, _writev: many } = wire;
  wire._write = (...given) => {
    writes += 1;
    one.apply(wire, given);
  };
  wire._writev = (...given) => {
    writes += 1;
    many?.apply(wire, given);
  };
  const socket = await new Promise<WebSocket>((resolve) => new WebSocketServer({ noServer: true }).handleUpgrade(request, wire, head, resolve));
  const line = openLine(socket, budgets, virtualClock(), undefined, undefined, gathers ? wire : undefined);
  await once(client, 'open');
  writes = 0;
  return {
    line,
    heard,
    closed,
    writes: () => writes,
    [Symbol.dispose]() {
      client.terminate();
      server.close();
    },
  };
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ index, text: 'as long as people write, more or less '.repeat(4) }));

test.each([
  [true, 2],
  [false, 50],
])(
  'V4 what is sent goes to the network at once, what follows in the same turn of the event loop in one more write, and whoever hangs up has said it (gathering: %s)',
  async (gathers, writes) => {
    using here = await stage(gathers);
    const [first, ...rest] = numbered(50);
    here.line.send(first!);
    expect(here.writes()).toBe(1);
    for (const message of rest) here.line.send(message);
    await new Promise((resolve) => setImmediate(resolve));
    expect(here.writes()).toBe(writes);
    here.line.send({ last: true });
    here.line.close(1000, 'done');
    expect((await here.closed)[0]).toBe(1000);
    expect(here.heard).toEqual([...numbered(50), { last: true }].map((message) => JSON.stringify(message)));
  },
);

test('V4 what is much is not held back, as if nobody read it', async () => {
  using here = await stage();
  const piece = { data: 'a'.repeat(20_000) };
  for (const writes of [1, 1, 2]) {
    here.line.send(piece);
    expect(here.writes()).toBe(writes);
  }
  here.line.close(1000, 'done');
  await here.closed;
  expect(here.heard).toEqual([piece, piece, piece].map((message) => JSON.stringify(message)));
});

test('V5 a long log goes out in portions, and others get their turn between them', async () => {
  using here = await stage();
  const log = numbered(1_000);
  const size = log.reduce((sum, message) => sum + JSON.stringify(message).length, 0);
  let turns = 0;
  const count = () => {
    turns += 1;
    if (here.heard.length < log.length) setImmediate(count);
  };
  setImmediate(count);
  for (const message of log) await here.line.deliver(message);
  expect(turns).toBeGreaterThanOrEqual(Math.floor(size / 20_000));
  here.line.close(1000, 'done');
  await here.closed;
  expect(here.writes()).toBeLessThan(log.length / 20);
  expect(here.heard).toEqual(log.map((message) => JSON.stringify(message)));
});

test('V4 a text of any length arrives as it is, in letters of one byte and of four', async () => {
  using here = await stage();
  const texts = [0, 120, 121, 122, 123, 65_530, 65_531, 65_532, 65_533].flatMap((size) => ['a'.repeat(size), '𝄞'.repeat(size / 4)]);
  for (const text of texts) here.line.send([text]);
  here.line.close(1000, 'done');
  await here.closed;
  expect(here.heard).toEqual(texts.map((text) => JSON.stringify([text])));
});
