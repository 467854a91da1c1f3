import { describe, expect, test } from 'vitest';
import type { DeskMessage, DeskNews } from '../../src/client/desk.ts';
import type { TalkNews, TalkRecord } from '../../src/client/talk.ts';
import { type Local as DeskLocal, type DeskState, deskAfter, emptyDesk, firstHere, isAnswerDue } from '../../src/web/desk/desk-state.ts';
import { emptyTalk, isAnswerDue as isTalkDue, type Local as TalkLocal, type TalkState, talkAfter } from '../../src/web/talk/talk-state.ts';

const timestamp = '2030-01-01T10:00:00.000Z';
const message = (id: number, sender: 'user' | 'assistant', content: string): DeskMessage => ({ id, session_id: 's', content, sender, timestamp });
const page = (...messages: DeskMessage[]): DeskLocal => ({ type: 'page', session: { id: 's', title: 'Plans', created_at: timestamp, messages } });
const told = (...args: Parameters<typeof message>): DeskNews => ({ session_id: 's', message: message(...args) });
const token = (content: string): DeskNews => ({ session_id: 's', token: { about: 1, content } });
const desk = (...news: (DeskNews | DeskLocal)[]): DeskState => news.reduce(deskAfter, emptyDesk);
const words = ({ items }: DeskState | TalkState) =>
  items.map((item) => (item.kind === 'use' ? `${item.tool} → ${JSON.stringify(item.output)}` : item.text));

describe('a session of the desk as it stands', () => {
  test('pages and what is told live come together without doubles', () => {
    const state = desk(
      told(4, 'assistant', 'd'),
      page(message(3, 'user', 'c'), message(4, 'assistant', 'd')),
      page(message(1, 'user', 'a'), message(2, 'assistant', 'b')),
    );
    expect(words(state)).toEqual(['a', 'b', 'c', 'd']);
    expect(firstHere(state)).toBe(1);
    expect(state.title).toBe('Plans');
  });

  test('where too much happened during a break, the newest page stands alone and the rest is paged back to', () => {
    const state = desk(page(message(1, 'user', 'a')), page(message(60, 'user', 'x'), message(61, 'assistant', 'y')));
    expect(words(state)).toEqual(['x', 'y']);
    expect(firstHere(state)).toBe(60);
  });

  test('what is written here stands once, whoever tells of it first', () => {
    const writing: DeskLocal = { type: 'writing', key: 'k', text: 'hi' };
    const kept: DeskLocal = { type: 'kept', key: 'k', message: message(1, 'user', 'hi') };
    for (const news of [
      [writing, told(1, 'user', 'hi'), kept],
      [writing, kept, told(1, 'user', 'hi')],
    ])
      expect([desk(...news).pending.length, words(desk(...news))]).toEqual([0, ['hi']]);
    expect(desk(writing, { type: 'refused', key: 'k', why: 'no' }).pending).toMatchObject([{ state: 'refused', why: 'no' }]);
  });

  test('an answer forms and is due until it is there', () => {
    const asked = desk(told(1, 'user', 'q'));
    expect(isAnswerDue(asked)).toBe(true);
    const forming = [token('It '), token('is')].reduce(deskAfter, asked);
    expect(forming.forming).toBe('It is');
    const answered = deskAfter(forming, told(2, 'assistant', 'It is.'));
    expect([answered.forming, isAnswerDue(answered), words(answered)]).toEqual(['', false, ['q', 'It is.']]);
    // it was finished while nobody was connected
    expect(deskAfter(forming, page(message(1, 'user', 'q'), message(2, 'assistant', 'It is.'))).forming).toBe('');
  });
});

const kept = (seq: number) => ({ seq, timestamp });
const talk = (...news: (TalkNews | TalkLocal)[]): TalkState => news.reduce(talkAfter, emptyTalk);

describe('a talk as it stands', () => {
  const story: (TalkNews | TalkLocal)[] = [
    { type: 'saying', id: 'a', content: 'What is 2+3?' },
    { type: 'ack', id: 'a', ...kept(3) },
    { type: 'tool_call', call_id: 'call-1', tool: 'calculate', input: { expression: '2+3' }, ...kept(4) },
    { type: 'tool_result', call_id: 'call-1', output: { result: 5 }, ...kept(5) },
    { type: 'token', about: 3, content: 'It ' },
    { type: 'token', about: 3, content: 'is 5' },
  ];

  test('words, the tool with what came of it, the answer as it forms, and then whole', () => {
    const forming = talk(...story);
    expect(words(forming)).toEqual(['What is 2+3?', 'calculate → {"result":5}']);
    expect([forming.forming, isTalkDue(forming)]).toEqual(['It is 5', true]);
    const whole = talkAfter(forming, { type: 'message', role: 'assistant', content: 'It is 5', about: 3, ...kept(6) });
    expect([whole.forming, words(whole).at(-1), isTalkDue(whole)]).toEqual(['', 'It is 5', false]);
    // told again after a break
    expect(talkAfter(whole, { type: 'message', role: 'user', content: 'What is 2+3?', ...kept(3) }).items).toHaveLength(3);
  });

  test('a tool that failed says so', () => {
    const state = talk(
      { type: 'tool_call', call_id: 'c', tool: 't', input: {}, ...kept(1) },
      { type: 'tool_result', call_id: 'c', output: {}, error: 'too late', ...kept(2) },
    );
    expect(state.items).toMatchObject([{ error: 'too late' }]);
  });

  test('refused words stay, with why; other troubles are noted', () => {
    const state = talk(
      { type: 'saying', id: 'a', content: 'x' },
      { type: 'error', message: 'too long', code: 'invalid', retry: false, id: 'a' },
      { type: 'error', message: 'the model fell', code: 'brain_failed', retry: true, seq: 7 },
    );
    expect(state.pending).toMatchObject([{ state: 'refused', why: 'too long' }]);
    expect(words(state)).toEqual(['the model fell']);
  });

  test('a talk that is over is read from its record, as it was told', () => {
    const event = (id: number, event_type: string, role: string | null, content: string) => ({
      id,
      event_type,
      role,
      content,
      created_at: timestamp,
    });
    const record: TalkRecord = {
      session_id: 'x',
      user_id: 'ann',
      start_time: timestamp,
      end_time: timestamp,
      duration_seconds: 9,
      summary: 'A sum.',
      summary_by: 'rules',
      events: [
        event(2, 'message', 'user', 'What is 2+3?'),
        event(3, 'tool_call', 'assistant', '{"tool":"calculate","input":{"expression":"2+3"}}'),
        event(4, 'tool_result', 'tool', '{"result":5}'),
        event(5, 'message', 'assistant', '5'),
      ],
    };
    const state = talk(...story, { type: 'record', record });
    expect(words(state)).toEqual(['What is 2+3?', 'calculate → {"result":5}', '5']);
    expect(state).toMatchObject({ over: true, forming: '', record: { summary: 'A sum.' } });
  });
});
