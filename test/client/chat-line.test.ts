import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type WebSocket as Socket, WebSocketServer } from 'ws';
import { type ChatLine, chatLine } from '../../src/client/chat-line.ts';
import type { LineState } from '../../src/client/steady-line.ts';
import { browser, type Surroundings } from '../../src/client/surroundings.ts';

type News = { type: string; seq?: number; id?: string };

/** A service that does what the test says, and a chat that is connected to it; its waits take no time. */
async function stage() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const address = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws/x`;
  const control = new AbortController();
  const news: News[] = [];
  const states: LineState[] = [];
  const ticks: (() => void)[] = [];
  let now = 0;
  let wake = () => {};
  const around: Surroundings = {
    ...browser,
    now: () => now,
    random: () => 0.5,
    sleep: async () => undefined,
    every: (_ms, tick) => void ticks.push(tick),
  };
  return {
    news,
    states,
    open: (key?: string): ChatLine =>
      chatLine<News>(
        {
          address: (after) => `${address}?after=${after}`,
          greets: 'room_state',
          key,
          around,
          onNews: (each) => [news.push(each), wake()],
          onState: (each) => [states.push(each), wake()],
        },
        control.signal,
      ),
    async accept() {
      const [socket, { url }] = (await once(server, 'connection')) as [Socket, { url: string }];
      const received: News[] = [];
      let arrived = () => {};
      socket.on('message', (data) => [received.push(JSON.parse(String(data)) as News), arrived()]);
      return {
        socket,
        url,
        tell: (...told: object[]) => told.forEach((each) => void socket.send(JSON.stringify(each))),
        async gets(count: number): Promise<News[]> {
          while (received.length < count)
            await new Promise<void>((resolve) => {
              arrived = resolve;
            });
          return received;
        },
      };
    },
    async until(reached: () => boolean): Promise<void> {
      while (!reached())
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    },
    later(ms: number) {
      now += ms;
      ticks.at(-1)!();
    },
    async close() {
      control.abort();
      for (const client of server.clients) client.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}

let here: Awaited<ReturnType<typeof stage>>;
beforeEach(async () => {
  here = await stage();
});
afterEach(() => here.close());
const greeting = { type: 'room_state', seq: 9 };

test('what is said before the greeting goes out after it, and again after a break until it is acknowledged, under the same id', async () => {
  const line = here.open();
  const id = line.say('hello');
  const first = await here.accept();
  expect(first.url).toBe('/ws/x?after=0');
  first.tell(greeting);
  expect(await first.gets(1)).toEqual([{ type: 'message', id, content: 'hello' }]);
  first.socket.terminate();
  const second = await here.accept();
  second.tell(greeting);
  expect(await second.gets(1)).toEqual([{ type: 'message', id, content: 'hello' }]);
  second.tell({ type: 'ack', id, seq: 10 });
  await here.until(() => here.news.some(({ type }) => type === 'ack'));
  second.socket.terminate();
  const third = await here.accept();
  third.tell(greeting);
  line.say('more');
  expect(await third.gets(1)).toMatchObject([{ content: 'more' }]);
});

test('it comes back behind the last that it was told in turn: an acknowledgement is no such thing', async () => {
  const line = here.open();
  const id = line.say('mine');
  const first = await here.accept();
  first.tell(greeting, { type: 'message', seq: 3 }, { type: 'ack', id, seq: 7 });
  await here.until(() => here.news.length === 3);
  first.socket.terminate();
  expect((await here.accept()).url).toBe('/ws/x?after=3');
});

test('what was refused is not said again by itself, but when it is asked for', async () => {
  const line = here.open();
  const id = line.say('mine');
  const first = await here.accept();
  first.tell(greeting);
  await first.gets(1);
  first.tell({ type: 'error', id, message: 'the disk is slow', code: 'storage_slow', retry: true });
  await here.until(() => here.news.some(({ type }) => type === 'error'));
  first.socket.terminate();
  const second = await here.accept();
  second.tell(greeting);
  line.say('next');
  expect(await second.gets(1)).toMatchObject([{ content: 'next' }]);
  line.again(id);
  expect((await second.gets(2))[1]).toEqual({ type: 'message', id, content: 'mine' });
});

test('a key is said first', async () => {
  here.open('k'.repeat(24));
  const first = await here.accept();
  expect(await first.gets(1)).toEqual([{ type: 'auth', token: 'k'.repeat(24) }]);
});

test('a service that is quiet is asked, and left for another line when it does not answer', async () => {
  here.open();
  const first = await here.accept();
  first.tell(greeting);
  await here.until(() => here.states.some(({ is }) => is === 'open'));
  here.later(5_000);
  expect(await first.gets(1)).toEqual([{ type: 'ping' }]);
  here.later(5_000);
  await here.accept();
});

test('a code that says so ends it for good', async () => {
  here.open();
  (await here.accept()).socket.close(4004, 'Session not found');
  await here.until(() => here.states.at(-1)?.is === 'over');
  expect(here.states.at(-1)).toMatchObject({ code: 4004 });
});
