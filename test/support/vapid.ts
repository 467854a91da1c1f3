import { createECDH } from 'node:crypto';

/** Keys of a service that pushes. */
export function vapid() {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  return {
    VAPID_PUBLIC_KEY: pair.getPublicKey().toString('base64url'),
    VAPID_PRIVATE_KEY: pair.getPrivateKey().toString('base64url').padStart(43, 'A'),
    VAPID_SUBJECT: 'mailto:ann@example.com',
  };
}
