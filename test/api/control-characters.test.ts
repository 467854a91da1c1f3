import { expect, test } from 'vitest';
import type { z } from 'zod';
import { read } from '../../src/api/read.ts';
import { clientMessage } from '../../src/wire/coach.ts';
import { deskCommand, deskMessageRequest, deskRequest, searchQuery } from '../../src/wire/desk.ts';
import { roomCommand, roomQuery, roomRequest } from '../../src/wire/rooms.ts';
import { attachFields, createRequest, fileName, joinRequest, shareEvents, searchQuery as shareSearch } from '../../src/wire/share.ts';
import { talkCommand, talkQuery } from '../../src/wire/talk.ts';
import { tokenRequest } from '../../src/wire/tokens.ts';

const { join_room, leave_room, send_message, typing, voice, react } = shareEvents;
const saying = { type: 'message', content: 'hi' };
const sending = { room_id: 'r', message: 'hi' };
const commands = clientMessage.options.filter(({ shape }) => 'id' in shape).map((option) => option.shape.type.value);
const givens: Record<string, object> = {
  said: { text: 'hi' },
  playback: { reply: 1, state: 'started' },
  feedback: { reply: 1, useful: true },
  consent: { audio: false },
  forget: { seconds: 1 },
  whisper: { text: 'hi' },
};
const rows: [string, z.ZodType, object, string[]][] = [
  ...commands.map((type): [string, z.ZodType, object, string[]] => [
    `coach: ${type}`,
    clientMessage,
    { type, ...givens[type] },
    type === 'whisper' ? ['text', 'id'] : ['id'],
  ]),
  ['coach: who a token is for', tokenRequest(60), { role: 'whisper' }, ['name']],
  ['rooms: opening', roomRequest, {}, ['participant_id']],
  ['rooms: coming in', roomQuery, {}, ['participant_id', 'name']],
  ['rooms: a message', roomCommand, saying, ['content', 'id']],
  ['desk: opening', deskRequest, {}, ['title']],
  ['desk: a message over REST', deskMessageRequest, { content: 'hi', sender: 'user' }, ['content']],
  ['desk: a message', deskCommand, { content: 'hi' }, ['content']],
  ['desk: searching', searchQuery, {}, ['q']],
  ['share: opening', createRequest, {}, ['title', 'description', 'user_id']],
  ['share: joining over REST', joinRequest, {}, ['user_id', 'username']],
  ['share: join_room', join_room, { room_id: 'r' }, ['user_id', 'username']],
  ['share: leave_room', leave_room, { room_id: 'r' }, ['user_id', 'username']],
  ['share: send_message', send_message, sending, ['user_id', 'username', 'message', 'type', 'id']],
  ['share: typing', typing, { room_id: 'r', is_typing: true }, ['user_id', 'username']],
  ['share: voice', voice, { room_id: 'r', audio: new Uint8Array(1) }, ['user_id', 'username']],
  ['share: react', react, { room_id: 'r', message_id: '1', emoji: '👍' }, ['user_id', 'username', 'emoji']],
  ['share: a file', attachFields, {}, ['user_id', 'username']],
  ['share: searching', shareSearch, {}, ['q']],
  ['talk: coming in', talkQuery, {}, ['user_id']],
  ['talk: a message', talkCommand, saying, ['content', 'id']],
];

const unreadable = 'holds control characters that nobody can read: send plain text.';

test.each(rows)('W1 characters that nobody can read are refused in one sentence, %s', (_door, schema, good, fields) => {
  for (const field of fields) {
    expect(read(schema, { ...good, [field]: 'ab' })).toMatchObject({ [field]: 'ab' });
    for (const sign of ['\u0000', '\u0007', '\u001b', '\u009f'])
      expect(() => read(schema, { ...good, [field]: `a${sign}b` }), field).toThrow(new RegExp(`^${field} ${unreadable}$`));
  }
});

test('W1 and so they are in the name of a file', () => {
  expect(() => read(fileName, 'a\u0007b.txt')).toThrow(unreadable);
});
