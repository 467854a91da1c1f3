import { createHash, randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { compose as composes } from '../../src/compose.ts';
import { readSettings } from '../../src/config.ts';
import type { Role } from '../../src/core/entry.ts';
import { clientMessage } from '../../src/wire/coach.ts';
import { newFolder } from './new-folder.ts';
import { pullClient } from './pull-client.ts';
import { interview } from './served.ts';

export const modes = ['open', 'keys', 'compat'] as const;
export type Mode = (typeof modes)[number];

/** Everybody who may stand at the gate. */
export const states = [
  'nobody',
  'garbage',
  'owner',
  'speaker',
  'viewer',
  'whisper',
  'export',
  'owner of another',
  'revoked',
  'expired',
  'key',
] as const;
type State = (typeof states)[number];

type Deed = 'rule' | 'speak' | 'watch' | 'whisper' | 'read' | 'copy';
/** Who may use a route: everybody, whoever may open sessions, this machine, whoever may do this with the session, or with a conversation of another kind. */
type Row = 'everybody' | 'opener' | 'machine' | Deed | 'socket' | { readonly kind: Other; readonly deed: Deed };
type Other = 'share' | 'desk' | 'talk' | 'room';

/** What each route is for; a route that stands not here is a fault. */
const rows: Record<string, Row> = {
  'GET /': 'everybody',
  'GET /health': 'everybody',
  'GET /ready': 'everybody',
  'GET /metrics': 'machine',
  'GET /openapi.json': 'everybody',
  'GET /redoc': 'everybody',
  'GET /redoc/redoc.standalone.js': 'everybody',
  'GET /favicon.ico': 'everybody',
  'GET /client.js': 'everybody',
  // pages are the same for everybody; what they show is asked for by what they know
  'GET /rooms': 'everybody',
  'GET /conversations': 'everybody',
  'GET /conversation/:id': 'everybody',
  'GET /desk': 'everybody',
  'GET /talk': 'everybody',
  'GET /history': 'everybody',
  'POST /session': 'opener',
  'POST /room/create': 'opener',
  'POST /api/conversations/create': 'opener',
  'GET /api/conversations': 'opener',
  'GET /api/health': 'everybody',
  'POST /api/conversations/:room_id/join': { kind: 'share', deed: 'speak' },
  'GET /api/conversations/:room_id': { kind: 'share', deed: 'read' },
  'POST /api/conversations/:room_id/end': { kind: 'share', deed: 'speak' },
  'POST /api/conversations/:room_id/files': { kind: 'share', deed: 'speak' },
  'GET /api/conversations/:room_id/files/:id': { kind: 'share', deed: 'read' },
  'GET /api/conversations/:room_id/search': { kind: 'share', deed: 'read' },
  'POST /api/conversations/:room_id/invitations': { kind: 'share', deed: 'rule' },
  'DELETE /api/conversations/:room_id/invitations/:invitation': { kind: 'share', deed: 'rule' },
  'GET /api/push-key': 'everybody',
  'POST /api/conversations/:room_id/push': { kind: 'share', deed: 'speak' },
  'DELETE /api/conversations/:room_id': { kind: 'share', deed: 'rule' },
  'GET /api/conversations/:room_id/export': { kind: 'share', deed: 'copy' },
  'POST /room/:room_id/end': { kind: 'room', deed: 'rule' },
  'DELETE /room/:room_id': { kind: 'room', deed: 'rule' },
  'GET /room/:room_id/export': { kind: 'room', deed: 'copy' },
  // who joins is asked at each join_room
  'GET /socket.io/': 'socket',
  'POST /socket.io/': 'socket',
  'GET /ws/:id': 'socket',
  'GET /api/sessions': 'opener',
  'POST /api/sessions': 'opener',
  'GET /api/sessions/:id': { kind: 'desk', deed: 'read' },
  'POST /api/sessions/:id/messages': { kind: 'desk', deed: 'speak' },
  'POST /api/sessions/:id/end': { kind: 'desk', deed: 'rule' },
  'DELETE /api/sessions/:id': { kind: 'desk', deed: 'rule' },
  'GET /api/sessions/:id/export': { kind: 'desk', deed: 'copy' },
  'GET /api/search': 'opener',
  'GET /ws/session/:session_id': 'socket',
  'GET /api/talks/:session_id': { kind: 'talk', deed: 'read' },
  'POST /api/talks/:session_id/end': { kind: 'talk', deed: 'rule' },
  'DELETE /api/talks/:session_id': { kind: 'talk', deed: 'rule' },
  'GET /api/talks/:session_id/export': { kind: 'talk', deed: 'copy' },
  'GET /session/:id': 'read',
  'GET /session/:id/events': 'read',
  'POST /session/import': 'opener',
  'GET /session/:id/export': 'copy',
  'GET /session/:id/recordings': 'copy',
  'GET /session/:id/recording': 'copy',
  'GET /session/:id/recording/:number': 'copy',
  'GET /session/:id/transcript.md': 'read',
  'POST /session/:id/ticket': 'watch',
  'POST /session/:id/finish': 'rule',
  'POST /session/:id/tokens': 'rule',
  'DELETE /session/:id/tokens/:grant': 'rule',
  'DELETE /session/:id': 'rule',
};
/** Files that are the same for everybody. */
const files = /^GET \/socket\.io\/[\w.]+\.js$|^GET \/assets\/[\w-]+\.(js|css|svg)$|^GET \/docs(\/.*)?$/;
const at = '2026-01-01T00:00:00.000Z';
/** A session with a recording in it, so that there is something to take along. */
const elsewhere = {
  format: 'aside.session',
  version: 1,
  session_id: 'elsewhere',
  exported_at: at,
  entries: [
    { seq: 1, at, by: 'user', type: 'opened', kind: 'coach', title: '' },
    { seq: 2, at, by: 'user', type: 'consented', audio: true },
  ],
  sounds: [{ no: 1, at: 0, data: 'AAAA' }],
};
function form(): FormData {
  const fields = new FormData();
  fields.set('file', new Blob(['let me in'], { type: 'text/plain' }), 'in.txt');
  return fields;
}
const bodies: Record<string, object> = {
  'POST /api/conversations/:room_id/files': form(),
  'POST /api/conversations/:room_id/invitations': {},
  'POST /api/conversations/:room_id/push': {},
  'POST /session': interview,
  'POST /room/create': { participant_id: 'ann' },
  'POST /api/sessions': {},
  'POST /api/sessions/:id/messages': { content: 'let me in', sender: 'assistant' },
  'POST /session/import': elsewhere,
  'POST /session/:id/tokens': { role: 'export' },
};

const rowOf = (route: string): Row | undefined =>
  rows[route.replace(/^HEAD /, 'GET ')] ?? (files.test(route.replace(/^HEAD /, 'GET ')) ? 'everybody' : undefined);

/** One of each command, and what it takes to give it; a command that stands not here is a fault. */
const commands: Record<string, { deed: Deed; message: object | Uint8Array }> = {
  sound: { deed: 'speak', message: new Uint8Array(16).fill(7) },
  stop: { deed: 'speak', message: { type: 'stop' } },
  hint: { deed: 'speak', message: { type: 'hint' } },
  said: { deed: 'speak', message: { type: 'said', text: 'let me in' } },
  playback: { deed: 'speak', message: { type: 'playback', reply: 2, state: 'started' } },
  pause: { deed: 'speak', message: { type: 'pause' } },
  resume: { deed: 'speak', message: { type: 'resume' } },
  feedback: { deed: 'speak', message: { type: 'feedback', reply: 2, useful: true } },
  consent: { deed: 'rule', message: { type: 'consent', audio: true } },
  forget: { deed: 'rule', message: { type: 'forget', seconds: 1 } },
  lost: { deed: 'speak', message: { type: 'lost', before: 5, at: 10 } },
  voices: { deed: 'speak', message: { type: 'voices', numbers: [] } },
  whisper: { deed: 'whisper', message: { type: 'whisper', text: 'ask about the team' } },
  ping: { deed: 'watch', message: { type: 'ping' } },
  auth: { deed: 'watch', message: { type: 'auth', token: 'of somebody else' } },
};

const may: Record<Role, readonly Deed[]> = {
  owner: ['rule', 'speak', 'watch', 'read', 'copy'],
  speaker: ['speak', 'watch', 'read'],
  viewer: ['watch', 'read'],
  whisper: ['whisper', 'watch', 'read'],
  export: ['read', 'copy'],
};

const isRole = (state: State): state is Role & State => Object.hasOwn(may, state);

/** As what somebody in that state comes in, if at all. */
function roleOf(state: State, mode: Mode): Role | undefined {
  if (isRole(state)) return state;
  if (state === 'key') return mode === 'open' ? undefined : 'owner';
  return state === 'nobody' && mode !== 'keys' ? 'owner' : undefined;
}

/** The same for a conversation that is shared by its link: whoever has that takes part. */
function linkRoleOf(state: State, mode: Mode): Role | undefined {
  if (state === 'nobody') return 'speaker';
  return state === 'key' && mode !== 'open' ? 'owner' : isRole(state) ? state : undefined;
}

const mayDo = (role: Role | undefined, deed: Deed): boolean => role !== undefined && may[role].includes(deed);

const key = 'the-key-of-this-matrix-of-rights';
const nowhere = '00000000-0000-4000-8000-000000000000';
const digest = (token: string) => createHash('sha256').update(token).digest('hex');

/** What is wrong with the gate of a house: who came in that may not, who did not that may, which refusals differ, and what has no row. */
export type Findings = { cells: number; in: string[]; out: string[]; differ: string[]; rowless: string[] };

type Compose = typeof composes;
type Place = { id: string; grant?: string; share?: string; file?: string };

async function stand(compose: Compose, mode: Mode) {
  const environment = {
    STORE: 'memory',
    EARS: 'browser',
    VOICE: 'none',
    DATA_DIR: newFolder(),
    ...(mode !== 'open' && { API_KEYS: key }),
    ...(mode === 'compat' && { COMPAT: '1' }),
  };
  const house = await compose(readSettings(environment), { budgets: { auth: 50, sessionsPerMinute: 100_000 } });
  const routes: string[] = [];
  const server = await house.server(pino({ level: 'silent' }), ({ method, url }) => {
    for (const one of [method].flat()) routes.push(`${one} ${url}`);
  });
  const base = await server.listen({ port: 0, host: '127.0.0.1' });
  const bearer = (token: string | undefined): Record<string, string> => (token === undefined ? {} : { authorization: `Bearer ${token}` });
  const ask = async (route: string, place: Place, token: string | undefined) => {
    const [method = '', path = ''] = route.split(' ');
    const body = bodies[route];
    const answer = await fetch(
      base +
        path
          .replace(':room_id', place.share ?? nowhere)
          .replace('files/:id', `files/${place.file ?? 0}`)
          .replace(':invitation', place.grant ?? 'none')
          .replace(/:(session_)?id/, place.id)
          .replace(/search$/, 'search?q=x')
          .replace(':grant', place.grant ?? 'none')
          .replace(':number', '1')
          .replace('*', 'index.html'),
      {
        method,
        redirect: 'manual',
        headers: { ...bearer(token), ...(body && !(body instanceof FormData) && { 'content-type': 'application/json' }) },
        ...(body && { body: body instanceof FormData ? body : JSON.stringify(body) }),
      },
    );
    const text = (await answer.text()).replace(/"request_id":"[^"]*"/, '');
    return { status: answer.status, bytes: `${answer.status} ${answer.headers.get('content-type')} ${text}` };
  };
  const json = async (route: string, place: Place, token: string) => {
    const { bytes } = await ask(route, place, token);
    return JSON.parse(bytes.slice(bytes.indexOf('{'))) as Record<string, string>;
  };

  async function coached() {
    const { session_id: id = '', token: owner = '' } = await json('POST /session/import', { id: '' }, key);
    return { id, owner };
  }
  async function conversed() {
    const { room_id: id = '', token: owner = '' } = await json('POST /api/conversations/create', { id: '' }, key);
    const { url = '' } = await json('POST /api/conversations/:room_id/files', { id, share: id }, owner);
    return { id, share: id, owner, file: url.split('/').at(-1)! };
  }

  async function roomed() {
    const { room_id: id = '', token: owner = '' } = await json('POST /room/create', { id: '' }, key);
    return { id, share: id, owner };
  }

  async function chatted(kind: 'desk' | 'talk') {
    const owner = randomUUID();
    const { id } = await house.hub.openAs(randomUUID(), 'user', { type: 'opened', kind, title: '', key: digest(owner) });
    return { id, owner };
  }

  /** A session, or a conversation of another kind, with somebody in every state. */
  async function session(kind?: Other) {
    const { id, owner, ...place } = await (kind === 'share' ? conversed() : kind === 'room' ? roomed() : kind ? chatted(kind) : coached());
    const talk = (await house.hub.find(id))!;
    await talk.append({ by: 'coach', type: 'advised', text: 'Ask.', kind: 'hint', about: 1, reason: '', evidence: [] });
    const given = async (role: Exclude<Role, 'owner'>, expires = '2999-01-01T00:00:00.000Z') => {
      const token = `${role} ${id} ${talk.entries.length}`;
      await talk.append({ by: 'user', type: 'granted', grant: token, role, key: digest(token), expires });
      return token;
    };
    const revoked = await given('speaker');
    await talk.append({ by: 'user', type: 'revoked', grant: revoked });
    const tokens: Record<State, string | undefined> = {
      nobody: undefined,
      garbage: 'garbage',
      owner,
      speaker: await given('speaker'),
      viewer: await given('viewer'),
      whisper: await given('whisper'),
      export: await given('export'),
      'owner of another': (await json('POST /session', { id: '' }, key)).token,
      revoked,
      expired: await given('speaker', '2020-01-01T00:00:00.000Z'),
      key,
    };
    return { id, ...place, grant: await given('viewer'), talk, tokens };
  }
  const dial = (id: string, token: string | undefined) =>
    pullClient(`${base.replace('http', 'ws')}/ws/${id}`, { protocols: ['aside.v1'], headers: bearer(token) });
  return {
    routes: routes as readonly string[],
    ask,
    session,
    dial,
    async [Symbol.asyncDispose]() {
      await server.close();
      await house.close();
    },
  };
}

type Standing = Awaited<ReturnType<typeof stand>>;

/** What a socket says to whoever is not let in. */
async function refusal(here: Standing, id: string, token: string | undefined): Promise<string> {
  const client = here.dial(id, token);
  const { code, reason } = await client.closed;
  return `${code} ${reason} ${JSON.stringify(client.all)}`;
}

async function routeCells(here: Standing, mode: Mode, found: Findings): Promise<void> {
  const anybody = await here.session();
  for (const route of here.routes) {
    const row = rowOf(route);
    if (row === undefined) found.rowless.push(`${mode}: ${route}`);
    if (row === undefined || row === 'socket' || route.startsWith('OPTIONS')) continue;
    const kind = typeof row === 'object' ? row.kind : undefined;
    let place = row === 'everybody' || row === 'machine' ? anybody : await here.session(kind);
    for (const state of states) {
      const cell = `${mode}: ${route} as ${state}`;
      found.cells += 1;
      const answer = await here.ask(route, place, place.tokens[state]);
      const isIn = answer.status < 400;
      const expected =
        row === 'everybody' ||
        row === 'machine' ||
        (row === 'opener'
          ? mode === 'open' || state === 'key'
          : mayDo((kind === 'share' || kind === 'room' ? linkRoleOf : roleOf)(state, mode), typeof row === 'object' ? row.deed : row));
      if (isIn && !expected) found.in.push(cell);
      if (!isIn && expected) found.out.push(`${cell}: ${answer.bytes}`);
      if (!isIn && row !== 'opener') {
        const unknown = await here.ask(route, { ...place, id: nowhere, share: nowhere }, place.tokens[state]);
        if (unknown.bytes !== answer.bytes) found.differ.push(cell);
      }
      // whoever came in may have left nothing for the next
      if (isIn && (row === 'rule' || kind !== undefined)) place = await here.session(kind);
    }
  }
}

async function commandCells(here: Standing, mode: Mode, found: Findings): Promise<void> {
  const known = clientMessage.options.map((option) => option.shape.type.value as string);
  found.rowless.push(...known.filter((name) => !commands[name]).map((name) => `${mode}: ${name}`));
  for (const [name, { deed, message }] of Object.entries(commands)) {
    const { id, tokens, talk } = await here.session();
    for (const state of states) {
      const cell = `${mode}: ${name} as ${state}`;
      found.cells += 1;
      const role = roleOf(state, mode);
      const client = here.dial(id, tokens[state]);
      const first = await client.next().catch(() => undefined);
      if (first?.type !== 'hello') {
        if (role !== undefined && may[role].includes('watch')) found.out.push(cell);
        client.terminate();
        if ((await refusal(here, id, tokens[state])) !== (await refusal(here, nowhere, tokens[state]))) found.differ.push(cell);
        continue;
      }
      if (role === undefined || !may[role].includes('watch')) found.in.push(`${cell}: let in`);
      const before = talk.entries.length;
      if (message instanceof Uint8Array) client.bytes(message);
      else client.send(message);
      // what was said is over when this is answered
      client.send({ type: 'ping' });
      await client.next('pong');
      const refused = client.all.filter(({ code }) => code === 'forbidden').length;
      const allowed = role !== undefined && may[role].includes(deed);
      if (!allowed && (refused !== 1 || talk.entries.length !== before)) found.in.push(cell);
      if (allowed && refused > 0) found.out.push(cell);
      client.terminate();
      await client.closed;
    }
  }
}

/** Stands everybody at every route and every command of the house that this composes. */
export async function gateMatrix(compose: Compose, which: readonly Mode[]): Promise<Findings> {
  const found: Findings = { cells: 0, in: [], out: [], differ: [], rowless: [] };
  for (const mode of which) {
    await using here = await stand(compose, mode);
    await routeCells(here, mode, found);
    await commandCells(here, mode, found);
  }
  return found;
}
