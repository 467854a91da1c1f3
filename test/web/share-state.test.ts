import { describe, expect, test } from 'vitest';
import type { ShareNews, ShownConversation, ShownMessage } from '../../src/client/share.ts';
import { emptyShare, type Local, type ShareState, shareAfter } from '../../src/web/share/share-state.ts';

const timestamp = '2030-01-01T10:00:00.000Z';
const message = (id: number, user_id: string, text: string, more: Partial<ShownMessage> = {}): ShownMessage => ({
  id: String(id),
  user_id,
  username: user_id.toUpperCase(),
  message: text,
  type: 'text',
  timestamp,
  ...more,
});
const standing = (messages: ShownMessage[], more: Partial<ShownConversation> = {}): ShareNews => ({
  event: 'conversation_state',
  data: {
    room_id: 'r',
    conversation: {
      room_id: 'r',
      created_at: timestamp,
      created_by: 'ann',
      title: 'Summer',
      description: '',
      messages,
      participants: [{ user_id: 'ann', username: 'ANN', joined_at: timestamp }],
      is_active: true,
      ...more,
    },
  },
});
const says = (...args: Parameters<typeof message>): ShareNews => ({ event: 'new_message', data: message(...args) });
const saying = (id: string, text: string): Local => ({ event: 'saying', data: { id, text } });
const told = (...news: (ShareNews | Local)[]): ShareState => news.reduce(shareAfter, emptyShare('ann'));
const words = ({ items }: ShareState) => items.map((item) => item.text);

describe('a shared conversation as it stands', () => {
  test('the state as it is told to whoever comes in replaces what was known, and what is being said goes on being said', () => {
    const state = told(standing([message(2, 'ben', 'one')]), says(3, 'ben', 'two'), saying('a', 'mine'), standing([message(2, 'ben', 'one')]));
    expect(words(state)).toEqual(['one']);
    expect(state.pending).toMatchObject([{ text: 'mine', state: 'sending' }]);
    expect(state).toMatchObject({ title: 'Summer', known: true, over: false });
  });

  test('what is said while the whole of it is on its way stays', () => {
    const { data } = standing([message(2, 'ben', 'one')]) as Extract<ShareNews, { event: 'conversation_state' }>;
    const whole: Local = { event: 'whole', data: { conversation: data.conversation } };
    expect(words(told(standing([message(2, 'ben', 'one')]), says(3, 'ben', 'two'), whole))).toEqual(['one', 'two']);
  });

  test('what I say stands once, whether it comes back before it is known to be kept or after', () => {
    const before = told(standing([]), saying('a', 'hi'), says(2, 'ann', 'hi'));
    expect([before.pending.length, words(before)]).toEqual([0, ['hi']]);
    const after = told(standing([]), saying('a', 'hi'), { event: 'kept', data: { id: 'a', as: '2' } }, says(2, 'ann', 'hi'));
    expect([after.pending.length, words(after)]).toEqual([0, ['hi']]);
    // two times the same words are two messages
    const twice = told(standing([]), saying('a', 'hi'), saying('b', 'hi'), says(2, 'ann', 'hi'));
    expect([twice.pending.length, words(twice)]).toEqual([1, ['hi']]);
  });

  test('refused words stay, with why', () => {
    const state = told(standing([]), saying('a', 'hi'), { event: 'refused', data: { id: 'a', why: 'over' } });
    expect(state.pending).toMatchObject([{ state: 'refused', why: 'over' }]);
  });

  test('reactions are counted by person and taken back', () => {
    const react = (user_id: string, on: boolean): ShareNews => ({
      event: 'message_reaction',
      data: { message_id: '2', user_id, username: user_id, emoji: '👍', on, timestamp },
    });
    const state = told(standing([message(2, 'ben', 'one', { reactions: { '👍': ['ben'] } })]), react('ann', true), react('ann', true));
    const reactions = (each: ShareState) => each.items.map((item) => (item.kind === 'said' ? Object.fromEntries(item.reactions) : {}));
    expect(reactions(state)).toEqual([{ '👍': ['ben', 'ann'] }]);
    expect(reactions([react('ann', false), react('ben', false)].reduce(shareAfter, state))).toEqual([{}]);
  });

  test('who is there, who writes, and the end', () => {
    const ben = { user_id: 'ben', username: 'Ben' };
    const state = told(
      standing([]),
      { event: 'user_joined', data: { ...ben, participant_count: 2 } },
      { event: 'user_typing', data: { ...ben, is_typing: true } },
    );
    expect([...state.people.values()]).toEqual(['ANN', 'Ben']);
    expect([...state.typing.values()]).toEqual(['Ben']);
    expect(shareAfter(state, says(5, 'ben', 'done')).typing.size).toBe(0);
    const over = [
      { event: 'user_left', data: { ...ben, participant_count: 1 } } as const,
      { event: 'conversation_ended', data: { room_id: 'r', message: '' } } as const,
    ].reduce(shareAfter, state);
    expect(over).toMatchObject({ over: true });
    expect([over.typing.size, over.people.size]).toEqual([0, 1]);
  });

  test('whether somebody only watches, and whether its link lets people in', () => {
    const state = told({
      ...standing([], { invited_only: true }),
      data: { ...standing([], { invited_only: true }).data, watching: true },
    } as ShareNews);
    expect(state).toMatchObject({ watching: true, invitedOnly: true });
    expect(told(standing([]))).toMatchObject({ watching: false, invitedOnly: false });
  });

  test('what does not open is not taken for words, nor for a feeling', () => {
    const state = told(standing([message(2, 'ben', '', { unreadable: true } as object)]), {
      event: 'message_reaction',
      data: { message_id: '2', user_id: 'ben', username: 'Ben', emoji: '', on: true, timestamp },
    });
    expect(state.items).toMatchObject([{ unreadable: true, reactions: new Map() }]);
  });

  test('a long conversation says how much came before', () => {
    expect(told(standing([message(900, 'ben', 'x')], { earlier: 450, message_count: 451 })).earlier).toBe(450);
  });
});
