import { randomUUID } from 'node:crypto';
import { ioClient } from './io-client.ts';
import { pullClient } from './pull-client.ts';

/** Limits that stop nobody: who says the same thing a thousand times shall be heard each time. */
export const LIMITLESS = [
  ...[
    'sessionsPerMinute',
    'requestsPerSecond',
    'requestsBurst',
    'bearerPerSecond',
    'bearerBurst',
    'wrongPerMinute',
    'wrongBurst',
    'sockets',
    'socketsPerAddress',
  ],
  ...['textPerSecond', 'textBurst', 'whispersPerMinute', 'whispersBurst', 'strikes', 'uploads', 'filesPerChat', 'awake'],
]
  .map((name) => `${name}=1000000000`)
  .join(',');

/** What came of it: how often the text was handed in, how often it was taken, and what was answered neither with what was wished nor with what was wrong about it. */
export type Handed = { fields: number; taken: number; wrong: string[] };

type Json = Record<string, unknown>;
type Manner = { readonly protocols?: string[]; readonly headers?: Record<string, string>; readonly wanted?: string };

/** Somebody who hands a text in at every door of a service. */
function somebody(base: string, handed: Handed) {
  const count = (where: string, status: number) => {
    handed.fields += 1;
    if (status < 400) handed.taken += 1;
    if (status >= 500 || status === 429) handed.wrong.push(`${where}: ${status}`);
  };
  const ask = async (method: string, path: string, body?: object | Buffer, headers: Record<string, string> = {}): Promise<Json> => {
    const isForm = body instanceof FormData || Buffer.isBuffer(body);
    const answer = await fetch(base + path, {
      method,
      redirect: 'manual',
      headers: { ...(body && !isForm && { 'content-type': 'application/json' }), ...headers },
      ...(body && { body: isForm ? (body as FormData) : JSON.stringify(body) }),
    });
    const text = await answer.text();
    count(`${method} ${path.slice(0, 40)}`, answer.status);
    return answer.headers.get('content-type')?.includes('json') ? (JSON.parse(text) as Json) : {};
  };
  /** Says these frames at a socket, and waits until it answers the last with this, or is closed. */
  const say = async (path: string, frames: readonly (object | string)[], { protocols = [], headers = {}, wanted = 'pong' }: Manner = {}) => {
    const socket = pullClient(base.replace('http', 'ws') + path, { protocols, headers });
    const over = socket.closed;
    const refused = await socket.opened.then(
      () => undefined,
      (error: Error) => Number(/\b\d{3}\b/.exec(error.message)?.[0] ?? 500),
    );
    if (refused !== undefined) return count(`socket ${path.slice(0, 40)}`, refused);
    for (const frame of frames) socket.send(frame);
    const answered = socket.next(wanted).then(
      () => 1000,
      () => over.then((closed) => closed.code),
    );
    const code = await answered;
    const internal = socket.all.some(({ code: why }) => why === 'internal');
    for (const _ of frames) count(`socket ${path.slice(0, 40)}`, internal || code === 1011 ? 500 : code === 1000 ? 200 : 400);
    socket.close();
    await over;
  };
  return { base, ask, say, count };
}
type Somebody = ReturnType<typeof somebody>;

const query = (fields: Record<string, string>) => new URLSearchParams(fields);
const ping = { type: 'ping' };

/** What each door takes: every field of words that a client may send there, filled with this text. */
const doors = {
  async coach({ ask, say }: Somebody, text: string) {
    const settings = { cadence: 0, text_only: true };
    await ask('POST', '/session', {
      context: text,
      goal: text,
      user_name: text,
      participants: text,
      tone: text,
      consent: { [text.slice(0, 60)]: text },
    });
    await ask('POST', '/session', { context: 'x', goal: 'x', settings: { voice: text } });
    const { session_id: id, token } = await ask('POST', '/session', { context: 'x', goal: text, user_name: text, settings });
    await say(`/ws/${id}?${query({ epoch: text })}`, [{ type: 'consent', audio: true, parties: text }, ping]);
    await say(`/ws/${id}`, [
      { type: 'said', text, speaker: 'other', id: text },
      { type: 'said', text, speaker: text },
      { type: 'forget', seqs: [text] },
      { type: text, text },
      text,
      ping,
    ]);
    const own = { authorization: `Bearer ${token}` };
    const { token: friend } = await ask('POST', `/session/${id}/tokens`, { role: 'whisper', name: text }, own);
    await ask('POST', `/session/${id}/tokens`, { role: text }, own);
    await say(`/ws/${id}`, [{ type: 'auth', token: text }, ping]);
    await say(`/ws/${id}`, [{ type: 'whisper', text, id: text }, ping], { headers: { authorization: `Bearer ${friend}` } });
    await ask('POST', `/session/${id}/corrections`, { seq: 2, text, speaker: 'other' }, own);
    await ask('GET', `/session/${id}/events?${query({ after: text })}`, undefined, own);
    await ask('POST', `/session/${id}/finish`, undefined, own);
    await ask('GET', `/session/${id}/transcript.md`, undefined, own);
    const at = '2026-01-01T00:00:00.000Z';
    const brought = (more: object) => ({
      format: 'aside.session',
      version: 1,
      session_id: text,
      exported_at: at,
      entries: [
        { seq: 1, at, by: text, type: 'opened', kind: 'coach', title: text, user: text, context: text, goal: text },
        { seq: 2, at, by: text, type: 'said', text, via: 'text' },
        { seq: 3, at, by: 'user', type: 'consented', audio: true, parties: text },
        { seq: 4, at, by: 'ear', type: 'segment', recorder: 1, format: 'webm', header: '', from: 0, ...more },
        { seq: 5, at, by: 'user', type: 'attached', file: text, name: text, mime: text, size: 4 },
        { seq: 6, at, by: 'user', type: 'subscribed', to: { endpoint: text, p256dh: text, auth: text } },
      ],
      sounds: [{ no: 1, at: 0, data: 'AAAA' }],
    });
    const { session_id: twin } = await ask('POST', '/session/import', brought({}));
    await ask('GET', `/api/conversations/${twin}/files/5`);
    await ask('POST', '/session/import', brought({ format: text, header: Buffer.from(text).toString('base64') }));
  },

  async rooms({ ask, say }: Somebody, text: string) {
    await ask('POST', '/room/create', { participant_id: text });
    const { room_id: id, token } = await ask('POST', '/room/create', { participant_id: 'ann' });
    await say(`/ws/${id}?${query({ participant_id: text, name: text })}`, [
      { type: 'message', content: text, id: text },
      { type: 'message', content: `/mute @${text}` },
      { type: text, content: text },
      text,
      ping,
    ]);
    await say(`/ws/${id}?${query({ participant_id: 'ben', name: 'Ben', after: text })}`, [ping]);
    const own = { authorization: `Bearer ${token}` };
    await ask('POST', `/room/${id}/end`, undefined, own);
    await ask('GET', `/room/${id}/export`, undefined, own);
  },

  async desk({ ask, say }: Somebody, text: string) {
    await ask('POST', '/api/sessions', { id: text, title: text });
    const { id } = await ask('POST', '/api/sessions', { title: text });
    for (const message of [
      { content: text, sender: 'user' },
      { content: text, sender: 'assistant' },
      { content: 'x', sender: text },
      { content: 'x', sender: 'user', timestamp: text },
    ])
      await ask('POST', `/api/sessions/${id}/messages`, message);
    await say(`/ws/${id}`, [{ content: text }, { content: text, sender: text }, text, { content: 1 }], { wanted: 'error' });
    await say(`/ws/${id}?${query({ after: text })}`, [{ content: 1 }], { wanted: 'error' });
    await ask('GET', `/api/sessions?${query({ before: text })}`);
    await ask('GET', `/api/search?${query({ q: text })}`);
    await ask('GET', `/api/search?${query({ q: 'x', kind: text })}`);
    await ask('POST', `/api/sessions/${id}/end`);
    await ask('GET', `/api/sessions/${id}/export`);
  },

  async talk({ ask, say }: Somebody, text: string) {
    const id = randomUUID();
    const typed = { protocols: ['aside.json'] };
    await say(
      `/ws/session/${id}?${query({ user_id: text })}`,
      [{ type: 'message', content: text, id: text }, { type: text, content: text }, text, ping],
      typed,
    );
    await say(`/ws/session/${id}?${query({ format: text })}`, [ping], typed);
    await say(`/ws/session/${encodeURIComponent(text)}`, [ping], typed);
    await ask('GET', `/api/talks/${id}`);
    await ask('POST', `/api/talks/${id}/end`);
    await ask('GET', `/api/talks/${id}/export`);
  },

  async share({ base, ask, count }: Somebody, text: string) {
    await ask('POST', '/api/conversations/create', { user_id: text });
    await ask('POST', '/api/conversations/create', { title: text, description: text });
    const { room_id, token } = await ask('POST', '/api/conversations/create', { title: 'x' });
    const path = `/api/conversations/${room_id}`;
    const own = { authorization: `Bearer ${token}` };
    const who = { user_id: text.slice(0, 128), username: text.slice(0, 80) };
    await ask('POST', `${path}/join`, who);
    for (const form of [formOf(who, text), formOf({ user_id: 'ann', username: 'Ann' }, text)]) {
      const { url } = await ask('POST', `${path}/files`, form);
      if (typeof url === 'string') await ask('GET', url);
    }
    const [body, type] = handmadeForm(text);
    await ask('POST', `${path}/files`, body, { 'content-type': type });
    const client = ioClient(base, { transports: ['websocket'] });
    await client.connected;
    const wishes: [string, object][] = [
      ['join_room', { room_id, ...who, token: text }],
      ['join_room', { room_id: text, ...who }],
      ['join_room', { room_id, ...who }],
      ['send_message', { room_id, ...who, message: text, id: text }],
      ['send_message', { room_id, ...who, message: text, type: text.slice(0, 32) }],
      ['typing', { room_id, ...who, is_typing: text }],
      ['react', { room_id, ...who, message_id: text.slice(0, 16), emoji: text.slice(0, 128) }],
      ['react', { room_id, ...who, message_id: '1', emoji: text.slice(0, 128) }],
      [text, { room_id, ...who }],
      ['leave_room', { room_id, ...who }],
    ];
    for (const [event, data] of wishes) {
      const answer = await client.ask(event, data);
      count(`event ${event}`, answer.code === 'internal' ? 500 : answer.success === false ? 400 : 200);
    }
    client.close();
    await client.gone;
    await ask('GET', `${path}/search?${query({ q: text })}`);
    await ask('POST', `${path}/invitations`, { role: text }, own);
    await ask('DELETE', `${path}/invitations/${encodeURIComponent(text)}`, undefined, own);
    await ask('GET', path);
    await ask('POST', `${path}/end`, undefined, own);
    await ask('GET', `${path}/export`, undefined, own);
  },
};

function formOf(fields: Record<string, string>, name: string): FormData {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set('file', new Blob([name], { type: 'text/plain' }), name);
  return form;
}

/** A form that names its file in the way of mail, which no browser does. */
function handmadeForm(name: string): [Buffer, string] {
  const head = `--edge\r\ncontent-disposition: form-data; name="file"; filename*=UTF-8''${encodeURIComponent(name)}\r\ncontent-type: text/plain\r\n\r\n`;
  return [Buffer.from(`${head}${name}\r\n--edge--\r\n`), 'multipart/form-data; boundary=edge'];
}

export type Door = keyof typeof doors;
export const everyDoor = Object.keys(doors) as Door[];

/** Hands each of these texts in at each of these doors of a service, wherever words are taken. */
export async function intoEveryField(base: string, texts: readonly string[], at: readonly Door[] = everyDoor): Promise<Handed> {
  const handed: Handed = { fields: 0, taken: 0, wrong: [] };
  const one = somebody(base, handed);
  for (const text of texts) await Promise.all(at.map((door) => doors[door](one, text)));
  return handed;
}
