import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type WebSocket as Socket, WebSocketServer } from 'ws';
import { connect, type Link, type LinkOptions, type LinkState } from '../../src/client/link.ts';
import type { ServerMessage } from '../../src/client/messages.ts';
import type { Session } from '../../src/client/session.ts';
import { browser, type Surroundings } from '../../src/client/surroundings.ts';
import { type Tail, tail } from '../../src/client/tail.ts';
import { Trouble } from '../../src/client/trouble.ts';

const line = (seq: number) => ({ type: 'transcript', seq, text: `line ${seq}`, speaker: 'user' });
const hello = { type: 'hello', session_id: 'x', seq: 0, engines: {}, resumed: true, finished: false };

/** What is in a numbered frame. */
const piece = (frame: string | Buffer): [number, number, string] => {
  const bytes = frame as Buffer;
  return [bytes.readUInt32BE(0), bytes.readUInt32BE(4), bytes.subarray(8).toString()];
};

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
    begin: (earlier?: Tail, more: Partial<LinkOptions> = {}): Link =>
      connect(
        session,
        {
          ...(earlier && { tail: earlier }),
          ...more,
          around,
          onMessage: (message) => [messages.push(message), noted()],
          onState: (state) => [states.push(state), noted()],
        },
        control.signal,
      ),
    async accept(): Promise<{
      socket: Socket;
      path: string;
      shown: string | undefined;
      received: (string | Buffer)[];
      gets(count: number): Promise<void>;
    }> {
      const [socket, request] = (await once(server, 'connection')) as [Socket, IncomingMessage];
      const received: (string | Buffer)[] = [];
      let arrived = () => {};
      socket.on('message', (data, binary) => {
        if (String(data) === '{"type":"auth","token":"t"}') return;
        received.push(binary ? (data as Buffer) : String(data));
        arrived();
      });
      return {
        socket,
        path: request.url!,
        shown: request.headers['sec-websocket-protocol'],
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
    expect(first.path).toBe('/ws/x?after=0&recorder=new');
    here.tell(first.socket, hello, line(1), line(2));
    await here.until(() => link.seq === 2);
    first.socket.terminate();
    const second = await here.accept();
    expect(second.path).toBe('/ws/x?after=2');
    here.tell(second.socket, hello, line(2), line(3));
    await here.until(() => link.seq === 3);
    expect(here.messages.flatMap((message) => ('seq' in message && message.type !== 'hello' ? [message.seq] : []))).toEqual([1, 2, 3]);
  });

  test('told that the service has another log than before, it begins anew, sends again what it still has and says what is missing', async () => {
    const link = here.begin();
    const first = await here.accept();
    here.tell(first.socket, { ...hello, epoch: 'one' }, line(1), line(2), line(3));
    await here.until(() => link.seq === 3);
    for (const no of [1, 2, 3]) link.sound(new Blob([`piece ${no}`]), no * 100);
    await first.gets(3);
    here.tell(first.socket, { type: 'ack', chunk: 2, seq: 4 }, line(5));
    await here.until(() => link.seq === 5);
    first.socket.terminate();
    const second = await here.accept();
    expect(second.path).toBe('/ws/x?after=5&epoch=one');
    here.tell(second.socket, { ...hello, epoch: 'two', resumed: false, chunk: 1 }, line(1), line(2));
    await second.gets(2);
    expect(JSON.parse(String(second.received[0]))).toEqual({ type: 'lost', before: 3, at: 300 });
    expect(piece(second.received[1]!)).toEqual([3, 300, 'piece 3']);
    await here.until(() => link.seq === 2);
    second.socket.terminate();
    expect((await here.accept()).path).toBe('/ws/x?after=2&epoch=two');
    const told = here.messages.flatMap((message) => ('seq' in message && message.type !== 'hello' ? [message.seq] : []));
    expect(told).toEqual([1, 2, 3, 5, 1, 2]);
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
    link.sound(new Blob(['header']), 100);
    link.sound(new Blob(['and more']), 200);
    const second = await here.accept();
    here.tell(second.socket, hello);
    await second.gets(3);
    expect(JSON.parse(String(second.received[0]))).toEqual({ type: 'said', text: 'while you were away', id: expect.any(String) });
    expect(second.received.slice(1).map(piece)).toEqual([
      [1, 100, 'header'],
      [2, 200, 'and more'],
    ]);
  });

  test('what the voices are like is kept beside the sound, and told only to a service that does not know it', async () => {
    const kept: (readonly number[])[] = [];
    const store = {
      keep: () => undefined,
      forget: () => undefined,
      keepVoices: (numbers: readonly number[]) => kept.push(numbers),
      clear: () => undefined,
    };
    const link = here.begin(tail([], store));
    const first = await here.accept();
    here.tell(first.socket, { ...hello, voices: false }, { type: 'voices', numbers: [1, 2, 3] }, line(1));
    await here.until(() => link.seq === 1);
    first.socket.terminate();
    const second = await here.accept();
    here.tell(second.socket, { ...hello, voices: true }, line(2));
    await here.until(() => link.seq === 2);
    second.socket.terminate();
    const third = await here.accept();
    link.sound(new Blob(['a piece']), 5);
    here.tell(third.socket, { ...hello, voices: false });
    await third.gets(2);
    expect([first.received, second.received]).toEqual([[], []]);
    expect(JSON.parse(String(third.received[0]))).toEqual({ type: 'voices', numbers: [1, 2, 3] });
    expect(piece(third.received[1]!)[2]).toBe('a piece');
    expect(kept).toEqual([[1, 2, 3]]);
    expect(here.messages.some(({ type }) => type === 'voices')).toBe(false);
  });

  test('it says first who it is', async () => {
    here.begin();
    const { socket } = await here.accept();
    const [first] = (await once(socket, 'message')) as [Buffer];
    expect(JSON.parse(String(first))).toEqual({ type: 'auth', token: 't' });
  });

  test('sound is sent again from where the service stands, until it is heard; what is heard is never sent again', async () => {
    const link = here.begin();
    const first = await here.accept();
    here.tell(first.socket, hello);
    await here.until(() => here.states.at(-1)?.is === 'open');
    for (const no of [1, 2, 3, 4, 5]) link.sound(new Blob([`piece ${no}`]), no);
    await first.gets(5);
    here.tell(first.socket, { type: 'ack', chunk: 2, seq: 1 }, { type: 'resend', from: 4 });
    await first.gets(7);
    expect(first.received.slice(5).map((frame) => piece(frame)[0])).toEqual([4, 5]);
    first.socket.terminate();
    const second = await here.accept();
    // a service that was killed knows only what it had written down
    here.tell(second.socket, { ...hello, chunk: 2 });
    await second.gets(3);
    expect(second.received.map((frame) => piece(frame)[0])).toEqual([3, 4, 5]);
  });

  test('after ten minutes without a service the oldest sound goes, and the service is told what is missing', async () => {
    const link = here.begin();
    for (let minute = 0; minute <= 12; minute += 1) link.sound(new Blob([`minute ${minute}`]), minute * 60_000);
    const { socket, received, gets } = await here.accept();
    here.tell(socket, hello);
    await gets(12);
    expect(JSON.parse(String(received[0]))).toEqual({ type: 'lost', before: 3, at: 120_000 });
    expect(received.slice(1).map((frame) => piece(frame)[2])).toEqual(Array.from({ length: 11 }, (_, index) => `minute ${index + 2}`));
  });

  test('what an earlier page left is sent first, and the numbers go on', async () => {
    const kept: number[] = [];
    const store = { keep: ({ no }: { no: number }) => kept.push(no), forget: () => undefined, keepVoices: () => undefined, clear: () => undefined };
    const link = here.begin(tail([{ no: 7, at: 0, sound: new Blob(['left']) }], store));
    link.sound(new Blob(['new']), 900);
    const { socket, received, gets } = await here.accept();
    here.tell(socket, { ...hello, chunk: 6 });
    await gets(2);
    expect(received.map((frame) => piece(frame)[0])).toEqual([7, 8]);
    expect(kept).toEqual([8]);
  });

  test('what the service could not keep just now is said again; what it refused is not', async () => {
    const link = here.begin();
    const { socket, received, gets } = await here.accept();
    here.tell(socket, hello);
    await here.until(() => here.states.at(-1)?.is === 'open');
    link.say({ type: 'said', text: 'one' });
    link.say({ type: 'said', text: 'two' });
    await gets(2);
    const [one, two] = received.map((frame) => JSON.parse(String(frame)).id as string);
    here.tell(
      socket,
      { type: 'error', message: 'full', code: 'storage_full', retry: true, id: one },
      { type: 'error', message: 'no', code: 'invalid', retry: false, id: two },
    );
    await here.until(() => here.messages.filter(({ type }) => type === 'error').length === 2);
    here.later(1_000);
    await gets(3);
    expect(JSON.parse(String(received[2]))).toMatchObject({ text: 'one', id: one });
    expect(link.delivered).toBe(false);
    here.tell(socket, { type: 'done', id: one, seq: 1 }, { type: 'pong' }, line(1));
    await here.until(() => link.seq === 1);
    expect(link.delivered).toBe(true);
  });

  test('a service that says nothing for 5 s is asked, and left after 5 s more without an answer', async () => {
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
    here.later(4_900);
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
    expect((await here.accept()).path).toBe('/ws/x?after=0&recorder=new');
  });

  test('whoever comes in by tickets shows a new one each time, and is out for good when there is none for them any more', async () => {
    const tickets = ['one', 'two'];
    const link = here.begin(undefined, {
      ticket: async () => tickets.shift() ?? Promise.reject(new Trouble('session_not_found', 'Session not found')),
    });
    const first = await here.accept();
    expect(first.shown).toBe('aside.v1, ticket.one');
    first.socket.terminate();
    const second = await here.accept();
    expect(second.shown).toBe('aside.v1, ticket.two');
    second.socket.terminate();
    await link.done;
    expect(here.states.at(-1)).toMatchObject({ is: 'over', code: 4001 });
  });

  test('a service that does not answer just now takes nobody’s right away: the next ticket is asked for a moment later', async () => {
    const answers = [() => Promise.reject(new Trouble('unreachable', 'Aside does not answer.')), async () => 'late'];
    here.begin(undefined, { ticket: () => answers.shift()!() });
    expect((await here.accept()).shown).toBe('aside.v1, ticket.late');
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
