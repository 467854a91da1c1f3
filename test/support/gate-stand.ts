import { createHash, randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { compose as composes } from '../../src/compose.ts';
import { readSettings } from '../../src/config.ts';
import type { Kind, Role } from '../../src/core/entry.ts';
import type { Mode, State } from './gate-people.ts';
import { newFolder } from './new-folder.ts';
import { pullClient } from './pull-client.ts';

const key = 'the-key-of-this-matrix-of-rights';
/** An id that no session has. */
export const nowhere = '00000000-0000-4000-8000-000000000000';
const digest = (token: string) => createHash('sha256').update(token).digest('hex');

/** What is wrong with the gate of a house: who came in that may not, who did not that may, which refusals differ, and what has no row. */
export type Findings = { cells: number; in: string[]; out: string[]; differ: string[]; rowless: string[] };

/** Nothing here goes by the clock: a busy machine may take its time, and what was taken in from long ago is not over for its age. */
const patient = { auth: 60_000, talkGrace: 3_600_000, sessionsPerMinute: 100_000, bearerPerSecond: 1e6, bearerBurst: 1e6, sessionLife: 1e12 };

/** What makes a house. */
export type Compose = typeof composes;
type Place = { id: string; grant?: string; share?: string; file?: string };

/** A house, and what it takes to stand somebody at its gate; `bodies` is what each route is sent. */
export async function stand(compose: Compose, mode: Mode, bodies: Readonly<Record<string, object>>) {
  const environment = {
    STORE: 'memory',
    EARS: 'browser',
    VOICE: 'none',
    DATA_DIR: newFolder(),
    ...(mode !== 'open' && { API_KEYS: key }),
    ...(mode === 'compat' && { COMPAT: '1' }),
  };
  const house = await compose(readSettings(environment), { budgets: patient });
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
        signal: AbortSignal.timeout(60_000),
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

  async function chatted(kind: Kind) {
    const owner = randomUUID();
    const { id } = await house.hub.openAs(randomUUID(), 'user', { type: 'opened', kind, title: '', key: digest(owner) });
    return { id, owner };
  }

  function opened(kind: Kind): Promise<Place & { owner: string }> {
    if (kind === 'coach') return coached();
    if (kind === 'share') return conversed();
    return kind === 'room' ? roomed() : chatted(kind);
  }
  const others = new Map<Kind, { id: string; owner: string }>();

  /** A conversation with somebody in every state. */
  async function session(kind: Kind = 'coach') {
    const { id, owner, ...place } = await opened(kind);
    const other = others.get(kind) ?? (await opened(kind));
    others.set(kind, other);
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
      'owner of another': other.owner,
      revoked,
      expired: await given('speaker', '2020-01-01T00:00:00.000Z'),
      key,
    };
    return { id, ...place, other: other.id, grant: await given('viewer'), talk, tokens };
  }
  const dial = (id: string, token: string | undefined, path = '/ws/', protocol = 'aside.v1') =>
    pullClient(`${base.replace('http', 'ws')}${path}${id}`, { protocols: [protocol], headers: bearer(token) });
  return {
    base,
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

/** Such a house. */
export type Standing = Awaited<ReturnType<typeof stand>>;
