import { createPrivateKey, sign } from 'node:crypto';

/** Who pushes: a pair of keys, and where its owner is reached. */
export type Vapid = { readonly publicKey: string; readonly privateKey: string; readonly subject: string };

/** A push service refuses what holds longer than a day, in s. */
const life = 12 * 3_600;

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** How a push says by whom it is sent, as RFC 8292 says; `now` in ms. */
export function vapidHeader({ publicKey, privateKey, subject }: Vapid, endpoint: string, now: number): string {
  const point = Buffer.from(publicKey, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
  const key = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', x: x!, y: y!, d: privateKey }, format: 'jwk' });
  const claims = { aud: new URL(endpoint).origin, exp: Math.floor(now / 1_000) + life, sub: subject };
  const text = `${encoded({ typ: 'JWT', alg: 'ES256' })}.${encoded(claims)}`;
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return `vapid t=${text}.${signature}, k=${publicKey}`;
}
