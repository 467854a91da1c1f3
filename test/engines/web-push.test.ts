import { createECDH, createPublicKey, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isPublic, publicLookup } from '../../src/engines/web-push/public-address.ts';
import { isPushAddress } from '../../src/engines/web-push/push.ts';
import { sealedPush } from '../../src/engines/web-push/sealed-push.ts';
import { vapidHeader } from '../../src/engines/web-push/vapid.ts';

const bytes = (text: string) => Buffer.from(text, 'base64url');

describe('web push', () => {
  test('P1 seals as the example of RFC 8291 does', () => {
    const keys = {
      p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      auth: 'BTBZMqHH6r4Tts7J_aSIgg',
    };
    const seeds = { salt: bytes('DGv6ra1nlYgDCS1FRnbzlw'), privateKey: bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw') };
    expect(sealedPush(Buffer.from('When I grow up, I want to be a watermelon'), keys, seeds).toString('base64url')).toBe(
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
    );
  });

  test('P2 says by whom it is sent, as RFC 8292 asks, for half a day and for that push service alone', () => {
    const pair = createECDH('prime256v1');
    pair.generateKeys();
    const publicKey = pair.getPublicKey().toString('base64url');
    const vapid = { publicKey, privateKey: pair.getPrivateKey().toString('base64url'), subject: 'mailto:ann@example.com' };
    const [, head = '', claims = '', signature = '', key] = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(
      vapidHeader(vapid, 'https://push.example.net/push/abc', 1_000_000_000),
    )!;
    expect(key).toBe(publicKey);
    expect(JSON.parse(String(bytes(claims)))).toEqual({ aud: 'https://push.example.net', exp: 1_000_000 + 43_200, sub: 'mailto:ann@example.com' });
    const point = pair.getPublicKey();
    const jwk = { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') };
    const verifier = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' as const };
    expect(verify('sha256', Buffer.from(`${head}.${claims}`), verifier, bytes(signature))).toBe(true);
  });

  test.each([
    ['https://push.example.net/a', true],
    ['https://8.8.8.8/a', true],
    ['http://push.example.net/a', false],
    ['https://push.example.net:8443/a', false],
    ['https://user@push.example.net/a', false],
    ['https://localhost/a', false],
    ['https://127.0.0.1/a', false],
    ['https://2130706433/a', false],
    ['https://169.254.169.254/latest', false],
    ['https://10.1.2.3/a', false],
    ['https://[::1]/a', false],
    ['https://[::ffff:127.0.0.1]/a', false],
    ['https://[fd00::1]/a', false],
    ['https://[2002:7f00:1::]/a', false],
    ['not an address', false],
  ])('P3 may something be sent to %s: %s', (endpoint, may) => {
    expect(isPushAddress(endpoint)).toBe(may);
  });

  test('P4 a name that leads into this machine has no address to connect to', async () => {
    expect(isPublic('2606:4700::1')).toBe(true);
    for (const all of [true, false]) {
      const error = await new Promise<Error | null>((resolve) => publicLookup('localhost', { all }, resolve));
      expect(error?.message).toBe('no public address');
    }
  });
});
