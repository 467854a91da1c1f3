import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type WebSocket as Socket, WebSocketServer } from 'ws';
import { connect, type Link, type LinkState } from '../../src/client/link.ts';
import type { ServerMessage } from '../../src/client/messages.ts';
import type { Session } from '../../src/client/session.ts';
import { browser, type Surroundings } from '../../src/client/surroundings.ts';

const line = (seq: number) => ({ type: 'transcript', seq, text: `line ${seq}`, speaker: 'user' });
const hello = { type: 'hello', session_id: 'x', seq: 0, engines: {}, resumed: true, finished: false };

/** A service that does what the test says, and the client that is connected to it; its waits take no time. */
async function stage() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const address = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const session: Session = { base: address.replace('ws', 'http'), id: 'x', token: 't', socket: `${address}/ws/x`, greeting: '' };
  const control = new AbortController();
  const messages: ServerMessage[] = [];
  const states: LinkState[] = [];
  const ticks: (() => void)[] = [];
  let now = 0;
  const around: Surroundings = {
    ...browser,
    now: () => now,
    random: () => 0,
    sleep: async () => undefined,
    every: (_ms, tick) => void ticks.push(tick),
  };
  let wake = () => {};
  const noted = () => wake();
  return {
    messages,
    states,
    begin: (): Link =>
      connect(
        session,
        { around, onMessage: (message) => [messages.push(message), noted()], onState: (state) => [states.push(state), noted()] },
        control.signal,
      ),
    async accept(): Promise<{ socket: Socket; path: string; received: (string | Buffer)[]; gets(count: number): Promise<void> }> {
      const [socket, request] = (await once(server, 'connection')) as [Socket, { url: string }];
      const received: (string | Buffer)[] = [];
      let arrived = () => {};
      socket.on('message', (data, binary) => {
        received.push(binary ? (data as Buffer) : String(data));
        arrived();
      });
      return {
        socket,
        path: request.url,
        received,
        async gets(count) {
          while (received.length < count)
            await new Promise<void>((resolve) => {
              arrived = resolve;
            });
        },
      };
    },
    tell: (socket: Socket, ...what: object[]) => {
      for (const message of what) socket.send(JSON.stringify(message));
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
    stop: () => control.abort(),
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

describe('a line that comes back', () => {
  test('after a drop it goes on behind the last line it was told, and tells none twice', async () => {
    const link = here.begin();
    const first = await here.accept();
    expect(first.path).toBe('/ws/x?after=0');
    here.tell(first.socket, hello, line(1), line(2));
    await here.until(() => link.seq === 2);
    first.socket.terminate();
    const second = await here.accept();
    expect(second.path).toBe('/ws/x?after=2');
    here.tell(second.socket, hello, line(2), line(3));
    await here.until(() => link.seq === 3);
    expect(here.messages.flatMap((message) => ('seq' in message && message.type !== 'hello' ? [message.seq] : []))).toEqual([1, 2, 3]);
  });

  test('what was said and recorded while it was down is sent first, in order; a hint is for now or never', async () => {
    const link = here.begin();
    const first = await here.accept();
    here.tell(first.socket, hello);
    await here.until(() => here.states.at(-1)?.is === 'open');
    first.socket.terminate();
    await here.until(() => here.states.at(-1)?.is !== 'open');
    link.say({ type: 'said', text: 'while you were away' });
    link.say({ type: 'hint' });
    link.sound(new Blob(['header']));
    link.sound(new Blob(['and more']));
    const second = await here.accept();
    here.tell(second.socket, hello);
    await second.gets(3);
    expect(second.received.map(String)).toEqual(['{"type":"said","text":"while you were away"}', 'header', 'and more']);
  });

  test('a minute of sound is kept; then all of it goes, for a new recorder to begin', () => {
    const link = here.begin();
    const piece = new Blob(['x']);
    expect(Array.from({ length: 600 }, () => link.sound(piece))).not.toContain(false);
    expect(link.sound(piece)).toBe(false);
    expect(link.sound(piece)).toBe(true);
  });

  test('a service that says nothing for 5 s is asked, and left after 6 s more without an answer', async () => {
    here.begin();
    const first = await here.accept();
    here.tell(first.socket, hello);
    await here.until(() => here.states.at(-1)?.is === 'open');
    here.later(4_900);
    here.later(200);
    await first.gets(1);
    expect(first.received).toEqual(['{"type":"ping"}']);
    here.tell(first.socket, { type: 'pong' }, line(1));
    await here.until(() => here.messages.length === 2);
    here.later(5_100);
    await first.gets(2);
    here.later(5_900);
    expect(here.states.at(-1)?.is).toBe('open');
    const second = here.accept();
    here.later(200);
    expect((await second).path).toBe('/ws/x?after=1');
  });

  test.each([1000, 4001, 4004, 4009])('sent away with %i it stays away, and says why', async (code) => {
    const link = here.begin();
    const { socket } = await here.accept();
    here.tell(socket, hello);
    socket.close(code);
    await link.done;
    expect(here.states.at(-1)).toEqual({ is: 'over', code, why: expect.stringMatching(/\.$/) });
  });

  test.each([1011, 1012, 1013, 4008, 4029])('sent away with %i it comes back', async (code) => {
    here.begin();
    const { socket } = await here.accept();
    socket.close(code);
    expect((await here.accept()).path).toBe('/ws/x?after=0');
  });

  test('stopped, it says goodbye and is no failure', async () => {
    const link = here.begin();
    const { socket } = await here.accept();
    here.tell(socket, hello);
    await here.until(() => here.states.at(-1)?.is === 'open');
    here.stop();
    await link.done;
    expect((await once(socket, 'close'))[0]).toBe(1000);
    expect(here.states.at(-1)?.is).toBe('open');
  });
});
