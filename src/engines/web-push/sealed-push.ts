import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';

/** What a browser gives so that only it can read what is pushed to it. */
export type PushKeys = { readonly p256dh: string; readonly auth: string };

/** Of what a push is made besides its keys: fresh each time, given only to prove it. */
export type PushSeeds = { readonly salt: Uint8Array; readonly privateKey: Uint8Array };

const recordSize = 4_096;
const lastRecord = 2;
const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
const derived = (secret: Uint8Array, salt: Uint8Array, info: Uint8Array | string, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, length));

/** Seals a message for one browser, as RFC 8291 says (aes128gcm). */
export function sealedPush(message: Uint8Array, { p256dh, auth }: PushKeys, seeds?: PushSeeds): Buffer {
  const pair = createECDH('prime256v1');
  if (seeds) pair.setPrivateKey(seeds.privateKey);
  else pair.generateKeys();
  const [own, theirs, salt] = [pair.getPublicKey(), bytes(p256dh), seeds?.salt ?? randomBytes(16)];
  const shared = derived(pair.computeSecret(theirs), bytes(auth), Buffer.concat([Buffer.from('WebPush: info\0'), theirs, own]), 32);
  const sealing = createCipheriv(
    'aes-128-gcm',
    derived(shared, salt, 'Content-Encoding: aes128gcm\0', 16),
    derived(shared, salt, 'Content-Encoding: nonce\0', 12),
  );
  const body = Buffer.concat([sealing.update(Buffer.concat([message, Uint8Array.of(lastRecord)])), sealing.final(), sealing.getAuthTag()]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(recordSize);
  head.writeUInt8(own.length, 4);
  return Buffer.concat([salt, head, own, body]);
}
