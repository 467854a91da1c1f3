import { afterEach, describe, expect, test } from 'vitest';
import type { ShownConversation } from '../../src/wire/share.ts';
import { type IoClient, ioClient } from '../support/io-client.ts';
import { served } from '../support/served.ts';

type House = Awaited<ReturnType<typeof served>>;
const clients: IoClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

async function created(house: House, body: object = { title: 'Plans', description: 'For the summer', user_id: 'ann-1' }) {
  const answer = await house.post('/api/conversations/create', body);
  return { status: answer.status, ...((await answer.json()) as { room_id: string; token: string; conversation: ShownConversation }) };
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
});
