import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { every } from '../../src/core/views.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import type { ShownConversation } from '../../src/wire/share.ts';
import { guarded, key } from '../support/guarded.ts';
import { type IoClient, ioClient } from '../support/io-client.ts';
import { newFolder } from '../support/new-folder.ts';
import { served } from '../support/served.ts';
import { stuckStore } from '../support/stuck-store.ts';

type House = Awaited<ReturnType<typeof served>>;
const clients: IoClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

async function created(house: House, body: object = { title: 'Plans', description: 'For the summer', user_id: 'ann-1' }) {
  const answer = await house.post('/api/conversations/create', body);
  return {
    status: answer.status,
    ...((await answer.json()) as { room_id: string; join_link: string; token: string; conversation: ShownConversation }),
  };
}

async function join(house: House, room_id: string, user_id: string, username: string, options: object = {}) {
  const client = ioClient(house.base, options);
  clients.push(client);
  await client.connected;
  client.emit('join_room', { room_id, user_id, username });
  const { data } = await client.next('conversation_state', 'error');
  return { ...client, state: data };
}

const date = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('conversations by link', () => {
  test.each([['polling'], ['websocket']])('S1 from opening to leaving, by %s', async (transport) => {
    await using house = await served();
    const made = await created(house);
    const { room_id } = made;
    expect(made).toEqual({
      status: 201,
      success: true,
      room_id,
      token: expect.any(String),
      join_link: `${house.base}/conversation/${room_id}`,
      conversation: {
        room_id,
        created_at: date,
        created_by: 'ann-1',
        title: 'Plans',
        description: 'For the summer',
        messages: [],
        participants: [],
        is_active: true,
      },
    });
    const ann = await join(house, room_id, 'ann-1', 'Ann', { transports: [transport] });
    expect(ann.transport()).toBe(transport);
    expect(ann.state).toEqual({
      room_id,
      conversation: { ...made.conversation, participants: [{ user_id: 'ann-1', username: 'Ann', joined_at: date }] },
    });
    const ben = await join(house, room_id, 'ben-1', 'Ben', { transports: [transport] });
    expect(ben.state.conversation.participants.map(({ username }) => username)).toEqual(['Ann', 'Ben']);
    expect(await ann.next()).toEqual({ event: 'user_joined', data: { user_id: 'ben-1', username: 'Ben', participant_count: 2 } });
    ann.emit('typing', { room_id, user_id: 'ann-1', username: 'Ann', is_typing: true });
    expect(await ben.next()).toEqual({ event: 'user_typing', data: { user_id: 'ann-1', username: 'Ann', is_typing: true } });
    ann.emit('send_message', { room_id, message: 'Shall we <b>sail</b>?', user_id: 'ann-1', username: 'Ann' });
    const told = await ben.next();
    expect(told).toEqual({
      event: 'new_message',
      data: { id: expect.any(String), user_id: 'ann-1', username: 'Ann', message: 'Shall we <b>sail</b>?', type: 'text', timestamp: date },
    });
    expect(await ann.next()).toEqual(told);
    ben.emit('send_message', { room_id, message: 'aye.png', user_id: 'ben-1', username: 'Ben', type: 'image' });
    expect((await ann.next()).data).toMatchObject({ message: 'aye.png', type: 'image' });
    ben.emit('leave_room', { room_id, user_id: 'ben-1', username: 'Ben' });
    expect(await ann.next()).toEqual({ event: 'user_left', data: { user_id: 'ben-1', username: 'Ben', participant_count: 1 } });
    const late = await join(house, room_id, 'cid-1', 'Cid', { transports: [transport] });
    expect(late.state.conversation.messages.map(({ message }) => message)).toEqual(['Shall we <b>sail</b>?', 'aye.png']);
    await ann.next('user_joined');
    late.close();
    expect(await ann.next()).toEqual({ event: 'user_left', data: { user_id: 'cid-1', username: 'Cid', participant_count: 1 } });
    const end = await house.post(`/api/conversations/${room_id}/end`);
    expect([end.status, await end.json()]).toEqual([200, { success: true, message: 'Conversation ended successfully' }]);
    expect(await ann.next()).toEqual({ event: 'conversation_ended', data: { room_id, message: 'This conversation has ended' } });
    expect(ann.all.map(({ event }) => event)).not.toContain('user_typing');
  });

  test('S2 by default both transports are there: it begins by polling and goes on by WebSocket, and raw sockets beside it live', async () => {
    await using house = await served();
    const { room_id } = await created(house);
    const upgraded = ioClient(house.base);
    clients.push(upgraded);
    await upgraded.connected;
    const session = await house.session();
    const raw = await house.connect(session.id);
    if (upgraded.transport() !== 'websocket') await new Promise<void>((resolve) => upgraded.socket.io.engine.once('upgrade', () => resolve()));
    expect(upgraded.transport()).toBe('websocket');
    upgraded.emit('join_room', { room_id, user_id: 'ann-1', username: 'Ann' });
    await upgraded.next('conversation_state');
    raw.send({ type: 'ping' });
    await raw.next('pong');
    expect(await (await fetch(`${house.base}/socket.io/socket.io.min.js`)).text()).toContain('Socket.IO v4');
  });

  test('S3 over REST: join, get, list, health, end; whoever is in is told', async () => {
    await using house = await served();
    const { room_id, join_link } = await created(house, {});
    const ann = await join(house, room_id, 'ann-1', 'Ann');
    const joined = (await (await house.post(`/api/conversations/${room_id}/join`, { user_id: 'ben-1', username: 'Ben' })).json()) as object;
    expect(joined).toMatchObject({ success: true, room_id, join_link, conversation: { title: 'Untitled conversation', created_by: 'anonymous' } });
    expect((await ann.next()).data).toEqual({ user_id: 'ben-1', username: 'Ben', participant_count: 2 });
    // whoever connects is told of in any case
    const ben = await join(house, room_id, 'ben-1', 'Ben');
    expect((await ann.next()).data).toEqual({ user_id: 'ben-1', username: 'Ben', participant_count: 2 });
    await ben.ask('send_message', { room_id, message: 'hi', user_id: 'ben-1' });
    await created(house);
    const get = async (path: string) => {
      const answer = await fetch(`${house.base}${path}`);
      return { status: answer.status, ...((await answer.json()) as object) };
    };
    expect(await get(`/api/conversations/${room_id}`)).toMatchObject({
      success: true,
      conversation: { messages: [{ message: 'hi' }], participants: [{ username: 'Ann' }, { username: 'Ben' }] },
    });
    expect(await get('/api/conversations')).toMatchObject({
      success: true,
      conversations: expect.arrayContaining([
        { room_id, title: 'Untitled conversation', description: '', created_at: date, participant_count: 2, message_count: 1, join_link },
      ]),
    });
    await house.post(`/api/conversations/${room_id}/end`);
    expect(await get('/api/health')).toEqual({
      status: 'healthy',
      active_conversations: 1,
      total_conversations: 2,
      active_connections: 2,
    });
    expect(((await get('/api/conversations')) as unknown as { conversations: object[] }).conversations).toHaveLength(1);
    const over = await house.post(`/api/conversations/${room_id}/join`, {});
    expect([over.status, await over.json()]).toEqual([400, { success: false, error: 'Conversation is no longer active', code: 'session_finished' }]);
    expect(await get('/api/conversations/none')).toEqual({
      status: 404,
      success: false,
      error: 'Conversation not found',
      code: 'session_not_found',
    });
    const wrong = await house.post('/api/conversations/create', { title: 7 });
    expect([wrong.status, await wrong.json()]).toEqual([422, { success: false, error: 'title must be text.', code: 'invalid' }]);
  });

  test('S4 without an id somebody is anonymous; two of them with names are two', async () => {
    await using house = await served();
    const { room_id } = await created(house);
    const one = ioClient(house.base);
    clients.push(one);
    one.emit('join_room', { room_id });
    expect((await one.next('conversation_state')).data.conversation.participants).toEqual([
      { user_id: 'anonymous', username: 'User_anonym', joined_at: date },
    ]);
    const two = ioClient(house.base);
    clients.push(two);
    two.emit('join_room', { room_id, username: 'Zoe' });
    await two.next('conversation_state');
    expect((await one.next('user_joined')).data).toEqual({ user_id: 'anonymous', username: 'Zoe', participant_count: 2 });
    two.emit('send_message', { room_id, message: 'hello', username: 'Zoe' });
    expect((await one.next('new_message')).data).toMatchObject({ user_id: 'anonymous', username: 'Zoe' });
  });

  test('S5 the same person twice is there once, and has left with the last connection', async () => {
    await using house = await served();
    const { room_id } = await created(house);
    const ann = await join(house, room_id, 'ann-1', 'Ann');
    const phone = await join(house, room_id, 'ben-1', 'Ben');
    const laptop = await join(house, room_id, 'ben-1', 'Ben');
    expect(laptop.state.conversation.participants).toHaveLength(2);
    phone.close();
    await phone.gone;
    laptop.emit('typing', { room_id, user_id: 'ben-1', username: 'Ben', is_typing: true });
    laptop.close();
    expect([(await ann.next()).event, (await ann.next()).event, (await ann.next()).event]).toEqual(['user_joined', 'user_typing', 'user_left']);
  });

  const message = (room_id: string, text: unknown) => ['send_message', { room_id, message: text, user_id: 'eve-1', username: 'Eve' }];
  test('S6 whatever is wrong costs its sender one sentence, and nobody else anything', async () => {
    await using house = await served();
    const { room_id } = await created(house);
    const ended = await created(house);
    await house.post(`/api/conversations/${ended.room_id}/end`);
    const ann = await join(house, room_id, 'ann-1', 'Ann');
    const eve = await join(house, room_id, 'eve-1', 'Eve');
    await ann.next('user_joined');
    const wrong: [unknown[], string][] = [
      [['join_room', { room_id: 'none', user_id: 'eve-1' }], 'Conversation not found'],
      [['join_room', { room_id: ended.room_id, user_id: 'eve-1' }], 'Conversation is no longer active'],
      [['join_room', { room_id, user_id: 'eve-1', username: 'x'.repeat(10_000) }], 'username is longer than 80 characters: shorten it.'],
      [
        ['join_room', { room_id, user_id: 'eve-1', username: 'a\u0007b' }],
        'username holds control characters that nobody can read: send plain text.',
      ],
      [['join_room'], 'What was sent is missing: send a JSON object.'],
      [['join_room', 'room'], 'What was sent must be a JSON object.'],
      [['join_room', [room_id]], 'What was sent must be a JSON object.'],
      [['join_room', { room_id: { $ne: '' } }], 'room_id must be text.'],
      [message(room_id, 'x'.repeat(16_385)), 'message is longer than 16384 characters: shorten it.'],
      [message(room_id, 'x'.repeat(200_000)), 'message is longer than 16384 characters: shorten it.'],
      [message(room_id, '  '), 'message is empty: say it in a few words.'],
      [message(room_id, 7), 'message must be text.'],
      [message(room_id, Buffer.from('hi')), 'message must be text.'],
      [message(ended.room_id, 'hi'), 'You are not in this conversation, so nothing was done. Send join_room first.'],
      [
        ['send_message', { room_id, message: 'hi', user_id: 'ann-1' }],
        'You are in this conversation as somebody else, so nothing was done. Send join_room with this user_id first.',
      ],
      [['typing', { room_id, user_id: 'eve-1', is_typing: 'yes' }], 'is_typing must be true or false.'],
      [
        ['react', { room_id, message_id: '1', emoji: '👍' }],
        'There is no such message in this conversation, so nothing was noted. Send the id of one.',
      ],
      [['dance', {}], 'There is no event dance here, so nothing was done. Send join_room, leave_room, send_message, typing, voice, react.'],
      [['error', {}], 'There is no event error here, so nothing was done. Send join_room, leave_room, send_message, typing, voice, react.'],
    ];
    for (const [sent, sentence] of wrong) {
      eve.emit(...(sent as [string, ...unknown[]]));
      expect([sent[0], await eve.next('error', 'new_message')]).toEqual([
        sent[0],
        { event: 'error', data: { message: sentence, code: expect.any(String) } },
      ]);
    }
    eve.emit('send_message', { room_id, message: '<img src=x onerror=alert(1)>', user_id: 'eve-1' });
    expect((await ann.next()).data.message).toBe('<img src=x onerror=alert(1)>');
    expect(await eve.ask('typing', { room_id })).toEqual({ success: false, error: 'is_typing is missing: send true or false.' });
  });

  test.each([['polling'], ['websocket']])(
    'S7 bytes that are no Socket.IO are answered with a sentence, and end only the connection they came by, over %s',
    async (transport) => {
      await using house = await served();
      const { room_id } = await created(house);
      const ann = await join(house, room_id, 'ann-1', 'Ann');
      const eve = await join(house, room_id, 'eve-1', 'Eve', { transports: [transport] });
      await ann.next('user_joined');
      await eve.ask('send_message', { room_id, message: 'said before', user_id: 'eve-1' });
      eve.socket.io.engine.write('2["send_message"');
      expect((await eve.next('error')).data).toEqual({ message: expect.stringMatching(/^That was no packet of Socket.IO, so/), code: 'unreadable' });
      expect(await eve.gone).toMatch(/^transport (close|error)$/);
      expect((await ann.next()).data.message).toBe('said before');
      expect((await ann.next()).event).toBe('user_left');
      ann.emit('send_message', { room_id, message: 'still here', user_id: 'ann-1' });
      expect((await ann.next()).data.message).toBe('still here');
    },
  );

  test('S7b and so is whoever does not even begin as Socket.IO begins, over both transports', async () => {
    await using house = await served();
    const path = '/socket.io/?EIO=4&transport=';
    const sentence = /^44\{"message":"That was no packet of Socket\.IO, so .*"code":"unreadable"/;
    const raw = new WebSocket(`${house.base.replace('http', 'ws')}${path}websocket`);
    const told: string[] = [];
    raw.onmessage = ({ data }) => {
      if (told.push(String(data)) === 1) raw.send('4hello');
    };
    await once(raw, 'close');
    expect(told).toEqual([expect.stringMatching(/^0\{/), expect.stringMatching(sentence)]);
    const polled = (query: string, options: RequestInit = {}) =>
      fetch(`${house.base}${path}polling${query}`, options).then((answer) => answer.text());
    const { sid } = JSON.parse((await polled('')).slice(1)) as { sid: string };
    await polled(`&sid=${sid}`, { method: 'POST', body: '4hello' });
    expect(await polled(`&sid=${sid}`)).toMatch(sentence);
  });

  test('S8 a full conversation says so, and pages of strangers do not come in', async () => {
    await using house = await served({}, { budgets: { membersPerChat: 1 } });
    const { room_id } = await created(house);
    await join(house, room_id, 'ann-1', 'Ann');
    expect((await join(house, room_id, 'ben-1', 'Ben')).state).toEqual({
      message: 'This room is full, so you could not come in. Try again when somebody has left.',
      code: 'busy',
    });
    expect((await house.post(`/api/conversations/${room_id}/join`, { user_id: 'ben-1' })).status).toBe(503);
    for (const transports of [['polling'], ['websocket']]) {
      const page = ioClient(house.base, { transports, extraHeaders: { origin: 'https://evil.example' } });
      clients.push(page);
      await expect(page.connected).rejects.toThrow();
    }
  });

  test('S9 too many connections of one address are told so', async () => {
    await using house = await served({ TRUST_PROXY: '1' }, { budgets: { socketsPerAddress: 1 } });
    const extraHeaders = { 'x-forwarded-for': '203.0.113.7' };
    const first = ioClient(house.base, { extraHeaders, transports: ['websocket'] });
    clients.push(first);
    await first.connected;
    for (const transports of [['polling'], ['websocket']]) {
      const second = ioClient(house.base, { extraHeaders, transports });
      clients.push(second);
      await expect(second.connected).rejects.toThrow('Your address has as many connections as it may.');
    }
  });

  test('S10 a client that never reads is cut, and nothing is lost for others', async () => {
    await using house = await served({}, { budgets: { backlog: 65_536 } });
    const { room_id } = await created(house);
    const ann = await join(house, room_id, 'ann-1', 'Ann', { transports: ['websocket'] });
    const deaf = await join(house, room_id, 'eve-1', 'Eve', { transports: ['websocket'] });
    await ann.next('user_joined');
    (deaf.socket.io.engine.transport as unknown as { ws: { pause(): void } }).ws.pause();
    let heard = 0;
    let left = false;
    for (let sent = 0; !left; sent += 1) {
      ann.emit('send_message', { room_id, message: `${sent} ${'x'.repeat(16_000)}`, user_id: 'ann-1' });
      for (let told = await ann.next(); ; told = await ann.next()) {
        if (told.event === 'user_left') left = true;
        else {
          expect(told.data.message).toMatch(new RegExp(`^${heard} `));
          heard += 1;
          break;
        }
      }
    }
    expect(heard).toBeGreaterThan(4);
  });

  test('S11 where there are keys, opening and listing need one, and the link is enough to take part', async () => {
    await using house = await guarded();
    expect((await house.ask('POST', '/api/conversations/create', undefined, {})).status).toBe(401);
    expect((await house.ask('GET', '/api/conversations')).status).toBe(401);
    const { room_id } = (await (await house.ask('POST', '/api/conversations/create', key, {})).json()) as { room_id: string };
    const client = ioClient(house.base);
    clients.push(client);
    client.emit('join_room', { room_id, user_id: 'ann-1' });
    await client.next('conversation_state');
    expect((await house.ask('POST', `/api/conversations/${room_id}/join`, undefined, {})).status).toBe(200);
    expect((await house.ask('GET', `/session/${room_id}`, key)).status).toBe(404);
  });

  test('S12 after a restart a client comes back by itself, and everything said is there', async () => {
    const environment = { STORE: 'sqlite', DATA_DIR: newFolder() };
    let room = '';
    let port = 0;
    const client = await (async () => {
      await using house = await served(environment);
      room = (await created(house)).room_id;
      port = Number(new URL(house.base).port);
      const ann = await join(house, room, 'ann-1', 'Ann', { reconnection: true, reconnectionDelay: 20, reconnectionDelayMax: 50 });
      await ann.ask('send_message', { room_id: room, message: 'Kept?', user_id: 'ann-1' });
      return ann;
    })();
    expect(await client.gone).toBe('transport close');
    await using house = await served(environment, {}, undefined, port);
    await new Promise<void>((resolve) => (client.socket.connected ? resolve() : client.socket.once('connect', () => resolve())));
    client.emit('join_room', { room_id: room, user_id: 'ann-1', username: 'Ann' });
    const { data } = await client.next('conversation_state');
    expect(data.conversation).toMatchObject({ messages: [{ message: 'Kept?' }], participants: [{ username: 'Ann' }] });
    expect((await house.house.hub.find(room))!.entries.map(({ type }) => type)).not.toContain('left');
  });

  test('S13 reactions are told, kept and taken back', async () => {
    await using house = await served();
    const { room_id } = await created(house);
    const ann = await join(house, room_id, 'ann-1', 'Ann');
    const { id: message_id } = await ann.ask('send_message', { room_id, message: 'Sail?', user_id: 'ann-1' });
    const ben = await join(house, room_id, 'ben-1', 'Ben');
    ben.emit('react', { room_id, user_id: 'ben-1', message_id, emoji: '👍' });
    expect(await ann.next('message_reaction')).toEqual({
      event: 'message_reaction',
      data: { message_id, user_id: 'ben-1', username: 'Ben', emoji: '👍', on: true, timestamp: date },
    });
    const messages = async () => (await join(house, room_id, 'cid-1', 'Cid')).state.conversation.messages;
    expect(await messages()).toMatchObject([{ id: message_id, reactions: { '👍': ['ben-1'] } }]);
    await ben.ask('react', { room_id, user_id: 'ben-1', message_id, emoji: '👍', on: false });
    expect((await messages())[0]).not.toHaveProperty('reactions');
  });

  test('S14 a message sent again under its own id is kept once', async () => {
    await using house = await served();
    const { room_id } = await created(house);
    const ann = await join(house, room_id, 'ann-1', 'Ann');
    const once = { room_id, message: 'Once', user_id: 'ann-1', id: 'a' };
    expect(await ann.ask('send_message', once)).toEqual(await ann.ask('send_message', once));
    expect((await join(house, room_id, 'ben-1', 'Ben')).state.conversation.messages).toHaveLength(1);
  });

  test('S14b what two connections of one person send at the same time, under the same ids, is kept once', async () => {
    await using house = await served({ STORE: 'sqlite' });
    const { room_id } = await created(house);
    const both = [await join(house, room_id, 'ann-1', 'Ann'), await join(house, room_id, 'ann-1', 'Ann')];
    const ids = Array.from({ length: 20 }, (_, index) => `mine-${index}`);
    const asked = ids.flatMap((id) => both.map((one) => one.ask('send_message', { room_id, user_id: 'ann-1', message: `What is ${id}`, id })));
    expect((await Promise.all(asked)).filter(({ success }) => success !== true)).toEqual([]);
    const said = every((await house.house.hub.find(room_id))!.entries, 'said');
    expect(said.map(({ text }) => text)).toEqual(ids.map((id) => `What is ${id}`));
  });

  test('S17 packets that wait for a disk are bounded by their bytes: what fits is kept in order, whoever sends more is told and closed', async () => {
    const disk = stuckStore(memoryStore());
    await using house = await served({}, { store: disk.store, budgets: { ioWaiting: 100_000 } });
    const { room_id } = await created(house);
    const patient = await join(house, room_id, 'ann-1', 'Ann');
    const eager = await join(house, room_id, 'ben-1', 'Ben');
    await patient.next('user_joined');
    disk.stick();
    const say = (message: string) => ({ room_id, message });
    const long = 'ä'.repeat(16_000);
    const kept = Promise.all([1, 2, 3].map((count) => patient.ask('send_message', say(`${count} ${long}`))));
    for (let count = 0; count < 4; count += 1) eager.emit('send_message', say(long));
    expect((await eager.next('error')).data).toMatchObject({ code: 'too_fast' });
    expect(await eager.gone).toBe('io server disconnect');
    disk.goOn();
    expect((await kept).map(({ success }) => success)).toEqual([true, true, true]);
    // what waited once counts no more
    for (let count = 4; count < 9; count += 1) expect(await patient.ask('send_message', say(`${count} ${long}`))).toMatchObject({ success: true });
    const { entries } = (await house.house.hub.find(room_id))!;
    const said = entries.flatMap((entry) => (entry.type === 'said' && entry.by === 'ann-1' ? [entry.text.split(' ')[0]] : []));
    expect(said).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
  });

  test('S18 whoever calls themselves like the house is told what to change, over REST and over Socket.IO', async () => {
    await using house = await served();
    const { room_id } = await created(house);
    const refusal = 'Somebody of the house is called that, so you could not come in under it. Choose another user_id.';
    const answer = await house.post(`/api/conversations/${room_id}/join`, { user_id: 'user' });
    expect([answer.status, await answer.json()]).toEqual([422, expect.objectContaining({ success: false, error: refusal })]);
    expect((await join(house, room_id, 'House', 'Ann')).state).toMatchObject({ message: refusal });
  });

  test('S19 a conversation is full for whoever joins over REST as well', async () => {
    await using house = await served({}, { budgets: { membersPerChat: 2 } });
    const { room_id } = await created(house);
    const joining = async (user_id: string) => (await house.post(`/api/conversations/${room_id}/join`, { user_id })).status;
    expect([await joining('a'), await joining('b'), await joining('c'), await joining('a')]).toEqual([200, 200, 503, 200]);
    // whoever is really there comes before whoever only said so
    expect((await join(house, room_id, 'd', 'Dan')).state).toMatchObject({ room_id });
    const { conversation } = (await (await fetch(`${house.base}/api/conversations/${room_id}`)).json()) as { conversation: ShownConversation };
    expect(conversation.participants.map(({ user_id }) => user_id)).toEqual(['b', 'd']);
  });
});
