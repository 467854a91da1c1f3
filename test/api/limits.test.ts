import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { addressOf } from '../../src/api/address.ts';
import { bucket, rates } from '../../src/api/limits.ts';
import { guarded, key } from '../support/guarded.ts';
import { interview, served } from '../support/served.ts';
import { virtualClock } from '../support/virtual-clock.ts';
import { within } from '../support/within.ts';

describe('limits', () => {
  test('X1 so many at once, then so many each second; one name costs another nothing', async () => {
    const clock = virtualClock();
    const limit = rates({ perSecond: 2, burst: 3 }, clock.now);
    const takes = (name: string, times: number) => Array.from({ length: times }, () => limit.take(name));
    expect(takes('a', 5)).toEqual([0, 0, 0, 500, 500]);
    expect(takes('b', 1)).toEqual([0]);
    await clock.advance(500);
    expect([limit.wait('a'), ...takes('a', 2)]).toEqual([0, 0, 500]);
    await clock.advance(60_000);
    expect(takes('a', 4)).toEqual([0, 0, 0, 500]);
  });

  test('X2 a clock that goes back an hour makes nobody wait for it', () => {
    let time = 3_600_000;
    const limit = rates({ perSecond: 1, burst: 2 }, () => time);
    const take = bucket({ perSecond: 1, burst: 2 }, () => time);
    for (let count = 0; count < 4; count += 1) [limit.take('a'), take(1)];
    time = 0;
    expect([limit.take('a'), take(1)].map((ms) => ms <= 2_000)).toEqual([true, true]);
    const untouched = bucket({ perSecond: 1, burst: 2 }, () => time);
    time = 3_600_000;
    untouched(1);
    time = 0;
    expect(untouched(1)).toBe(0);
  });

  test('X3 a bucket of one says how long to wait for what it gave', () => {
    let time = 0;
    const take = bucket({ perSecond: 100, burst: 200 }, () => time);
    expect([take(150), take(100)]).toEqual([0, 500]);
    time = 500;
    expect(take(10)).toBe(100);
    time = 10_000;
    expect(take(200)).toBe(0);
  });
});

describe('whom limits go by', () => {
  const from = (remoteAddress: string, forwarded?: string) =>
    ({ socket: { remoteAddress }, headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

  test('X4 an address, an IPv6 one by its network, and this machine not at all', () => {
    const table: [string, string | undefined][] = [
      ['192.0.2.7', '192.0.2.7'],
      ['::ffff:192.0.2.7', '192.0.2.7'],
      ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
      ['2001:0DB8:0001:2::9', '2001:db8:1:2::/64'],
      ['2001:db8::1', '2001:db8:0:0::/64'],
      ['fe80::1%eth0', 'fe80:0:0:0::/64'],
      ['::1', undefined],
      ['127.0.0.1', undefined],
      ['::ffff:127.0.0.1', undefined],
    ];
    for (const [address, name] of table) expect([address, addressOf(from(address), 0)]).toEqual([address, name]);
  });

  test('X5 behind proxies that were named it is what the last of them saw, whatever the client claims', () => {
    expect(addressOf(from('127.0.0.1', '198.51.100.1'), 0)).toBeUndefined();
    expect(addressOf(from('127.0.0.1', '198.51.100.1'), 1)).toBe('198.51.100.1');
    expect(addressOf(from('127.0.0.1', 'made up, 198.51.100.1'), 1)).toBe('198.51.100.1');
    expect(addressOf(from('127.0.0.1', '203.0.113.9, 198.51.100.1'), 2)).toBe('203.0.113.9');
    expect(addressOf(from('198.51.100.3'), 1)).toBe('198.51.100.3');
    // nobody gets rid of limits by a claim
    expect(addressOf(from('198.51.100.3', '127.0.0.1'), 1)).toBe('127.0.0.1');
    for (const odd of ['x'.repeat(10_000), '', ' , ', 'unknown', '198.51.100.1:80'])
      expect(addressOf(from('198.51.100.3', odd), 1)).toBe('198.51.100.3');
  });
});

describe('too much at once', () => {
  const elsewhere = (address?: string): Record<string, string> => (address === undefined ? {} : { 'x-forwarded-for': address });

  test('X6 sessions by address and by key: whoever opens too many is told when to come back, and nobody else notices', async () => {
    await using house = await guarded({ TRUST_PROXY: '1', API_KEYS: `${key},${key}2` }, { budgets: { sessionsPerMinute: 3 } });
    const open = (address: string | undefined, token: string) =>
      fetch(`${house.base}/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...elsewhere(address) },
        body: JSON.stringify(interview),
      });
    const many = async (times: number, address?: string, token = key) => {
      const answers = [];
      for (let count = 0; count < times; count += 1) answers.push(await open(address, token));
      return answers;
    };
    const answers = await many(4, '192.0.2.1');
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(Number(answers[3]!.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answers[3]!.json()).toMatchObject({ code: 'too_fast', detail: expect.stringMatching(/Wait \d+ s/) });
    expect((await many(1, '192.0.2.2')).map(({ status }) => status)).toEqual([429]);
    expect((await many(1, '192.0.2.2', `${key}2`)).map(({ status }) => status)).toEqual([200]);
    // this machine has no limit of its own, only that of its key
    expect((await many(3, undefined, `${key}2`)).map(({ status }) => status)).toEqual([200, 200, 429]);
  });

  test('X7 requests and wrong tokens of one address', async () => {
    await using house = await served(
      { TRUST_PROXY: '1' },
      { budgets: { requestsBurst: 10, requestsPerSecond: 0.01, wrongBurst: 2, wrongPerMinute: 0.6 } },
    );
    const { id, token } = await house.session();
    const ask = async (address: string, shown?: string) => {
      const headers = { ...elsewhere(address), ...(shown !== undefined && { authorization: `Bearer ${shown}` }) };
      return (await fetch(`${house.base}/session/${id}`, { headers })).status;
    };
    const guesses = [];
    for (const shown of ['one', 'two', 'three', token]) guesses.push(await ask('192.0.2.1', shown));
    expect(guesses).toEqual([404, 404, 429, 429]);
    expect(await ask('192.0.2.2', token)).toBe(200);
    const requests = [];
    for (let count = 0; count < 12; count += 1) requests.push(await ask('192.0.2.3'));
    expect(requests.filter((status) => status === 429)).toHaveLength(2);
    const socket = house.dial(`/ws/${id}`, elsewhere('192.0.2.3'));
    expect(await socket.closed).toEqual({ code: 1013, reason: expect.stringMatching(/^Busy: come back in \d+ s$/) });
  });

  test('X14 requests and sockets by one token or key, from wherever, and nobody else notices', async () => {
    await using house = await guarded({ TRUST_PROXY: '1' }, { budgets: { bearerBurst: 4, bearerPerSecond: 0.01 } });
    const { id, token } = await house.open();
    const other = await house.open();
    let from = 0;
    const ask = (path: string, shown: string) => {
      from += 1;
      return fetch(`${house.base}${path}`, { headers: { ...elsewhere(`192.0.2.${from}`), authorization: `Bearer ${shown}` } });
    };
    const dial = (shown: string) => {
      from += 1;
      return house.dial(`/ws/${id}`, { ...elsewhere(`192.0.2.${from}`), authorization: `Bearer ${shown}` });
    };
    await dial(token).next('hello');
    const answers = [];
    for (let count = 0; count < 4; count += 1) answers.push(await ask(`/session/${id}`, token));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    const refused = answers.at(-1)!;
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      code: 'too_fast',
      detail: expect.stringMatching(/^That was too much at once with your token\. Wait \d+ s, then try again\.$/),
    });
    expect(await dial(token).closed).toEqual({ code: 1013, reason: expect.stringMatching(/^Busy: come back in \d+ s$/) });
    // who shows another token, or none that is good, is told what they would be told anyway
    expect((await ask(`/session/${other.id}`, other.token)).status).toBe(200);
    expect((await ask(`/session/${id}`, other.token)).status).toBe(404);
    // two of the key's were spent on opening the sessions
    const byKey = [];
    for (let count = 0; count < 3; count += 1) byKey.push((await ask(`/session/${id}`, key)).status);
    expect(byKey).toEqual([200, 200, 429]);
  });

  test('X8 sockets of one address, and of all', async () => {
    await using house = await served({ TRUST_PROXY: '1', VOICE: 'none' }, { budgets: { socketsPerAddress: 2, sockets: 3 } });
    const ids = await Promise.all(Array.from({ length: 4 }, () => house.session()));
    const dial = (which: number, address: string) => house.dial(`/ws/${ids[which]!.id}`, elsewhere(address));
    const [one, two] = [dial(0, '192.0.2.1'), dial(1, '192.0.2.1')];
    for (const socket of [one, two]) await socket.next('hello');
    const third = await within(dial(2, '192.0.2.1').closed, 'a third socket of one address is sent away', 5_000);
    expect(third.code).toBe(1013);
    await dial(2, '192.0.2.2').next('hello');
    expect(await dial(3, '192.0.2.3').closed).toEqual({ code: 1013, reason: 'Busy: come back in 10 s' });
    one.close();
    await one.closed;
    two.send({ type: 'ping' });
    await two.next('pong');
    await dial(3, '192.0.2.3').next('hello');
  });

  test('X9 where the memory is full, a new session waits and the others go on', async () => {
    await using house = await served({ VOICE: 'none' }, { budgets: { awake: 1 } });
    const { id } = await house.session();
    const client = await house.connect(id);
    const answer = await house.post('/session', interview);
    expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([503, '10', expect.objectContaining({ code: 'busy' })]);
    client.send({ type: 'ping' });
    await client.next('pong');
  });
});

describe('too fast', () => {
  test('X10 commands without end cost their sender the socket, with one sentence', async () => {
    await using house = await served({ VOICE: 'none' }, { budgets: { textBurst: 20, textPerSecond: 1 } });
    const { id } = await house.session();
    const client = await house.connect(id);
    for (let count = 0; count < 200; count += 1) client.send({ type: 'ping' });
    expect(await client.closed).toEqual({ code: 4029, reason: 'Too fast: come back in a moment' });
    expect(client.all.filter(({ type }) => type === 'error')).toMatchObject([{ code: 'too_fast', retry: true }]);
    expect(client.all.filter(({ type }) => type === 'pong')).toHaveLength(20);
  });

  test('X11 sound at the speed of the network is read as fast as may be, and nobody is sent away', async () => {
    await using house = await served(
      { VOICE: 'none' },
      { budgets: { soundPerSecond: 640_000, soundBurst: 64_000, framesPerSecond: 2_000, framesBurst: 100 } },
    );
    const { id } = await house.session();
    const client = await house.connect(id);
    const begun = performance.now();
    for (let count = 0; count < 100; count += 1) client.bytes(new Uint8Array(3_200));
    client.send({ type: 'ping' });
    await client.next('pong');
    // 320,000 bytes, of which 64,000 at once: 400 ms for the rest
    expect(performance.now() - begun).toBeGreaterThan(300);
    expect(client.raw.readyState).toBe(client.raw.OPEN);
  });

  test('X13 whoever is read slowly still gets signs of life, so that nobody takes the line for dead', async () => {
    await using house = await served({ VOICE: 'none' }, { budgets: { soundPerSecond: 32_000, soundBurst: 3_200, pingEvery: 20 } });
    const { id } = await house.session();
    const client = await house.connect(id);
    for (let count = 0; count < 5; count += 1) client.bytes(new Uint8Array(3_200));
    expect(await client.next('pong')).toEqual({ type: 'pong' });
  });

  test('X12 who would go faster without a pause is sent away in the end', async () => {
    await using house = await served({ VOICE: 'none' }, { budgets: { soundPerSecond: 64_000, soundBurst: 3_200, heldBack: 200 } });
    const { id } = await house.session();
    const client = await house.connect(id);
    for (let count = 0; count < 40; count += 1) client.bytes(new Uint8Array(3_200));
    expect(await client.closed).toMatchObject({ code: 4029 });
  });
});
