import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { every } from '../../src/core/views.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { guarded, key } from '../support/guarded.ts';
import { loudDetector } from '../support/listening.ts';
import { newFolder } from '../support/new-folder.ts';
import { served } from '../support/served.ts';
import { stuckStore } from '../support/stuck-store.ts';
import { counted, counting, toneTranscriber } from '../support/tone-words.ts';

type House = Awaited<ReturnType<typeof served>>;

/** A room of people only, unless agents are wanted. */
const created = async (house: Pick<House, 'post'>, agents = false) => {
  const answer = await house.post('/room/create', { participant_id: 'ann', ...(!agents && { agents }) });
  expect(answer.status).toBe(200);
  return (await answer.json()) as { room_id: string; ws_url: string };
};

/** Comes in and has been told where the room stands. */
async function enter(house: Pick<House, 'dial'>, room: string, participant_id: string, query: Record<string, string> = {}) {
  const client = house.dial(`/ws/${room}?${new URLSearchParams({ participant_id, ...query })}`);
  const state = await client.next('room_state');
  return Object.assign(client, { state });
}

describe('rooms', () => {
  test('O1 whoever has the id comes in; a message is acknowledged to its sender and told to everybody else', async () => {
    await using house = await served();
    const { room_id, ws_url } = await created(house);
    expect(room_id).toMatch(/^[2-9a-hjkmnp-z]{6}(?:-[2-9a-hjkmnp-z]{5}){4}$/);
    expect(new URL(ws_url).pathname).toBe(`/ws/${room_id}`);
    const ann = await enter(house, room_id, 'ann', { name: 'Ann' });
    const ben = await enter(house, room_id, 'ben', { name: 'Ben' });
    expect(ben.state.participants).toContainEqual({ participant_id: 'ann', name: 'Ann', role: 'human' });
    expect(await ann.next('participant_joined')).toMatchObject({ participant_id: 'ben', name: 'Ben', role: 'human', room_id });
    ann.send({ type: 'message', content: 'A bridge of rope?', id: 'mine-1' });
    const ack = await ann.next('ack');
    expect(ack).toEqual({ type: 'ack', id: 'mine-1', message_id: expect.any(String), timestamp: expect.any(String), seq: expect.any(Number) });
    expect(await ben.next('message')).toEqual({
      type: 'message',
      message_id: ack.message_id,
      room_id,
      participant_id: 'ann',
      name: 'Ann',
      role: 'human',
      content: 'A bridge of rope?',
      timestamp: ack.timestamp,
      seq: ack.seq,
    });
    ben.send('Or of glass');
    expect(await ann.next('message', 'ack')).toMatchObject({ type: 'message', participant_id: 'ben', content: 'Or of glass' });
    expect(await ben.next('message', 'ack')).not.toHaveProperty('id');
    ben.close();
    expect(await ann.next('participant_left')).toMatchObject({ participant_id: 'ben', name: 'Ben' });
  });

  test('O1b a message is acknowledged when it is on disk, and told to nobody before; the line lives meanwhile', async () => {
    const disk = stuckStore(memoryStore());
    await using house = await served({}, { store: disk.store, budgets: { append: 60_000, storage: 60_000 } });
    const { room_id } = await created(house);
    const ann = await enter(house, room_id, 'ann');
    const ben = await enter(house, room_id, 'ben');
    await ann.next('participant_joined');
    const { asked } = disk;
    disk.stick();
    ann.send({ type: 'message', content: 'A bridge of rope?', id: 'mine-1' });
    await expect.poll(() => disk.asked, { timeout: 20_000 }).toBe(asked + 1);
    // what one says is taken in order, so the line itself is asked
    const pong = once(ann.raw, 'pong');
    ann.raw.ping();
    await pong;
    expect(ann.all.map(({ type }) => type)).toEqual(['room_state', 'participant_joined']);
    ben.send({ type: 'ping' });
    expect(await ben.next()).toEqual({ type: 'pong' });
    disk.goOn();
    expect(await ann.next()).toMatchObject({ type: 'ack', id: 'mine-1' });
    expect(await ben.next()).toMatchObject({ type: 'message', content: 'A bridge of rope?' });
  });

  test('O2 the same message sent twice is kept once and acknowledged twice; another device of its sender is told it', async () => {
    await using house = await served();
    const { room_id } = await created(house);
    const phone = await enter(house, room_id, 'ann');
    const laptop = await enter(house, room_id, 'ann');
    phone.send({ type: 'message', content: 'Once', id: 'a' });
    const ack = await phone.next('ack');
    phone.send({ type: 'message', content: 'Once', id: 'a' });
    expect(await phone.next('ack')).toEqual(ack);
    expect(await laptop.next('message')).toMatchObject({ content: 'Once', message_id: ack.message_id });
    laptop.send({ type: 'message', content: 'Another', id: 'b' });
    expect(await phone.next('message')).toMatchObject({ content: 'Another' });
    // one of two connections gone: still there
    phone.close();
    await phone.closed;
    expect((await enter(house, room_id, 'ben')).state.participants).toContainEqual(expect.objectContaining({ participant_id: 'ann' }));
  });

  test('O2b what two connections of one person send at the same time, under the same ids, is kept once', async () => {
    await using house = await served({ STORE: 'sqlite' });
    const { room_id } = await created(house);
    const both = [await enter(house, room_id, 'ann'), await enter(house, room_id, 'ann')];
    const ids = Array.from({ length: 20 }, (_, index) => `mine-${index}`);
    for (const id of ids) for (const device of both) device.send({ type: 'message', content: `What is ${id}`, id });
    for (const device of both) {
      const acked = new Set<unknown>();
      while (acked.size < ids.length) acked.add((await device.next('ack')).id);
    }
    const said = every((await house.house.hub.find(room_id))!.entries, 'said');
    expect(said.map(({ text }) => text)).toEqual(ids.map((id) => `What is ${id}`));
  });

  test('O3 who comes late is told everything after the number that they have', async () => {
    await using house = await served();
    const { room_id } = await created(house);
    const ann = await enter(house, room_id, 'ann');
    for (const content of ['one', 'two', 'three']) ann.send({ type: 'message', content });
    const acks = [await ann.next('ack'), await ann.next('ack'), await ann.next('ack')];
    const ben = await enter(house, room_id, 'ben', { after: String(acks[0]!.seq) });
    expect([await ben.next('message'), await ben.next('message')].map(({ content }) => content)).toEqual(['two', 'three']);
    ann.send('four');
    expect(await ben.next('message')).toMatchObject({ content: 'four' });
    // a number from another log
    const cem = await enter(house, room_id, 'cem', { after: '1000' });
    expect(await cem.next('message')).toMatchObject({ content: 'one' });
  });

  test.each([['user'], ['spark'], ['House']])('O3b nobody opens a room as %s, since nobody could come in under it', async (participant_id) => {
    await using house = await served();
    const answer = await house.post('/room/create', { participant_id });
    expect([answer.status, await answer.json()]).toEqual([
      422,
      expect.objectContaining({ detail: expect.stringContaining('Choose another participant_id.') }),
    ]);
  });

  test('O4 typing is told to the others and kept nowhere', async () => {
    await using house = await served();
    const { room_id } = await created(house);
    const ann = await enter(house, room_id, 'ann');
    const ben = await enter(house, room_id, 'ben');
    ann.send({ type: 'typing' });
    expect(await ben.next('typing')).toMatchObject({ participant_id: 'ann', is_typing: true });
    ann.send({ type: 'ping' });
    await ann.next('pong');
    expect(ann.all.map(({ type }) => type)).not.toContain('typing');
    expect((await house.house.hub.find(room_id))!.entries.map(({ type }) => type)).not.toContain('typing');
  });

  test.each([
    [{ type: 'message', content: '   ' }, 'content is empty: say it in a few words.'],
    [{ type: 'message', content: 'x'.repeat(16_385) }, 'content is longer than 16384 characters: shorten it.'],
    [{ type: 'message', content: 'a\u0000b' }, 'content holds control characters that nobody can read: send plain text.'],
    [{ type: 'dance' }, 'type must be message, typing, stop or ping.'],
    ['', 'What was sent is empty: say it in a few words.'],
  ])('O5 %j costs its sender one sentence, and nobody else anything', async (sent, sentence) => {
    await using house = await served();
    const { room_id } = await created(house);
    const ann = await enter(house, room_id, 'ann');
    const ben = await enter(house, room_id, 'ben');
    ann.send(sent);
    expect(await ann.next('error')).toMatchObject({ message: sentence, code: 'invalid', retry: false });
    ann.send({ type: 'message', content: '<b>still here</b>' });
    expect(await ben.next('message', 'error')).toMatchObject({ content: '<b>still here</b>' });
  });

  test.each([
    [{ participant_id: 'house' }, 1008, 'Choose another participant_id'],
    [{ participant_id: 'x'.repeat(10_000) }, 1008, 'participant_id is longer than 128 characters'],
    [{ participant_id: 'eve', name: 'x'.repeat(10_000) }, 1008, 'name is longer than 80 characters'],
    [{ participant_id: 'eve', name: 'a\u0007b' }, 1008, 'control characters'],
  ])('O6 %j does not come in', async (query, code, sentence) => {
    await using house = await served();
    const { room_id } = await created(house);
    const client = house.dial(`/ws/${room_id}?${new URLSearchParams(query)}`);
    expect((await client.next('error')).message).toContain(sentence);
    expect((await client.closed).code).toBe(code);
  });

  test('O7 where there are keys, opening needs one and the id alone lets in; it is no coached session', async () => {
    await using house = await guarded();
    expect((await house.ask('POST', '/room/create', undefined, { participant_id: 'ann' })).status).toBe(401);
    const { room_id } = (await (await house.ask('POST', '/room/create', key, { participant_id: 'ann' })).json()) as { room_id: string };
    const ann = await enter(house, room_id, 'ann');
    ann.send('hello');
    await ann.next('ack');
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/finish'],
      ['DELETE', ''],
    ] as const)
      expect((await house.ask(method, `/session/${room_id}${path}`, key)).status).toBe(404);
  });

  test('O8 after a restart those who do not come back have left', async () => {
    const folder = newFolder();
    const environment = { STORE: 'sqlite', DATA_DIR: folder };
    let room = '';
    {
      await using house = await served(environment);
      room = (await created(house)).room_id;
      await enter(house, room, 'ann');
      await enter(house, room, 'ben');
    }
    await using house = await served(environment, { budgets: { comingBack: 50 } });
    const ann = await enter(house, room, 'ann');
    expect(ann.state.participants).toHaveLength(2);
    expect(await ann.next('participant_left', 'participant_joined')).toMatchObject({ type: 'participant_left', participant_id: 'ben' });
  });

  test('O9 a full room says so, and says when to come back', async () => {
    await using house = await served({}, { budgets: { membersPerChat: 1 } });
    const { room_id } = await created(house);
    await enter(house, room_id, 'ann');
    const ben = house.dial(`/ws/${room_id}?participant_id=ben`);
    expect((await ben.next('error')).message).toContain('This room is full');
    expect((await ben.closed).code).toBe(1013);
  });

  test('O10 agents take part like anybody else: they join, type, answer what a person said, and observe', async () => {
    await using house = await served({}, { budgets: { agentsWait: 1 } });
    const { room_id } = await created(house, true);
    const ann = await enter(house, room_id, 'ann', { name: 'Ann' });
    const agent = (participant_id: string, name: string) => ({ participant_id, name, role: 'agent' });
    expect(ann.state.participants).toEqual([
      agent('spark', 'Spark'),
      agent('anchor', 'Anchor'),
      agent('thorn', 'Thorn'),
      agent('observer', 'Observer'),
      { participant_id: 'ann', name: 'Ann', role: 'human' },
    ]);
    ann.send('A rope bridge, @anchor?');
    const { message_id } = await ann.next('ack');
    expect(await ann.next('typing')).toEqual({ type: 'typing', room_id, ...agent('anchor', 'Anchor'), is_typing: true });
    expect(await ann.next('message')).toMatchObject({
      ...agent('anchor', 'Anchor'),
      about: message_id,
      content: expect.stringContaining('“rope bridge”'),
    });
    expect(await ann.next('typing')).toMatchObject({ participant_id: 'anchor', is_typing: false });
    ann.send('@observer');
    expect(await ann.next('observation', 'message')).toMatchObject({ type: 'observation', ...agent('observer', 'Observer') });
  });

  test('O11 /agents tells whoever asks; /mute is seen by everybody; a name that nobody has is no order', async () => {
    await using house = await served();
    const { room_id } = await created(house, true);
    const ann = await enter(house, room_id, 'ann');
    const ben = await enter(house, room_id, 'ben');
    ann.send('/mute Thorn');
    await ann.next('ack');
    expect(await ben.next('message')).toMatchObject({ participant_id: 'ann', content: '/mute Thorn' });
    ann.send('/mute cactus');
    expect(await ann.next('error', 'ack')).toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/^No agent of this room is called cactus/),
    });
    ben.send({ type: 'message', content: '/agents' });
    expect(await ben.next('agents')).toEqual({
      type: 'agents',
      content: 'Here are @spark, @anchor, @thorn (muted), @observer. /mute, /unmute and /stop are for all of them or for one.',
      agents: [
        { participant_id: 'spark', name: 'Spark', muted: false },
        { participant_id: 'anchor', name: 'Anchor', muted: false },
        { participant_id: 'thorn', name: 'Thorn', muted: true },
        { participant_id: 'observer', name: 'Observer', muted: false },
      ],
    });
    expect((await house.house.hub.find(room_id))!.entries.filter(({ type }) => type === 'said')).toHaveLength(1);
  });

  test('O12 nobody comes in under the name of an agent', async () => {
    await using house = await served();
    const { room_id } = await created(house, true);
    const client = house.dial(`/ws/${room_id}?participant_id=thorn`);
    expect((await client.next('error')).message).toContain('Somebody of the house is called that');
    expect((await client.closed).code).toBe(1008);
  });

  test('O13 everybody has a microphone of their own: what is heard there they said, beside what others say and write', async () => {
    await using house = await served({}, { transcriber: { ...toneTranscriber, close: async () => undefined }, detector: loudDetector });
    const { room_id } = await created(house);
    const ann = await enter(house, room_id, 'ann', { name: 'Ann' });
    const ben = await enter(house, room_id, 'ben', { name: 'Ben' });
    const bytesOf = (samples: Int16Array) => new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    const [of, by] = [bytesOf(counting(0, [3])), bytesOf(counting(20, [2]))];
    // both speak at the same time, in pieces cut anywhere
    for (let at = 0; at < Math.max(of.length, by.length); at += 9_999) {
      if (at < of.length) ann.bytes(of.subarray(at, at + 9_999));
      if (at < by.length) ben.bytes(by.subarray(at, at + 9_999));
    }
    expect(await ben.next('typing')).toMatchObject({ participant_id: 'ann', is_typing: true });
    ann.send({ type: 'stop' });
    ben.send({ type: 'stop' });
    const ofAnn = { participant_id: 'ann', name: 'Ann', role: 'human', content: counted(0, 3).join(' ') };
    const ofBen = { participant_id: 'ben', name: 'Ben', role: 'human', content: counted(20, 2).join(' ') };
    for (const client of [ann, ben]) {
      const heard = [await client.next('message'), await client.next('message')];
      expect(heard.toSorted((a, b) => (String(a.name) < String(b.name) ? -1 : 1))).toMatchObject([ofAnn, ofBen]);
    }
    await ann.next('stopped');
    ann.bytes(bytesOf(counting(7, [1])));
    ann.close();
    // whoever hangs up is heard out
    expect(await ben.next('message', 'participant_left')).toMatchObject({ content: 'w7' });
    expect(await ben.next('message', 'participant_left')).toMatchObject({ type: 'participant_left' });
    const { entries } = (await house.house.hub.find(room_id))!;
    expect(entries.filter(({ type }) => type === 'failed')).toEqual([]);
    expect(entries.find((entry) => entry.type === 'said' && 'speaker' in entry)).toBeUndefined();
  });

  test('O14 where nobody hears, a microphone is told so once, and what is written is taken', async () => {
    await using house = await served();
    const { room_id } = await created(house);
    const ann = await enter(house, room_id, 'ann');
    for (let piece = 0; piece < 10; piece += 1) ann.bytes(new Uint8Array(320));
    ann.send('written');
    await ann.next('ack');
    expect(ann.all.filter(({ type }) => type === 'error')).toMatchObject([{ code: 'no_recogniser' }]);
  });

  test('O16 whoever never reads is sent away and misses nothing; the others go on', async () => {
    await using house = await served({}, { budgets: { backlog: 100_000, textBurst: 1e6, textPerSecond: 1e6, closing: 100 } });
    const { room_id } = await created(house);
    const ann = await enter(house, room_id, 'ann');
    const ben = await enter(house, room_id, 'ben');
    ben.pause();
    await ann.next('participant_joined');
    let sent = 0;
    let left: string | undefined;
    while (!left && sent < 3_000) {
      ann.send({ type: 'message', content: `${sent} ${'x'.repeat(16_000)}` });
      sent += 1;
      const told = await ann.next('ack', 'participant_left');
      if (told.type === 'participant_left') left = String(told.participant_id);
    }
    expect(left).toBe('ben');
    const back = await enter(house, room_id, 'ben', { after: String(ben.state.seq) });
    for (let index = 0; index < sent - 1; index += 1) expect(String((await back.next('message')).content).split(' ')[0]).toBe(String(index));
  });

  test('O17 in a room that has ended nothing more is said', async () => {
    await using house = await served();
    const { room_id } = await created(house);
    const ann = await enter(house, room_id, 'ann');
    await (await house.house.hub.find(room_id))!.append({ by: 'house', type: 'ended', why: 'Done' });
    await ann.next('finished');
    ann.send('one more thing');
    expect(await ann.next('error', 'ack')).toMatchObject({ code: 'session_finished' });
  });
});
