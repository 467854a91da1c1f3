import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { compose } from '../../src/compose.ts';
import { guarded, key } from '../support/guarded.ts';
import { type Fault, planted } from '../support/planted.ts';
import { interview, served } from '../support/served.ts';
import { figure, tier } from '../support/tier.ts';

const friend = 'https://friend.example';
const bytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

/** Origins that look like those that may, for a service at this address that knows one friend. */
const tricks = (host: string): string[] => {
  const port = Number(host.split(':')[1]);
  return [
    'https://FRIEND.example',
    'HTTPS://friend.example',
    'https://friend.example.',
    'https://evil.friend.example',
    'https://friend.example.evil.example',
    'https://evilfriend.example',
    'https://friend.example:8443',
    'https://friend.example:443',
    'http://friend.example',
    'wss://friend.example',
    '//friend.example',
    'friend.example',
    'https://friend.example/',
    'https://friend.example/page',
    'https://friend.example?x',
    'https://friend.example#x',
    'https://evil.example?https://friend.example',
    'https://evil.example#https://friend.example',
    'https://me@friend.example',
    'https://friend.example@evil.example',
    'https://friend.example:pass@evil.example',
    'https://friend.example, https://evil.example',
    'https://friend.example https://evil.example',
    'https://friend.example%00.evil.example',
    'https://friend.example\t.evil.example',
    bytes('https://friénd.example'),
    bytes('https://friend。example'),
    bytes('https://ｆriend.example'),
    'https://xn--frind-esa.example',
    'null',
    'undefined',
    '*',
    '',
    'file://',
    'data:text/html,hello',
    'chrome-extension://abcdefgh',
    `http://localhost:${port}`,
    `http://127.1:${port}`,
    `http://2130706433:${port}`,
    `http://0x7f000001:${port}`,
    `http://[::1]:${port}`,
    `http://[::ffff:127.0.0.1]:${port}`,
    `http://127.0.0.1:${port + 1}`,
    'http://127.0.0.1',
    `ws://127.0.0.1:${port}`,
    `http://me@127.0.0.1:${port}`,
    `http://127.0.0.1:${port}/`,
    `http://127.0.0.1.evil.example:${port}`,
    'https://evil.example',
  ];
};

type Headers = Record<string, string>;

/** Asks as no browser would: with any header as it stands. */
async function ask(
  base: string,
  method: string,
  path: string,
  headers: Headers,
  body = '',
): Promise<{ status: number; headers: IncomingMessage['headers'] }> {
  const sent = request(`${base}${path}`, { method, headers: { ...headers, ...(body && { 'content-type': 'application/json' }) } });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  return { status: answer.statusCode ?? 0, headers: answer.headers };
}

const socketIo = '/socket.io/?EIO=4&transport=';

/** Every address at which a socket is opened: of sessions and chats, of talks by their other address, of Socket.IO. */
const doorsOf = (ids: readonly string[]) => [...ids.map((id) => `/ws/${id}`), `/ws/session/${ids[0]}`, `${socketIo}websocket`];

/** Whether a socket is opened at all. */
function opens(base: string, path: string, headers: Headers): Promise<boolean> {
  const socket = new WebSocket(`${base.replace('http', 'ws')}${path}`, { headers });
  return new Promise((resolve) => {
    socket.on('open', () => [socket.terminate(), resolve(true)]);
    socket.on('error', () => resolve(false));
  });
}

/** Which foreign origins a service lets in, by any of its ways. */
async function acceptedBy(
  house: { base: string },
  ids: readonly [string, ...string[]],
  origins: readonly string[],
  also: Headers = {},
): Promise<string[]> {
  const accepted: string[] = [];
  for (const origin of origins) {
    const headers = { ...also, origin };
    const post = await ask(house.base, 'POST', '/session', headers, JSON.stringify(interview));
    const get = await ask(house.base, 'GET', `/session/${ids[0]}`, headers);
    const poll = await ask(house.base, 'GET', `${socketIo}polling`, headers);
    const preflight = await ask(house.base, 'OPTIONS', '/session', { ...headers, 'access-control-request-method': 'POST' });
    if (post.status < 400) accepted.push(`POST from ${origin}`);
    if (poll.status < 400) accepted.push(`polling from ${origin}`);
    if (preflight.status < 400) accepted.push(`OPTIONS from ${origin}`);
    for (const answer of [post, get, preflight]) if (answer.headers['access-control-allow-origin'] !== undefined) accepted.push(`named ${origin}`);
    for (const door of doorsOf(ids)) if (await opens(house.base, door, headers)) accepted.push(`socket at ${door} from ${origin}`);
  }
  return accepted;
}

describe('T20 origins', { timeout: 120_000 }, () => {
  test('whatever looks like an origin that may, stays outside; those that may are in', async () => {
    await using house = await served({ ALLOWED_ORIGINS: friend, VOICE: 'none' });
    const { id } = await house.session();
    const { room_id } = (await (await house.post('/room/create', { participant_id: 'ann' })).json()) as { room_id: string };
    const host = new URL(house.base).host;
    const all = tricks(host);
    figure('T20', 'origin tricks', all.length, { least: 30 });
    const accepted = await acceptedBy(house, [id, room_id], all);
    expect(accepted).toEqual([]);
    figure('T20', 'foreign origins accepted', accepted.length, { most: 0 });
    for (const origin of [friend, house.base]) {
      expect((await ask(house.base, 'POST', '/session', { origin }, JSON.stringify(interview))).status).toBe(200);
      for (const door of doorsOf([id, room_id])) expect([door, await opens(house.base, door, { origin })]).toEqual([door, true]);
    }
    const preflight = await ask(house.base, 'OPTIONS', '/session', { origin: friend, 'access-control-request-method': 'POST' });
    expect(preflight.headers).toMatchObject({ 'access-control-allow-origin': friend, vary: 'origin' });
    expect(preflight.headers).not.toHaveProperty('access-control-allow-credentials');
  });

  test('a name that a stranger points at this machine is none of its own', async () => {
    await using house = await served({ VOICE: 'none' });
    const { id } = await house.session();
    const port = new URL(house.base).port;
    for (const name of [
      `evil.example:${port}`,
      `localhost.evil.example:${port}`,
      `127.0.0.1.evil.example:${port}`,
      'evil.example',
      `[::1].evil.example:${port}`,
    ])
      expect([name, await acceptedBy(house, [id], [`http://${name}`], { host: name })]).toEqual([name, []]);
    for (const name of [`localhost:${port}`, `[::1]:${port}`, `127.0.0.1:${port}`])
      expect(await opens(house.base, `/ws/${id}`, { host: name, origin: `http://${name}` })).toBe(true);
  });

  test('without an origin, where there are keys, only who has one or a token comes in', async () => {
    await using house = await guarded({}, { budgets: { auth: 50 } });
    const { id, token } = await house.open();
    const open = (headers: Headers) => ask(house.base, 'POST', '/session', headers, JSON.stringify(interview));
    expect([(await open({})).status, (await open({ authorization: `Bearer ${key}` })).status]).toEqual([401, 200]);
    expect((await house.knock(id).closed).code).toBe(4001);
    await house.knock(id, { token }).next('hello');
  });
});

/** What becomes of so many who come with the same ticket, so many at a time. */
async function crowd(house: Awaited<ReturnType<typeof guarded>>, id: string, ticket: string, times: number, atOnce: number): Promise<number> {
  let inside = 0;
  for (let done = 0; done < times; done += atOnce)
    await Promise.all(
      Array.from({ length: Math.min(atOnce, times - done) }, async () => {
        const client = house.knock(id, { ticket });
        const first = await client.next();
        if (first.type === 'hello') inside += 1;
        else expect([first.code, await client.closed]).toEqual(['session_not_found', { code: 4004, reason: 'Session not found' }]);
        client.terminate();
      }),
    );
  return inside;
}

describe('T20 tickets', { timeout: 120_000 }, () => {
  test('one of fifty who come at once with a ticket is in, and nobody who comes with it later', async () => {
    await using house = await guarded();
    const { id, token } = await house.open();
    const ticket = await house.ticket(id, token);
    const first = await crowd(house, id, ticket, 50, 50);
    figure('T20', 'in, of 50 at once with one ticket', first, { least: 1, most: 1 });
    const times = tier({ quick: 1_000, long: 10_000 });
    figure('T20', 'replays of a ticket', times);
    figure('T20', 'replays that were let in', await crowd(house, id, ticket, times, 100), { most: 0 });
  });

  test('a ticket of another session, one that ran out and one whose token was revoked are worth nothing', async () => {
    await using house = await guarded();
    const [mine, other] = [await house.open(), await house.open()];
    expect(await crowd(house, mine.id, await house.ticket(other.id, other.token), 1, 1)).toBe(0);
    const { token, grant } = await house.share(mine, 'viewer');
    const ticket = await house.ticket(mine.id, token);
    await house.ask('DELETE', `/session/${mine.id}/tokens/${grant}`, mine.token);
    expect(await crowd(house, mine.id, ticket, 1, 1)).toBe(0);
    await using hasty = await guarded({}, { budgets: { ticket: 0 } });
    const late = await hasty.open();
    expect(await crowd(hasty, late.id, await hasty.ticket(late.id, late.token), 1, 1)).toBe(0);
  });

  test('whoever is connected by a token that is revoked is sent away at once, and nothing more is taken from it', async () => {
    await using house = await guarded();
    const session = await house.open();
    const { token, grant } = await house.share(session, 'speaker');
    const [speaker, viewer] = [house.knock(session.id, { ticket: await house.ticket(session.id, token) }), await house.share(session, 'viewer')];
    const watching = house.knock(session.id, { token: viewer.token });
    for (const client of [speaker, watching]) await client.next('hello');
    // it reads nothing more, and so does not know yet
    speaker.pause();
    const begun = performance.now();
    await house.ask('DELETE', `/session/${session.id}/tokens/${grant}`, session.token);
    speaker.send({ type: 'said', text: 'too late' });
    speaker.raw.resume();
    expect((await speaker.closed).code).toBe(4001);
    figure('T20', 'revoked → closed, ms', performance.now() - begun, { most: 1_000, soft: true });
    expect((await house.house.hub.find(session.id))!.entries.filter(({ type }) => type === 'said')).toEqual([]);
    watching.send({ type: 'ping' });
    await watching.next('pong');
  });

  test('planted: tickets that never run out, open any session and outlive their token, and whoever stays when it is revoked, are caught', async () => {
    const copy = planted(
      { file: 'src/api/tickets.ts', was: 'return found && found.until > clock.now() ? found : undefined;', is: 'return found;' },
      { file: 'src/api/access.ts', was: 'if (ticketed?.id !== id) return undefined;', is: 'if (!ticketed) return undefined;' },
      { file: 'src/core/grants.ts', was: '!revoked.has(grant) && ', is: '' },
      { file: 'src/api/granting.ts', was: 'sockets.dismiss(id, grant);', is: '' },
    );
    const { compose: composes } = (await import(/* @vite-ignore */ new URL('src/compose.ts', copy).href)) as { compose: typeof compose };
    await using house = await guarded({}, { budgets: { ticket: 0 } }, composes);
    const [mine, other] = [await house.open(), await house.open()];
    // a ticket that ran out makes room when the next is asked for
    const late = await crowd(house, mine.id, await house.ticket(mine.id, mine.token), 1, 1);
    const astray = await crowd(house, mine.id, await house.ticket(other.id, other.token), 1, 1);
    const { token, grant } = await house.share(mine, 'viewer');
    const taken = await house.ticket(mine.id, token);
    const watching = house.knock(mine.id, { token });
    await watching.next('hello');
    await house.ask('DELETE', `/session/${mine.id}/tokens/${grant}`, mine.token);
    expect([late, astray, await crowd(house, mine.id, taken, 1, 1)]).toEqual([1, 1, 1]);
    watching.send({ type: 'ping' });
    await watching.next('pong');
    watching.terminate();
  });

  test('planted: a ticket that is not taken away is caught', async () => {
    const fault: Fault = { file: 'src/api/tickets.ts', was: /waiting\.delete\(key\);(?=\s+return found)/, is: '' };
    const copy = (await import(/* @vite-ignore */ new URL('src/compose.ts', planted(fault)).href)) as { compose: typeof compose };
    await using house = await guarded({}, {}, copy.compose);
    const { id, token } = await house.open();
    expect(await crowd(house, id, await house.ticket(id, token), 50, 50)).toBeGreaterThan(1);
  });

  test.each([
    [
      'an origin that only begins well',
      { file: 'src/api/origins.ts', was: '!allowedOrigins.includes(origin)', is: '!allowedOrigins.some((one) => origin.startsWith(one))' },
    ],
    [
      'an origin that is read first',
      { file: 'src/api/origins.ts', was: '!allowedOrigins.includes(origin)', is: '!allowedOrigins.includes(origin.toLowerCase())' },
    ],
    [
      'any origin at Socket.IO',
      {
        file: 'src/api/socket-io.ts',
        was: "const ok = isWelcome(headers.origin, headers.host ?? '');",
        is: 'const ok = (isWelcome, headers, true);',
      },
    ],
  ])('planted: %s is caught', async (_, fault) => {
    const copy = (await import(/* @vite-ignore */ new URL('src/compose.ts', planted(fault)).href)) as { compose: typeof compose };
    await using house = await served({ ALLOWED_ORIGINS: friend, VOICE: 'none' }, {}, copy.compose);
    const { id } = await house.session();
    expect(await acceptedBy(house, [id], tricks(new URL(house.base).host))).not.toEqual([]);
  });
});
