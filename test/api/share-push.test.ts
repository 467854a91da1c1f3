import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { type IoClient, ioClient } from '../support/io-client.ts';
import { served } from '../support/served.ts';
import { vapid } from '../support/vapid.ts';

const clients: IoClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

/** A browser that can read what is pushed to it. */
function browser() {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  const auth = randomBytes(16);
  const derived = (secret: Uint8Array, salt: Uint8Array, info: Uint8Array | string, length: number) =>
    Buffer.from(hkdfSync('sha256', secret, salt, info, length));
  return {
    keys: { p256dh: pair.getPublicKey().toString('base64url'), auth: auth.toString('base64url') },
    read(body: Buffer): unknown {
      const [salt, theirs, sealed] = [body.subarray(0, 16), body.subarray(21, 86), body.subarray(86)];
      const shared = derived(pair.computeSecret(theirs), auth, Buffer.concat([Buffer.from('WebPush: info\0'), pair.getPublicKey(), theirs]), 32);
      const opening = createDecipheriv(
        'aes-128-gcm',
        derived(shared, salt, 'Content-Encoding: aes128gcm\0', 16),
        derived(shared, salt, 'Content-Encoding: nonce\0', 12),
      );
      opening.setAuthTag(sealed.subarray(-16));
      return JSON.parse(String(Buffer.concat([opening.update(sealed.subarray(0, -16)), opening.final()]).subarray(0, -1)));
    },
  };
}

test('S30 who asked for it and is away is told once that something was said, and nothing of it; a browser that is gone is asked no more', async () => {
  const pushed: { endpoint: string; headers: Record<string, string | number>; body: Buffer }[] = [];
  let wake = () => {};
  let status = 201;
  const post = async (endpoint: string, headers: Record<string, string | number>, body: Uint8Array) => {
    pushed.push({ endpoint, headers, body: Buffer.from(body) });
    wake();
    return status;
  };
  const next = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const keys = vapid();
  await using house = await served(keys, { post });
  expect(await (await fetch(`${house.base}/api/push-key`)).json()).toEqual({ success: true, public_key: keys.VAPID_PUBLIC_KEY });
  const { room_id } = (await (await house.post('/api/conversations/create', {})).json()) as { room_id: string };
  const enter = async (user_id: string) => {
    const client = ioClient(house.base);
    clients.push(client);
    client.emit('join_room', { room_id, user_id });
    await client.next('conversation_state');
    return client;
  };
  const ann = await enter('ann-1');
  const ben = await enter('ben-1');
  const screen = browser();
  const subscribe = (subscription: object | null) => house.post(`/api/conversations/${room_id}/push`, { user_id: 'ben-1', subscription });
  expect((await subscribe({ endpoint: 'https://push.example.net/ben', keys: screen.keys })).status).toBe(200);
  const say = (message: string) => ann.ask('send_message', { room_id, user_id: 'ann-1', message });
  await say('while you are here');
  ben.close();
  await ann.next('user_left');
  const first = next();
  await say('the treasure lies beneath the oak');
  await first;
  await say('and nobody knows');
  expect(pushed.map(({ endpoint }) => endpoint)).toEqual(['https://push.example.net/ben']);
  expect(screen.read(pushed[0]!.body)).toEqual({ type: 'new_message', room_id });
  expect(pushed[0]!.headers).toMatchObject({ 'content-encoding': 'aes128gcm', authorization: expect.stringMatching(/^vapid t=.+, k=.+/) });
  (await enter('ben-1')).close();
  await ann.next('user_left');
  status = 410;
  const again = next();
  await say('are you away again?');
  await again;
  const talk = (await house.house.hub.find(room_id))!;
  for await (const news of talk.follow(0, AbortSignal.timeout(10_000))) if (news.type === 'subscribed' && !news.to) break;
  expect(pushed).toHaveLength(2);
  expect((await house.post(`/api/conversations/${room_id}/push`, { user_id: 'eve-1', subscription: null })).status).toBe(422);
});

test('S31 nothing is pushed into the own network, nor without keys', async () => {
  const subscription = { endpoint: 'https://169.254.169.254/latest', keys: browser().keys };
  const refusal = async (environment: Record<string, string>) => {
    await using house = await served(environment);
    const { room_id } = (await (await house.post('/api/conversations/create', {})).json()) as { room_id: string };
    const answer = await house.post(`/api/conversations/${room_id}/push`, { user_id: 'a', subscription });
    return [answer.status, ((await answer.json()) as { error: string }).error];
  };
  expect(await refusal(vapid())).toEqual([422, expect.stringContaining('subscription.endpoint is no https address on the Internet')]);
  expect(await refusal({})).toEqual([400, expect.stringContaining('This Aside pushes nothing, because it has no VAPID keys.')]);
});
