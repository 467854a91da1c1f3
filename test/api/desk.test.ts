import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryStore } from '../../src/stores/memory.ts';
import { guarded, key } from '../support/guarded.ts';
import { newFolder } from '../support/new-folder.ts';
import { served } from '../support/served.ts';

type House = Pick<Awaited<ReturnType<typeof served>>, 'base' | 'post' | 'dial'>;
type Message = { id: number; session_id: string; content: string; sender: string; timestamp: string };
type Session = { id: string; title: string; created_at: string; messages: Message[] };

const json = async <T>(answer: Response | Promise<Response>): Promise<T> => (await (await answer).json()) as T;
const get = <T>(house: House, path: string) => json<T>(fetch(`${house.base}${path}`));
const opened = (house: House, body: object = {}) => json<Session>(house.post('/api/sessions', body));
const write = (house: House, id: string, content: string, more: object = {}) =>
  json<Message>(house.post(`/api/sessions/${id}/messages`, { content, sender: 'assistant', ...more }));

/** A socket of the desk, whose frames have no type. */
function sit(house: House, id: string, query = '') {
  const client = house.dial(`/ws/${id}${query}`);
  type Told = { session_id: string; message: Message; token?: { about: number; content: string } };
  return Object.assign(client, { told: async () => (await client.next()) as unknown as Told });
}

describe('desk', () => {
  test('K1 a session is opened, written in and read; everybody connected is told everything, its sender too', async () => {
    await using house = await served();
    const answer = await house.post('/api/sessions', { title: 'Plans' });
    expect(answer.status).toBe(201);
    const { ws_url, ...session } = await json<Session & { ws_url: string }>(answer);
    expect(ws_url).toBe(`${house.base.replace('http', 'ws')}/ws/${session.id}`);
    expect(session).toEqual({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), title: 'Plans', created_at: expect.any(String), messages: [] });
    const [one, other] = [sit(house, session.id, '?after=0'), sit(house, session.id, '?after=0')];
    await one.opened;
    const posted = await house.post(`/api/sessions/${session.id}/messages`, { content: 'By REST', sender: 'assistant' });
    expect(posted.status).toBe(201);
    const first = await json<Message>(posted);
    expect(first).toEqual({ id: 1, session_id: session.id, content: 'By REST', sender: 'assistant', timestamp: expect.any(String) });
    const { session_id: _, ...message } = first;
    expect([await one.told(), await other.told()]).toEqual([
      { session_id: session.id, message },
      { session_id: session.id, message },
    ]);
    one.send({ content: 'By socket', sender: 'assistant', timestamp: '2026-01-02T03:04:05+01:00' });
    const second = { id: 2, content: 'By socket', sender: 'assistant', timestamp: '2026-01-02T02:04:05.000Z' };
    expect([await one.told(), await other.told()]).toEqual([
      { session_id: session.id, message: second },
      { session_id: session.id, message: second },
    ]);
    const whole = { ...session, messages: [first, { ...second, session_id: session.id }] };
    expect(await get(house, `/api/sessions/${session.id}`)).toEqual(whole);
    expect(await get(house, '/api/sessions')).toEqual([whole]);
  });

  test('K2 what the user writes is answered, and says that no model is there; the answer forms for those who ask for that', async () => {
    await using house = await served();
    const { id } = await opened(house);
    const [plain, curious] = [sit(house, id, '?after=0'), sit(house, id, '?tokens=1')];
    await curious.opened;
    curious.send({ content: 'What is 12 * (3 + 4)?' });
    expect((await plain.told()).message).toMatchObject({ id: 1, sender: 'user', content: 'What is 12 * (3 + 4)?' });
    const { message: answer } = await plain.told();
    expect(answer).toMatchObject({ id: 2, sender: 'assistant' });
    expect(answer.content).toMatch(/^12 \* \(3 \+ 4\) = 84\n/);
    expect(answer.content).toContain('No language model is connected');
    expect((await curious.told()).message.id).toBe(1);
    let formed = '';
    for (let told = await curious.told(); ; told = await curious.told()) {
      if (told.message) {
        expect(told.message).toEqual(answer);
        break;
      }
      expect(told.token!.about).toBe(1);
      formed += told.token!.content;
    }
    expect(formed).toBe(answer.content);
    expect((await get<Session>(house, `/api/sessions/${id}`)).title).toBe('What is 12 * (3 + 4)?');
  });

  test('K3 an id may be chosen, once: the same again finds what is there, and what is something else is not taken', async () => {
    await using house = await served();
    const first = await opened(house, { id: 'my-desk', title: 'One' });
    expect(first).toMatchObject({ id: 'my-desk', title: 'One' });
    await write(house, 'my-desk', 'kept');
    expect(await opened(house, { id: 'my-desk', title: 'Two' })).toMatchObject({ title: 'One', messages: [{ content: 'kept' }] });
    const { room_id } = await json<{ room_id: string }>(house.post('/room/create', { participant_id: 'ann' }));
    const clash = await house.post('/api/sessions', { id: room_id });
    expect([clash.status, await clash.json()]).toEqual([409, expect.objectContaining({ code: 'id_taken' })]);
    const racing = await Promise.all(Array.from({ length: 20 }, () => house.post('/api/sessions', { id: 'raced' })));
    expect(new Set(racing.map(({ status }) => status))).toEqual(new Set([201]));
    expect((await get<Session[]>(house, '/api/sessions')).filter(({ id }) => id === 'raced')).toHaveLength(1);
  });

  test('K4 pages: the last messages before a number, the last sessions before an id', async () => {
    await using house = await served();
    const ids = ['a', 'b', 'c'];
    for (const id of ids) await opened(house, { id });
    for (let count = 1; count <= 7; count += 1) await write(house, 'a', `message ${count}`);
    const page = async (query: string) => (await get<Session>(house, `/api/sessions/a?${query}`)).messages.map(({ id }) => id);
    expect(await page('limit=3')).toEqual([5, 6, 7]);
    expect(await page('limit=3&before=5')).toEqual([2, 3, 4]);
    expect(await page('before=3')).toEqual([1, 2]);
    expect(await page('before=1&limit=5')).toEqual([]);
    const all = (await get<Session[]>(house, '/api/sessions')).map(({ id }) => id);
    expect([...all].sort()).toEqual(ids);
    const last = await get<Session[]>(house, '/api/sessions?limit=2');
    expect(last.map(({ id }) => id)).toEqual(all.slice(0, 2));
    expect((await get<Session[]>(house, `/api/sessions?limit=2&before=${last[1]!.id}`)).map(({ id }) => id)).toEqual(all.slice(2));
    expect((await fetch(`${house.base}/api/sessions?before=nobody`)).status).toBe(422);
  });

  test.each([
    [{ sender: 'user' }, 'content is missing: send text.'],
    [{ content: '  ', sender: 'user' }, 'content is empty: say it in a few words.'],
    [{ content: 'x'.repeat(16_385), sender: 'user' }, 'content is longer than 16384 characters: shorten it.'],
    [{ content: 'a\u0000b', sender: 'user' }, 'content holds control characters that nobody can read: send plain text.'],
    [{ content: 'hello', sender: 'system' }, 'sender must be user or assistant.'],
    [{ content: 'hello', sender: 'user', timestamp: 'yesterday' }, 'timestamp is no date: send one such as 2026-01-31T12:00:00.000Z.'],
  ])('K5 %j is refused in one sentence, over REST and over the socket, and costs nobody anything', async (body, sentence) => {
    await using house = await served();
    const { id } = await opened(house);
    const refused = await house.post(`/api/sessions/${id}/messages`, body);
    expect([refused.status, (await json<{ detail: string }>(refused)).detail]).toEqual([422, sentence]);
    const client = sit(house, id);
    await client.opened;
    client.send(body);
    expect(await client.next('error')).toMatchObject({ message: sentence, code: 'invalid' });
    await write(house, id, '<b>still here</b>');
    expect((await client.told()).message).toMatchObject({ id: 1, content: '<b>still here</b>' });
  });

  test('K6 what cannot be opened or found is refused as everywhere', async () => {
    await using house = await served();
    for (const body of [{ title: 'x'.repeat(201) }, { title: 'a\u0007' }, { id: 'a/b' }, { id: '' }, { id: 'x'.repeat(129) }])
      expect([body, (await house.post('/api/sessions', body)).status]).toEqual([body, 422]);
    expect((await fetch(`${house.base}/api/sessions/nobody`)).status).toBe(404);
    expect((await house.post('/api/sessions/nobody/messages', { content: 'x', sender: 'user' })).status).toBe(404);
    const { id } = await house.session();
    expect((await fetch(`${house.base}/api/sessions/${id}`)).status).toBe(404);
    const stranger = house.dial('/ws/nobody');
    expect(await stranger.next('error')).toMatchObject({ code: 'session_not_found' });
    expect((await stranger.closed).code).toBe(4004);
    const odd = sit(house, (await opened(house)).id);
    await odd.opened;
    odd.send('plain words');
    expect(await odd.next('error')).toMatchObject({ code: 'unreadable' });
    odd.bytes(new Uint8Array(4));
    expect(await odd.next('error')).toMatchObject({ message: expect.stringContaining('no sound') });
  });

  test('K7 a restart keeps everything', async () => {
    const folder = newFolder();
    const environment = { STORE: 'sqlite', DATA_DIR: folder };
    let before: Session[] = [];
    {
      await using house = await served(environment);
      await opened(house, { id: 'kept', title: 'Kept' });
      for (const content of ['one', 'two']) await write(house, 'kept', content);
      await write(house, 'kept', 'an old one', { timestamp: '2020-02-02T02:02:02.000Z' });
      before = await get<Session[]>(house, '/api/sessions');
    }
    await using house = await served(environment);
    expect(await get(house, '/api/sessions')).toEqual(before);
    expect(await write(house, 'kept', 'four')).toMatchObject({ id: 4 });
    const client = sit(house, 'kept', '?after=0');
    for (const id of [1, 2, 3, 4]) expect((await client.told()).message.id).toBe(id);
  });

  test('K7b what a process that died left without an answer is answered once, and nothing else is', async () => {
    const store = memoryStore();
    const at = new Date().toISOString();
    const line = (seq: number, by: string, text: string) => ({ seq, at, by, type: 'said', via: 'text', text }) as const;
    await store.append('left', [
      { seq: 1, at, by: 'user', type: 'opened', kind: 'desk', title: '' },
      line(2, 'user', 'What is 2 + 3?'),
      { ...line(3, 'assistant', 'Five.'), about: 2 },
      line(4, 'user', 'What is 6 * 7?'),
    ]);
    await using house = await served({}, { store });
    const client = sit(house, 'left', '?after=0');
    for (const content of ['What is 2 + 3?', 'Five.', 'What is 6 * 7?']) expect((await client.told()).message.content).toBe(content);
    expect((await client.told()).message).toMatchObject({ id: 4, sender: 'assistant', content: expect.stringMatching(/^6 \* 7 = 42\n/) });
    // asked after it: were anything else to be answered, that came before
    client.send({ content: 'What is 1 + 1?' });
    expect((await client.told()).message).toMatchObject({ id: 5, content: 'What is 1 + 1?' });
    expect((await client.told()).message).toMatchObject({ id: 6, content: expect.stringMatching(/^1 \+ 1 = 2\n/) });
  });

  test('K8 where there are keys everything of the desk needs one', async () => {
    await using house = await guarded();
    const { id } = await json<Session>(house.ask('POST', '/api/sessions', key, {}));
    const routes = [
      ['GET', '/api/sessions', undefined, 401],
      ['POST', '/api/sessions', {}, 401],
      ['GET', '/api/search?q=x', undefined, 401],
      ['GET', `/api/sessions/${id}`, undefined, 404],
      ['POST', `/api/sessions/${id}/messages`, { content: 'x', sender: 'assistant' }, 404],
    ] as const;
    for (const [method, path, body, status] of routes) {
      for (const shown of [undefined, 'wrong'])
        expect([path, shown, (await house.ask(method, path, shown, body)).status]).toEqual([path, shown, status]);
      expect([path, (await house.ask(method, path, key, body)).status]).toEqual([path, method === 'POST' ? 201 : 200]);
    }
    const stranger = house.dial(`/ws/${id}`, { authorization: 'Bearer wrong' });
    expect((await stranger.closed).code).toBe(4004);
    const known = house.dial(`/ws/${id}`);
    await known.opened;
    known.send({ type: 'auth', token: key });
    known.send({ content: 'let in', sender: 'assistant' });
    expect(await known.next()).toMatchObject({ message: { content: 'let in' } });
  });

  test('K9 ids rise by one whoever writes how, and everybody sees the same order', { timeout: 60_000 }, async () => {
    await using house = await served();
    let count = 0;
    const writing = fc.record({
      writers: fc.integer({ min: 1, max: 4 }),
      steps: fc.array(fc.record({ who: fc.nat(5), by: fc.constantFrom('rest', 'socket'), leave: fc.boolean() }), { minLength: 1, maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(writing, async ({ writers, steps }) => {
        count += 1;
        const { id } = await opened(house, { id: `property-${count}` });
        const seats = Array.from({ length: writers }, () => sit(house, id, '?after=0'));
        await Promise.all(seats.map(({ opened }) => opened));
        const late: ReturnType<typeof sit>[] = [];
        const posts: Promise<unknown>[] = [];
        for (const [index, { who, by, leave }] of steps.entries()) {
          const content = `message ${index}`;
          if (by === 'rest') posts.push(write(house, id, content));
          else seats[who % writers]!.send({ content, sender: 'assistant' });
          if (leave) late.push(sit(house, id, '?after=0'));
        }
        await Promise.all(posts);
        const readers = await Promise.all(
          [...seats, ...late].map(async (seat) => {
            const seen: Message[] = [];
            while (seen.length < steps.length) seen.push((await seat.told()).message);
            seat.close();
            return seen.map((message) => `${message.id} ${message.content}`);
          }),
        );
        const { messages } = await get<Session>(house, `/api/sessions/${id}`);
        expect(messages.map((message) => message.id)).toEqual(steps.map((_, index) => index + 1));
        for (const seen of readers) expect(seen).toEqual(messages.map((message) => `${message.id} ${message.content}`));
      }),
      { numRuns: 12 },
    );
  });
});
