import { describe, expect, test } from 'vitest';
import { ticketBox } from '../../src/api/tickets.ts';
import { grants } from '../../src/core/grants.ts';
import { guarded, key } from '../support/guarded.ts';
import { served } from '../support/served.ts';
import { virtualClock } from '../support/virtual-clock.ts';

describe('where there are keys', () => {
  test('Y5 a session is opened with one, and used with its token or a key; its id is worth nothing', async () => {
    await using house = await guarded();
    const refused = await house.ask('POST', '/session', undefined, {});
    expect([refused.status, refused.headers.get('www-authenticate'), await refused.json()]).toEqual([
      401,
      'Bearer',
      expect.objectContaining({ code: 'key_needed', detail: expect.stringContaining('Authorization: Bearer') }),
    ]);
    expect((await house.ask('POST', '/session', 'not-a-key-that-anybody-has', {})).status).toBe(401);
    const { id, token } = await house.open();
    const as = async (shown?: string) => (await house.ask('GET', `/session/${id}`, shown)).status;
    expect([await as(), await as('wrong'), await as(token), await as(key)]).toEqual([404, 404, 200, 200]);
  });

  test('Y6 with COMPAT=1 the id is enough, but opening still needs a key', async () => {
    await using house = await guarded({ COMPAT: '1' });
    const { id } = await house.open();
    expect((await house.ask('GET', `/session/${id}`)).status).toBe(200);
    expect((await house.ask('POST', '/session')).status).toBe(401);
    await house.knock(id).next('hello');
  });

  test('Y7 an owner hands out rights and takes them back; nobody reads a digest', async () => {
    await using house = await guarded();
    const session = await house.open();
    const reader = await house.share(session, 'export');
    expect(reader).toEqual({
      token: expect.stringMatching(/^[\w-]{43}$/),
      grant: expect.any(String),
      role: 'export',
      expires_at: expect.any(String),
    });
    expect(Date.parse(reader.expires_at) - Date.now()).toBeLessThanOrEqual(14_400_000);
    const log = await (await house.ask('GET', `/session/${session.id}/events`, reader.token)).text();
    expect(log).toContain('"granted"');
    expect(log).not.toMatch(/"key"|[0-9a-f]{64}/);
    const asks = [
      ['POST', '/tokens', { role: 'export' }],
      ['DELETE', `/tokens/${reader.grant}`],
      ['POST', '/ticket'],
      ['POST', '/finish'],
      ['DELETE', ''],
    ] as const;
    for (const [method, path, body] of asks) {
      const answer = await house.ask(method, `/session/${session.id}${path}`, reader.token, body);
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    const revoke = (grant: string) => house.ask('DELETE', `/session/${session.id}/tokens/${grant}`, session.token);
    expect(await (await revoke(reader.grant)).json()).toEqual({ grant: reader.grant, revoked: true });
    expect((await revoke(reader.grant)).status).toBe(404);
    expect((await revoke('owner')).status).toBe(404);
    expect((await house.ask('GET', `/session/${session.id}/events`, reader.token)).status).toBe(404);
  });

  test('Y8 what a finished session was can still be shared, and no longer', async () => {
    await using house = await guarded();
    const session = await house.open();
    const feedback = async () => (await house.ask('POST', `/session/${session.id}/finish`, session.token)).text();
    const before = await feedback();
    const { token, grant } = await house.share(session, 'export');
    expect((await house.ask('GET', `/session/${session.id}`, token)).status).toBe(200);
    await house.ask('DELETE', `/session/${session.id}/tokens/${grant}`, session.token);
    expect((await house.ask('GET', `/session/${session.id}`, token)).status).toBe(404);
    expect(await feedback()).toBe(before);
  });

  test('Y9 there is a number of tokens that hold at once', async () => {
    await using house = await guarded({}, { budgets: { grants: 2 } });
    const session = await house.open();
    const [first] = [await house.share(session, 'viewer'), await house.share(session, 'viewer')];
    const more = () => house.ask('POST', `/session/${session.id}/tokens`, session.token, { role: 'viewer' });
    expect((await more()).status).toBe(409);
    await house.ask('DELETE', `/session/${session.id}/tokens/${first.grant}`, session.token);
    expect((await more()).status).toBe(200);
  });
});

describe('a socket where there are keys', () => {
  test('Y10 comes in by a header, by a ticket that is not repeated, or by its first frame', async () => {
    await using house = await guarded();
    const { id, token } = await house.open();
    expect(await house.knock(id, { token }).next('hello')).not.toHaveProperty('role');
    const ticketed = house.knock(id, { ticket: await house.ticket(id, token) });
    await ticketed.next('hello');
    expect(ticketed.raw.protocol).toBe('aside.v1');
    for (const shown of [{ token }, { token: key }, { ticket: await house.ticket(id, token) }]) {
      const client = house.knock(id);
      await client.opened;
      client.send({ type: 'auth', ...shown });
      await client.next('hello');
      // said again, it does nothing
      client.send({ type: 'auth', ...shown });
      client.send({ type: 'ping' });
      expect(await client.next('pong', 'error')).toEqual({ type: 'pong' });
    }
  });

  test('Y11 says in time who it is, or is sent away; and of an unknown session it learns no more', async () => {
    await using house = await guarded({}, { budgets: { auth: 50 } });
    const { id } = await house.open();
    const told = [];
    for (const which of [id, '00000000-0000-4000-8000-000000000000'])
      for (const first of [undefined, 'hello', '{"type":"auth"}', '{"type":"auth","token":"wrong"}', '{"type":"stop"}']) {
        const client = house.knock(which);
        await client.opened;
        if (first !== undefined) client.send(first);
        told.push([first, (await client.closed).code, JSON.stringify(client.all)]);
      }
    expect(told.slice(0, 5)).toEqual(told.slice(5));
    expect(told.slice(0, 5).map(([, code]) => code)).toEqual([4001, 4001, 4001, 4004, 4001]);
  });

  test('Y12 one speaks, others watch: they are told everything, and what they say or send has no effect', async () => {
    await using house = await guarded();
    const session = await house.open();
    const { token: watching } = await house.share(session, 'viewer');
    const { token: speaking } = await house.share(session, 'speaker');
    const owner = house.knock(session.id, { token: session.token });
    await owner.next('hello');
    const viewer = house.knock(session.id, { token: watching });
    expect(await viewer.next('hello')).toMatchObject({ role: 'viewer' });
    owner.send({ type: 'said', text: 'what salary do you expect', speaker: 'other' });
    await viewer.next('suggestion');
    const entries = (await house.house.hub.find(session.id))!.entries.length;
    viewer.send({ type: 'said', text: 'not mine to say', id: 'a' });
    expect(await viewer.next('error')).toMatchObject({ code: 'forbidden', id: 'a', message: expect.stringMatching(/\.$/) });
    for (let count = 0; count < 3; count += 1) viewer.bytes(new Uint8Array(320));
    viewer.send({ type: 'ping' });
    await viewer.next('pong');
    expect(viewer.all.filter(({ type }) => type === 'error')).toHaveLength(2);
    expect((await house.house.hub.find(session.id))!.entries.length).toBe(entries);
    const speaker = house.knock(session.id, { token: speaking });
    expect(await speaker.next('hello')).toMatchObject({ role: 'speaker' });
    expect(await owner.closed).toMatchObject({ code: 4009 });
    viewer.send({ type: 'ping' });
    await viewer.next('pong');
  });

  test('Y13 so many watch, and there is always room for whoever takes part', async () => {
    await using house = await guarded({}, { budgets: { socketsPerSession: 3 } });
    const session = await house.open();
    const { token } = await house.share(session, 'viewer');
    const watchers = [house.knock(session.id, { token }), house.knock(session.id, { token })];
    for (const watcher of watchers) await watcher.next('hello');
    expect(await house.knock(session.id, { token }).closed).toEqual({ code: 1013, reason: expect.stringMatching(/\b\d+ s$/) });
    await house.knock(session.id, { token: session.token }).next('hello');
    watchers[0]!.close();
    await watchers[0]!.closed;
    watchers[1]!.send({ type: 'ping' });
    await watchers[1]!.next('pong');
  });

  test('Y14 whoever came in by a token is sent away when it is revoked, and when it runs out', async () => {
    await using house = await guarded();
    const session = await house.open();
    const { token, grant } = await house.share(session, 'speaker');
    const speaker = house.knock(session.id, { token });
    await speaker.next('hello');
    await house.ask('DELETE', `/session/${session.id}/tokens/${grant}`, session.token);
    expect(await speaker.closed).toEqual({ code: 4001, reason: 'The token was revoked' });
    const short = await house.share(session, 'viewer', 1);
    const viewer = house.knock(session.id, { token: short.token });
    await viewer.next('hello');
    expect(await viewer.closed).toEqual({ code: 4001, reason: 'The token has expired' });
  });
});

test('Y15 where the id is enough, a token still says who it is that connects', async () => {
  await using house = await served({ VOICE: 'none' });
  const { id } = await house.session();
  const made = await house.post(`/session/${id}/tokens`, { role: 'viewer' });
  const { token } = (await made.json()) as { token: string };
  const viewer = house.dial(`/ws/${id}`, { authorization: `Bearer ${token}` });
  expect(await viewer.next('hello')).toMatchObject({ role: 'viewer' });
  const owner = await house.connect(id);
  owner.send({ type: 'ping' });
  await owner.next('pong');
});

test('Y16 a clock that goes back gives nobody back what has run out', () => {
  const at = (ms: number) => new Date(ms).toISOString();
  const log = [
    { seq: 1, at: at(0), by: 'user', type: 'opened', kind: 'coach', title: '', key: 'k' },
    { seq: 2, at: at(0), by: 'user', type: 'granted', grant: 'g', role: 'viewer', key: 'v', expires: at(1_000) },
  ] as const;
  const held = (entries: Parameters<typeof grants>[0], now: number) => grants(entries, now).map(({ grant }) => grant);
  expect(held(log, 999)).toEqual(['owner', 'g']);
  expect(held(log, 1_000)).toEqual(['owner']);
  expect(held([...log, { seq: 3, at: at(1_000), by: 'user', type: 'paused' }], 10)).toEqual(['owner']);
  expect(held([...log, { seq: 3, at: at(1), by: 'user', type: 'revoked', grant: 'g' }], 10)).toEqual(['owner']);
});

test('Y17 a ticket is good once, for a while, and the box holds so many', async () => {
  const clock = virtualClock();
  let made = 0;
  const box = ticketBox({ newToken: () => `ticket-${++made}`, digest: (token) => `digest of ${token}`, clock, life: 30_000, most: 3 });
  const what = { id: 'a', grant: 'owner' };
  const first = box.issue(what);
  expect([box.redeem('ticket-9'), box.redeem(first), box.redeem(first)]).toEqual([undefined, expect.objectContaining(what), undefined]);
  const [oldest, ...others] = Array.from({ length: 4 }, () => box.issue(what));
  expect(box.redeem(oldest!)).toBeUndefined();
  expect(box.redeem(others[0]!)).toMatchObject(what);
  await clock.advance(30_000);
  expect(box.redeem(others[1]!)).toBeUndefined();
});
