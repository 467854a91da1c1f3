import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compose } from '../../src/compose.ts';
import { realClock as clock } from '../../src/engines/real-clock.ts';
import type { PushAddress, webPush } from '../../src/engines/web-push/push.ts';
import { ioClient } from '../support/io-client.ts';
import { type Fault, planted } from '../support/planted.ts';
import { served } from '../support/served.ts';
import { figure } from '../support/tier.ts';
import { trap, waysTo } from '../support/trap.ts';
import { vapid } from '../support/vapid.ts';

/** Of a browser that nobody has: a point of the curve, and a secret. */
const keys = { p256dh: vapid().VAPID_PUBLIC_KEY, auth: randomBytes(16).toString('base64url') };

let lure: Awaited<ReturnType<typeof trap>>;
beforeAll(async () => {
  lure = await trap();
});
afterAll(() => void lure.server.close());

/** Sixty addresses of this machine, and as many that would be one of a push service but for their port. */
const endpoints = () => waysTo(lure.port).flatMap((way) => [way, way.replace(/^(http:)?\/*/, 'https://')]);

/** Somebody in a conversation asks to be told of messages at such addresses, and is away when one comes: how many were taken. */
async function subscribed(asked: readonly string[], composes = compose): Promise<number> {
  await using house = await served(vapid(), {}, composes);
  const { room_id } = (await (await house.post('/api/conversations/create', {})).json()) as { room_id: string };
  const enter = async (user_id: string) => {
    const client = ioClient(house.base);
    client.emit('join_room', { room_id, user_id });
    await client.next('conversation_state');
    return client;
  };
  const [ann, ben] = [await enter('ann-1'), await enter('ben-1')];
  let taken = 0;
  for (const endpoint of asked) {
    const { status } = await house.post(`/api/conversations/${room_id}/push`, { user_id: 'ben-1', subscription: { endpoint, keys } });
    if (status < 400) taken += 1;
  }
  ben.close();
  await ann.next('user_left');
  await ann.ask('send_message', { room_id, user_id: 'ann-1', message: 'while you are away' });
  if (taken > 0) await expect.poll(() => lure.visits(), { timeout: 20_000 }).toBeGreaterThan(0);
  ann.close();
  return taken;
}

test('T23 addresses to push to that lead to this machine: none is taken, and nobody goes there', { timeout: 240_000 }, async () => {
  const asked = endpoints();
  const before = lure.visits();
  const taken = await subscribed(asked);
  figure('T23', 'addresses to push to that lead to this machine', asked.length, { least: 60 });
  figure('T23', 'of them taken', taken, { most: 0 });
  figure('T23', 'visits to the trap from pushing', lure.visits() - before, { most: 0 });
});

const anyAddress: Fault = {
  file: 'src/engines/web-push/push.ts',
  was: "return protocol === 'https:' &&",
  is: "return (protocol === 'https:' || name === username + port) ||",
};

test('T23 planted: whoever pushes to any address is caught', { timeout: 240_000 }, async () => {
  const copy = (await import(/* @vite-ignore */ new URL('src/compose.ts', planted(anyAddress)).href)) as { compose: typeof compose };
  expect(await subscribed([`https://127.0.0.1:${lure.port}/`], copy.compose)).toBe(1);
});

/** Visits to the trap when something is pushed to a name that leads to this machine, by a house that looks at no address before. */
async function visitsByName(...faults: Fault[]): Promise<number> {
  const copy = (await import(/* @vite-ignore */ new URL('src/engines/web-push/push.ts', planted(anyAddress, ...faults)).href)) as {
    webPush: typeof webPush;
  };
  const { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey, VAPID_SUBJECT: subject } = vapid();
  const push = copy.webPush({ vapid: { publicKey, privateKey, subject }, clock, patience: 60_000 });
  const before = lure.visits();
  const to: PushAddress = { endpoint: `https://localhost:${lure.port}/`, ...keys };
  expect(await push(to, {})).toBe('failed');
  return lure.visits() - before;
}

test('T23 a name that leads to this machine is found out where it is connected to, and planted: who does not look there is caught', async () => {
  expect(await visitsByName()).toBe(0);
  expect(await visitsByName({ file: 'src/engines/web-push/push.ts', was: 'lookup: publicLookup, ', is: '' })).toBeGreaterThan(0);
});
