import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { openLine } from '../../src/api/line.ts';
import { budgets } from '../../src/core/budgets.ts';
import { served } from '../support/served.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const pingEvery = 20;

/** Holds up everything in this process. */
function standStill(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('signs of life', () => {
  test('O5 a socket is not given up because this process itself stood still, however often', async () => {
    await using house = await served({}, { budgets: { pingEvery } });
    const { id } = await house.session();
    const client = await house.connect(id);
    for (let count = 0; count < 5; count++) {
      standStill(10 * pingEvery);
      client.send({ type: 'ping' });
      expect(await client.next('pong')).toEqual({ type: 'pong' });
    }
  });

  test('O5 nor because we have not taken yet what it sent', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    let pings = 0;
    client.on('ping', () => {
      pings += 1;
    });
    const open = once(client, 'open');
    const [socket] = (await once(server, 'connection')) as [WebSocket];
    const line = openLine(socket, { ...budgets, pingEvery, waitingFrames: 4 }, virtualClock());
    await open;
    for (let count = 0; count < 10; count++) client.send(`${count}`);
    await expect.poll(() => pings, { timeout: 10_000 }).toBeGreaterThan(2 * budgets.missedPings);
    const taken: (string | undefined)[] = [];
    for await (const { text } of line.frames()) {
      taken.push(text);
      if (taken.length === 10) break;
    }
    expect(taken).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    client.terminate();
    server.close();
  });

  test('O5 a client that gives none is given up', async () => {
    await using house = await served({}, { budgets: { pingEvery } });
    const { id } = await house.session();
    const client = await house.connect(id);
    client.pause();
    const text = async () => (await fetch(`${house.base}/metrics`)).text();
    await expect.poll(text, { timeout: 10_000 }).toContain('\naside_sockets_closed_total{code="1006"} 1\n');
    expect(await text()).toContain('\naside_sockets_open 0\n');
  });
});
