import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { guarded, key } from '../support/guarded.ts';
import { ioClient } from '../support/io-client.ts';
import { textClient } from '../support/text-client.ts';

type House = Awaited<ReturnType<typeof guarded>>;
type Copy = { format: string; session_id: string; entries: { type: string; text?: string; key?: string; to?: object }[]; sounds: unknown[] };

const words = 'the heron is grey';
const json = async <T>(answer: Response | Promise<Response>) => (await (await answer).json()) as T;

/** What whoever opened it shows, and where it is; in each somebody has said something. */
const opened: Record<'room' | 'desk' | 'share' | 'talk', (house: House) => Promise<{ id: string; owner: string; at: string }>> = {
  async room(house) {
    const made = await json<{ room_id: string; token: string }>(house.ask('POST', '/room/create', key, { participant_id: 'ann', agents: false }));
    const ann = house.dial(`/ws/${made.room_id}?participant_id=ann`);
    await ann.opened;
    ann.send(words);
    await ann.next('ack');
    return { id: made.room_id, owner: made.token, at: `/room/${made.room_id}` };
  },
  async desk(house) {
    const { id } = await json<{ id: string }>(house.ask('POST', '/api/sessions', key, {}));
    await house.ask('POST', `/api/sessions/${id}/messages`, key, { content: words, sender: 'assistant' });
    return { id, owner: key, at: `/api/sessions/${id}` };
  },
  async share(house) {
    const made = await json<{ room_id: string; token: string }>(house.ask('POST', '/api/conversations/create', key, {}));
    const ann = ioClient(house.base);
    await ann.connected;
    expect(await ann.ask('join_room', { room_id: made.room_id, user_id: 'ann', username: 'Ann' })).toMatchObject({ success: true });
    expect(await ann.ask('send_message', { room_id: made.room_id, message: words })).toMatchObject({ success: true });
    ann.close();
    return { id: made.room_id, owner: made.token, at: `/api/conversations/${made.room_id}` };
  },
  async talk(house) {
    const id = randomUUID();
    const client = textClient(`${house.base.replace('http', 'ws')}/ws/session/${id}`, { headers: { authorization: `Bearer ${key}` } });
    await client.opened;
    client.send(words);
    await client.until((text) => text.length > 0);
    client.close();
    return { id, owner: key, at: `/api/talks/${id}` };
  },
};
const kinds = Object.keys(opened) as (keyof typeof opened)[];

describe('what whoever rules a conversation does with it, whichever door it was opened by', () => {
  test.each(kinds)('R1 a %s is taken along: every entry, and nothing that opens it', async (kind) => {
    await using house = await guarded();
    const { id, owner, at } = await opened[kind](house);
    expect((await house.ask('GET', `${at}/export`)).status).toBe(404);
    const answer = await house.ask('GET', `${at}/export`, owner);
    expect([answer.status, answer.headers.get('content-disposition'), answer.headers.get('cache-control')]).toEqual([
      200,
      `attachment; filename="aside-${id.slice(0, 8)}.session.json"`,
      'no-store',
    ]);
    const copy = await json<Copy>(answer);
    expect(copy).toMatchObject({ format: 'aside.session', session_id: id, sounds: [] });
    expect(copy.entries.map(({ type }) => type)).toEqual(
      (await house.house.hub.find(id))!.entries.slice(0, copy.entries.length).map(({ type }) => type),
    );
    expect(copy.entries).toContainEqual(expect.objectContaining({ type: 'said', text: words }));
    expect(copy.entries.filter((entry) => 'key' in entry)).toEqual([]);
  });

  test.each(kinds)('R2 a %s is erased for good, and whoever is there is sent away', async (kind) => {
    await using house = await guarded();
    const { id, owner, at } = await opened[kind](house);
    expect((await house.ask('DELETE', at)).status).toBe(404);
    expect((await house.ask('DELETE', at, owner)).status).toBe(200);
    expect(await house.house.hub.remains(id)).toEqual([]);
    for (const method of ['DELETE', 'GET']) expect((await house.ask(method, method === 'GET' ? `${at}/export` : at, owner)).status).toBe(404);
    const { results } = await json<{ results: unknown[] }>(house.ask('GET', '/api/search?q=heron', key));
    expect(results).toEqual([]);
  });

  test('R3 whoever is in a room or at a desk that is erased is told that there is no such session', async () => {
    await using house = await guarded();
    const room = await opened.room(house);
    const ben = house.dial(`/ws/${room.id}?participant_id=ben`);
    await ben.next('room_state');
    await house.ask('DELETE', room.at, room.owner);
    expect(await ben.closed).toMatchObject({ code: 4004 });
    const desk = await opened.desk(house);
    const window = house.dial(`/ws/${desk.id}?after=0`, { authorization: `Bearer ${key}` });
    await window.next();
    await house.ask('DELETE', desk.at, desk.owner);
    expect(await window.closed).toMatchObject({ code: 4004 });
  });

  test('R4 a room is ended: everybody in it is told, nothing is added, and what was said is read on', async () => {
    await using house = await guarded();
    const { id, owner, at } = await opened.room(house);
    const ben = house.dial(`/ws/${id}?participant_id=ben`);
    await ben.next('room_state');
    expect((await house.ask('POST', `${at}/end`)).status).toBe(404);
    for (const _ of 'ab') expect(await json(house.ask('POST', `${at}/end`, owner))).toEqual({ room_id: id, ended: true });
    expect(await ben.next('finished')).toEqual({ type: 'finished', seq: expect.any(Number) });
    ben.send('Too late');
    expect(await ben.next('error')).toMatchObject({ code: 'session_finished' });
    const cem = house.dial(`/ws/${id}?participant_id=cem&after=0`);
    expect(await cem.next('message')).toMatchObject({ content: words });
    expect((await house.house.hub.find(id))!.entries.filter(({ type }) => type === 'ended')).toHaveLength(1);
  });

  test('R5 a desk session is ended: its windows are told, its messages stay, and no other comes', async () => {
    await using house = await guarded();
    const { id, owner, at } = await opened.desk(house);
    const window = house.dial(`/ws/${id}`, { authorization: `Bearer ${key}` });
    await window.opened;
    window.send({ content: 'What time is it?' });
    await window.next();
    expect(await json(house.ask('POST', `${at}/end`, owner))).toEqual({ session_id: id, ended: true });
    await window.next('finished');
    expect((await house.ask('POST', `${at}/messages`, key, { content: 'more', sender: 'user' })).status).toBe(409);
    expect(await json<{ messages: object[] }>(house.ask('GET', at, key))).toMatchObject({
      messages: expect.arrayContaining([expect.objectContaining({ content: words })]),
    });
  });

  test('R6 a talk is ended while its client is there: it is summed up, and told that it is over', async () => {
    await using house = await guarded();
    const id = randomUUID();
    const client = house.dial(`/ws/session/${id}`, { authorization: `Bearer ${key}` }, ['aside.json']);
    await client.opened;
    client.send({ type: 'message', content: 'What time is it in Tokyo?' });
    await client.next('message');
    expect(await json(house.ask('POST', `/api/talks/${id.toUpperCase()}/end`, key))).toEqual({ session_id: id, ended: true });
    await client.next('finished');
    expect(await json(house.ask('GET', `/api/talks/${id}`, key))).toMatchObject({ end_time: expect.any(String), summary: expect.any(String) });
  });

  test('R7 a token of one conversation rules no other, and the door of one kind leads to no other', async () => {
    await using house = await guarded();
    const [one, other] = [await opened.room(house), await opened.room(house)];
    const desk = await opened.desk(house);
    for (const [at, token] of [
      [one.at, other.owner],
      [`/api/sessions/${one.id}`, one.owner],
      [`/session/${one.id}`, one.owner],
      [`/room/${desk.id}`, key],
    ] as const)
      for (const [method, path] of [
        ['POST', '/end'],
        ['DELETE', ''],
        ['GET', '/export'],
      ] as const)
        expect([method, at, (await house.ask(method, `${at}${path}`, token)).status]).toEqual([method, at, 404]);
  });

  test('R8 where the browsers of its members are reached is not in the copy of a conversation', async () => {
    await using house = await guarded();
    const { id, owner, at } = await opened.share(house);
    const talk = (await house.house.hub.find(id))!;
    await talk.append({ by: 'ann', type: 'subscribed', to: { endpoint: 'https://push.example/ann', p256dh: 'p', auth: 'a' } });
    const text = await (await house.ask('GET', `${at}/export`, owner)).text();
    expect(text).toContain('"subscribed"');
    expect(text).not.toContain('push.example');
  });
});
