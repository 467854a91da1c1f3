import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { every } from '../../src/core/views.ts';
import { clientMessage } from '../../src/wire/coach.ts';
import { shareEvents } from '../../src/wire/share.ts';
import { type BadDoor, badDoors } from '../support/bad-doors.ts';
import { served } from '../support/served.ts';

type Doors = ReturnType<typeof badDoors>;
type Door = keyof Doors;
type House = Awaited<ReturnType<typeof served>>;

/** What comes of it at each door, all at once. */
async function atEach<T>(house: House, cell: (door: BadDoor, name: Door) => Promise<T>): Promise<Record<Door, T>> {
  const all = Object.entries(badDoors(house)) as [Door, BadDoor][];
  return Object.fromEntries(await Promise.all(all.map(async ([name, door]) => [name, await cell(door, name)] as const))) as Record<Door, T>;
}

const still = 'still here';
const nowhere = '11111111-1111-4111-8111-111111111111';

/** Says something wrong, and after each of it something right: nobody else is told anything but that. */
async function wrongly(door: BadDoor, ...wrong: readonly unknown[]): Promise<string[]> {
  const id = await door.open();
  const watching = await door.watch(id);
  const eve = await door.come(id);
  const complaints: string[] = [];
  for (const [index, each] of wrong.entries()) {
    if (typeof each === 'string') eve.say(each);
    else eve.send(each);
    complaints.push(await eve.complaint());
    // three wrong ones in a row are the last
    eve.say(`${still} ${index}`);
  }
  const right = wrong.map((_, index) => `${still} ${index}`);
  expect(await watching.upTo(right.at(-1)!)).toEqual(right);
  return complaints;
}

describe('bad input, at each of the five doors', () => {
  let house: House;
  beforeAll(async () => {
    house = await served({ VOICE: 'none' });
  });
  afterAll(() => house?.[Symbol.asyncDispose]());

  test('B1 a conversation that is not there', async () => {
    const found = await atEach(house, async (door, name) => {
      // a talk is there as soon as somebody comes, but not under any name
      const eve = await door.come(name === 'talk' ? 'nowhere' : nowhere);
      const told = await eve.complaint();
      // over Socket.IO one connection is for many conversations
      return name === 'share' ? told : `${told} ${await eve.gone}`;
    });
    const unknown =
      'session_not_found: There is no session with this id. Create one with POST /session and connect to the address that it answers. 4004';
    expect(found).toEqual({
      coach: unknown,
      room: unknown,
      desk: unknown,
      talk: 'invalid: The id of a session must be a UUID, such as crypto.randomUUID makes one. 1008',
      share: 'session_not_found: Conversation not found',
    });
  });

  test('B2 a conversation that has ended', async () => {
    const found = await atEach(house, async (door, name) => {
      const id = await door.open();
      await door.end(id);
      const eve = await door.come(id);
      if (!['talk', 'share'].includes(name)) eve.say('too late');
      return eve.complaint();
    });
    const over = 'session_finished: This session is finished; nothing can be added to it. Start a new one to go on.';
    expect(found).toEqual({
      coach: over,
      room: over,
      desk: over,
      talk: 'session_finished: This session is over: it was summed up and closed. Start a new one under a new id.',
      share: 'session_finished: Conversation is no longer active',
    });
  });

  test('B4 a message over 16 KB', async () => {
    const most = 'is longer than 16384 characters: shorten it.';
    expect(await atEach(house, (door) => wrongly(door, 'x'.repeat(16_385)))).toEqual({
      coach: ['too_big: A message may have 8192 characters; this one has 16427.'],
      room: [`invalid: What was sent ${most}`],
      desk: [`invalid: content ${most}`],
      talk: [`invalid: content ${most}`],
      share: [`invalid: message ${most}`],
    });
  });

  test('B5 a text without a word', async () => {
    const empty = (field: string) => Array.from({ length: 2 }, () => `invalid: ${field} is empty: say it in a few words.`);
    expect(await atEach(house, (door) => wrongly(door, '', ' \n '))).toEqual({
      coach: empty('text'),
      room: empty('What was sent'),
      desk: empty('content'),
      talk: empty('content'),
      share: empty('message'),
    });
  });

  test('B6 a name of ten thousand letters', async () => {
    const found = await atEach(house, async (door) => door.named(await door.open(), 'x'.repeat(10_000)));
    expect(found).toEqual({
      coach: 'invalid: user_name is longer than 200 characters: shorten it.',
      room: 'invalid: name is longer than 80 characters: shorten it.',
      // nobody has a name there: what is called by it is the session
      desk: 'invalid: title is longer than 200 characters: shorten it.',
      talk: 'invalid: user_id is longer than 128 characters: shorten it.',
      share: 'invalid: username is longer than 80 characters: shorten it.',
    });
  });

  test('B7 control characters; which fields refuse them stands in a table of its own (W1)', async () => {
    const bell = 'a\u0007b';
    const wrong: Record<Door, unknown[]> = {
      coach: [{ type: 'said', text: 'hi', id: bell }],
      room: [bell, { type: 'message', content: 'hi', id: bell }],
      desk: [bell],
      talk: [bell, { type: 'message', content: 'hi', id: bell }],
      share: [bell, ['send_message', { room_id: nowhere, message: 'hi', username: bell }]],
    };
    const control = (field: string) => `invalid: ${field} holds control characters that nobody can read: send plain text.`;
    expect(await atEach(house, (door, name) => wrongly(door, ...wrong[name]))).toEqual({
      coach: [control('id')],
      room: [control('What was sent'), control('id')],
      desk: [control('content')],
      talk: [control('content'), control('id')],
      share: [control('message'), control('username')],
    });
  });

  test('B8 HTML is words like any others, and told as it stands', async () => {
    const html = '<img src=x onerror=alert(1)>&amp;"\'';
    const found = await atEach(house, async (door) => {
      const id = await door.open();
      const watching = await door.watch(id);
      (await door.come(id, { name: '<b>Eve</b>' })).say(html);
      const names = every((await house.house.hub.find(id))!.entries, 'joined').map(({ name }) => name);
      return { told: await watching.upTo(html), named: names.includes('<b>Eve</b>') };
    });
    const asItIs = { told: [html], named: false };
    expect(found).toEqual({ coach: asItIs, room: { ...asItIs, named: true }, desk: asItIs, talk: asItIs, share: { ...asItIs, named: true } });
  });

  test('B9 two who come under one id', async () => {
    const found = await atEach(house, async (door, name) => {
      const id = await door.open();
      const watching = await door.watch(id);
      const [first, second] = [await door.come(id, { id: 'ann-1' }), await door.come(id, { id: 'ann-1' })];
      const sent = name === 'coach' ? await first.gone : undefined;
      second.say('by the second');
      await watching.upTo('by the second');
      second.leave();
      if (sent === undefined) first.say('by the first');
      if (sent === undefined) await watching.upTo('by the first');
      const talk = (await house.house.hub.find(id))!;
      const joins = every(talk.entries, 'joined').filter(({ by }) => by === 'ann-1').length;
      const leaves = every(talk.entries, 'left').filter(({ by }) => by === 'ann-1').length;
      return { sent, joins, leaves };
    });
    const both = { sent: undefined, joins: 0, leaves: 0 };
    expect(found).toEqual({ coach: { ...both, sent: 4009 }, room: { ...both, joins: 1 }, desk: both, talk: both, share: { ...both, joins: 1 } });
  });

  test('B10 what has no shape that anybody knows', async () => {
    const noMessage = [{ type: 1 }, { type: 'dance' }, { type: {} }, { type: 'message', content: 7 }];
    const wrong: Record<Door, unknown[]> = {
      coach: [7, [], null, ...noMessage.slice(0, 3)],
      // what is no object with a type is a message as it stands there
      room: noMessage,
      desk: [7, [], { type: 1 }, { content: 7 }, { content: 'hi', sender: 7 }, new Uint8Array(8)],
      talk: [...noMessage, new Uint8Array(8)],
      share: [['send_message'], ['send_message', 7], ['send_message', { room_id: 7 }], ['dance', {}], ['error', {}]],
    };
    const noObject = 'invalid: What was sent must be a JSON object.';
    const types = (...all: string[]) => `invalid: type must be ${all.slice(0, -1).join(', ')} or ${all.at(-1)}.`;
    const ofCoach = clientMessage.options.map(({ shape }) => shape.type.value);
    const events = `Send ${Object.keys(shareEvents).join(', ')}.`;
    expect(await atEach(house, (door, name) => wrongly(door, ...wrong[name]))).toEqual({
      coach: [noObject, noObject, noObject, ...noMessage.slice(0, 3).map(() => types(...ofCoach))],
      room: [...noMessage.slice(0, 3).map(() => types('message', 'typing', 'stop', 'ping')), 'invalid: content must be text.'],
      desk: [
        noObject,
        noObject,
        'invalid: content is missing: send text.',
        'invalid: content must be text.',
        'invalid: sender must be user or assistant.',
        'invalid: The desk takes no sound, so it was not heard. Write your message as text.',
      ],
      talk: [
        ...noMessage.slice(0, 3).map(() => types('message', 'ping')),
        'invalid: content must be text.',
        'invalid: This talk takes no sound, so it was not heard. Write your message as text.',
      ],
      share: [
        'invalid: What was sent is missing: send a JSON object.',
        noObject,
        'invalid: room_id must be text. message is missing: send text.',
        `invalid: There is no event dance here, so nothing was done. ${events}`,
        `invalid: There is no event error here, so nothing was done. ${events}`,
      ],
    });
  });
});

describe('bad input, where there is little room', () => {
  test('B3 a full conversation', async () => {
    await using house = await served({ VOICE: 'none' }, { budgets: { membersPerChat: 2, socketsPerSession: 2 } });
    // a desk has as many windows as the process has sockets
    await using desks = await served({}, { budgets: { sockets: 2 } });
    const cell = async (door: BadDoor, name: Door) => {
      const id = await door.open();
      const watching = await door.watch(id);
      const eve = await door.come(id);
      const late = await (name === 'coach' ? door.watch(id) : door.come(id, { id: 'late-1' }));
      const told = await late.complaint();
      eve.say(still);
      await watching.upTo(still);
      return name === 'share' ? told : `${told} ${await late.gone}`;
    };
    const room = 'busy: This room is full, so you could not come in. Try again when somebody has left.';
    const found = { ...(await atEach(house, async (door, name) => (name === 'desk' ? '' : cell(door, name)))), desk: '' };
    found.desk = await cell(badDoors(desks).desk, 'desk');
    expect(found).toEqual({
      coach: 'busy: As many watch this session as may. Come back when somebody has left. 1013',
      room: `${room} 1013`,
      desk: 'busy: This Aside has as many connections as it may. Close one that nobody needs, or try again in a moment. 1013',
      talk: 'busy: This session has as many connections as it may. Close one that nobody needs. 1013',
      share: room,
    });
  });

  test('B11 whoever never reads is sent away, and nobody else misses anything', { timeout: 60_000 }, async () => {
    await using house = await served({ VOICE: 'none' }, { budgets: { backlog: 300_000, closing: 100, pingEvery: 60_000 } });
    const gone: Record<string, unknown> = {};
    for (const [name, door] of Object.entries(badDoors(house))) {
      const id = await door.open();
      const [deaf, watching] = [await door.watch(id), await door.watch(id)];
      const talk = (await house.house.hub.find(id))!;
      const before = await closed(house.base);
      deaf.pause();
      const texts: string[] = [];
      while ((texts.length % 8 > 0 || (await closed(house.base)) === before) && texts.length < 600) {
        texts.push(`${texts.length} ${'x'.repeat(100_000)}`);
        // nobody answers the assistant
        const by = name === 'desk' ? 'assistant' : 'user';
        await talk.append({ by, type: 'said', via: 'text', text: texts.at(-1)!, speaker: { who: 'other', probability: 1 } });
        await watching.upTo(texts.at(-1)!);
      }
      expect((await watching.upTo(texts.at(-1)!)).map((text) => text.slice(0, 9))).toEqual(texts.map((text) => text.slice(0, 9)));
      gone[name] = texts.length < 600;
      deaf.leave();
      watching.leave();
    }
    expect(gone).toEqual({ coach: true, room: true, desk: true, talk: true, share: true });
  });
});

/** How many sockets were closed so far, for whatever reason. */
async function closed(base: string): Promise<number> {
  const lines = (await (await fetch(`${base}/metrics`)).text()).split('\n').filter((line) => line.startsWith('aside_sockets_closed_total'));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
