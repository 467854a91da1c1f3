import { request } from 'node:https';
import { isIP } from 'node:net';
import type { Clock } from '../../core/ports.ts';
import { isPublic, publicLookup } from './public-address.ts';
import { type PushKeys, sealedPush } from './sealed-push.ts';
import { type Vapid, vapidHeader } from './vapid.ts';

/** Where a browser is reached while its page is closed. */
export type PushAddress = PushKeys & { readonly endpoint: string };

/** Pushes a message to a browser; answers whether that address is gone for ever. */
export type Push = (to: PushAddress, message: object) => Promise<'sent' | 'gone' | 'failed'>;

export type PushParts = {
  vapid: Vapid;
  clock: Clock;
  /** How long a push service may take, in ms. */
  patience: number;
  /** How it is sent; another one in tests, which have no push service on the Internet. */
  post?: Post;
};

/** Sends bytes to an address and answers with the status. */
export type Post = (endpoint: string, headers: Record<string, string | number>, body: Uint8Array, patience: number) => Promise<number>;

/** How long a push service keeps a message for a browser that is away, in s. */
const kept = 86_400;

/** Whether something may be sent there: only over https, and never into this machine's own network. */
export function isPushAddress(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname, username, port } = new URL(endpoint);
  const name = hostname.replace(/^\[(.*)\]$/, '$1');
  return protocol === 'https:' && username === '' && port === '' && (isIP(name) === 0 ? name.includes('.') : isPublic(name));
}

const overHttps: Post = (endpoint, headers, body, patience) =>
  new Promise((resolve, reject) => {
    if (!isPushAddress(endpoint)) throw new Error('no address to push to');
    const sent = request(endpoint, { method: 'POST', headers, lookup: publicLookup, signal: AbortSignal.timeout(patience) }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end(body);
  });

/** Web push in the name of these keys; what is pushed is sealed for the one browser. */
export function webPush({ vapid, clock, patience, post = overHttps }: PushParts): Push {
  return async ({ endpoint, ...keys }, message) => {
    try {
      const body = sealedPush(Buffer.from(JSON.stringify(message)), keys);
      const headers = {
        authorization: vapidHeader(vapid, endpoint, clock.now()),
        'content-encoding': 'aes128gcm',
        'content-type': 'application/octet-stream',
        'content-length': body.length,
        ttl: kept,
        urgency: 'normal',
      };
      const status = await post(endpoint, headers, body, patience);
      return status === 404 || status === 410 ? 'gone' : status < 300 ? 'sent' : 'failed';
    } catch {
      return 'failed';
    }
  };
}
