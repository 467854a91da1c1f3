import { describe, expect, test } from 'vitest';
import type { RoomNews } from '../../src/client/rooms.ts';
import { emptyRoom, type RoomState, roomAfter, type Saying } from '../../src/web/rooms/room-state.ts';

const at = '2030-01-01T10:00:00.000Z';
const ann = { participant_id: 'ann', name: 'Ann', role: 'human' as const };
const ben = { participant_id: 'ben', name: 'Ben', role: 'human' as const };
const spark = { participant_id: 'spark', name: 'Spark', role: 'agent' as const };
const observer = { participant_id: 'observer', name: 'Observer', role: 'agent' as const };
type Who = typeof ann | typeof spark;

const greeting = (seq: number, ...participants: Who[]): RoomNews => ({ type: 'room_state', room_id: 'r', participant_id: 'ann', seq, participants });
const said = (seq: number, who: Who, content: string): RoomNews => ({
  type: who === observer ? 'observation' : 'message',
  message_id: String(seq),
  room_id: 'r',
  ...who,
  content,
  seq,
  timestamp: at,
});
const came = (seq: number, who: Who): RoomNews => ({ type: 'participant_joined', room_id: 'r', ...who, seq, timestamp: at });
const left = (seq: number, who: Who): RoomNews => ({ type: 'participant_left', room_id: 'r', ...who, seq, timestamp: at });
const ack = (seq: number, id: string): RoomNews => ({ type: 'ack', message_id: String(seq), id, seq, timestamp: at });

const told = (...news: (RoomNews | Saying)[]): RoomState => news.reduce(roomAfter, emptyRoom('ann'));
const words = ({ items }: RoomState) => items.map((item) => (item.kind === 'said' ? `${item.name}: ${item.text}` : item.kind));

describe('a room as it stands', () => {
  test('history and what is said live come in the order of the log, and nothing twice', () => {
    const first = [said(3, ben, 'one'), said(4, spark, 'two')];
    const again = told(greeting(4, ann, ben, spark), ...first, greeting(5, ann, ben, spark), ...first, said(5, ben, 'three'));
    expect(words(again)).toEqual(['Ben: one', 'Spark: two', 'Ben: three']);
  });

  test('what I say stands last until it is kept, and then where the log has it', () => {
    const saying = told(greeting(2, ann, ben), { type: 'saying', id: 'a', content: 'mine' }, said(3, ben, 'theirs'));
    expect(saying.pending).toMatchObject([{ text: 'mine', state: 'sending' }]);
    const kept = roomAfter(saying, ack(4, 'a'));
    expect(kept.pending).toEqual([]);
    expect(words(kept)).toEqual(['Ben: theirs', 'Ann: mine']);
    // after a break it is told once more
    expect(words(roomAfter(kept, said(4, ann, 'mine')))).toEqual(['Ben: theirs', 'Ann: mine']);
  });

  test('what was said before the line broke and is acknowledged late stands before what came after it', () => {
    const late = told(greeting(2, ann), { type: 'saying', id: 'a', content: 'first' }, said(4, ben, 'second'), ack(3, 'a'));
    expect(words(late)).toEqual(['Ann: first', 'Ben: second']);
  });

  test('refused words stay, with why', () => {
    const state = told({ type: 'saying', id: 'a', content: '' }, { type: 'error', message: 'empty', code: 'invalid', retry: false, id: 'a' });
    expect(state.pending).toMatchObject([{ state: 'refused', why: 'empty' }]);
    expect(state.items).toEqual([]);
  });

  test('an answer forms, and the whole of it takes its place', () => {
    const token = (content: string): RoomNews => ({ type: 'token', room_id: 'r', ...spark, about: '3', content });
    const typing = (is_typing: boolean): RoomNews => ({ type: 'typing', room_id: 'r', ...spark, is_typing });
    const forming = told(greeting(3, ann, spark), typing(true), token('What '), token('if?'));
    expect([...forming.forming]).toEqual([['spark', 'What if?']]);
    expect([...forming.typing]).toEqual(['spark']);
    const done = roomAfter(forming, said(4, spark, 'What if?'));
    expect([done.forming.size, done.typing.size, words(done)]).toEqual([0, 0, ['Spark: What if?']]);
    // broken off: nothing of it stays
    expect(roomAfter(forming, typing(false)).forming.size).toBe(0);
  });

  test('who is there is what the greeting says and what came after it; who came and went in the past changes nothing', () => {
    const here = ({ members }: RoomState) => [...members].flatMap(([id, member]) => (member.here ? [id] : []));
    expect(here(told(greeting(9, ann, spark), came(2, ben)))).toEqual(['ann', 'spark']);
    const late = told(greeting(9, ann, spark), came(2, ben), said(3, ben, 'hi'), left(4, ben));
    expect(here(late)).toEqual(['ann', 'spark']);
    expect(late.members.get('ben')).toMatchObject({ name: 'Ben', here: false });
    expect(here(roomAfter(late, came(10, ben)))).toEqual(['ann', 'spark', 'ben']);
  });

  test('a short break of somebody’s line leaves no trace', () => {
    const state = told(greeting(2, ann), came(3, ben), left(4, ben), came(5, ben));
    expect(words(state)).toEqual(['came']);
    expect(state.members.get('ben')?.here).toBe(true);
  });

  test('orders are deeds, by whoever gave them, and say who is muted; agents give none', () => {
    const state = told(greeting(2, ann, ben, spark, observer), said(3, ben, '/mute @Spark'), said(4, spark, '/mute observer'));
    expect(state.items).toMatchObject([{ kind: 'deed', name: 'Ben', order: { deed: 'mute', whom: 'Spark' } }, { kind: 'said' }]);
    expect(state.members.get('spark')?.muted).toBe(true);
    expect(state.members.get('observer')?.muted).toBe(false);
    expect(roomAfter(state, said(5, ben, '/unmute')).members.get('spark')?.muted).toBe(false);
  });

  test('the observer stands on its own side, people and agents on theirs', () => {
    const state = told(greeting(1, ann), said(2, ann, 'a'), said(3, ben, 'b'), said(4, spark, 'c'), said(5, observer, 'd'));
    expect(state.items.map((item) => item.kind === 'said' && item.side)).toEqual(['mine', 'other', 'agent', 'observer']);
  });
});
