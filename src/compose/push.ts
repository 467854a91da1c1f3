import type { ServiceSettings } from '../config.ts';
import type { Budgets } from '../core/budgets.ts';
import { realClock as clock } from '../engines/real-clock.ts';
import { isPushAddress, type Post, webPush } from '../engines/web-push/push.ts';

/** Who tells browsers whose page is closed: nobody without keys. */
export function choosePush(settings: ServiceSettings, budgets: Budgets, post?: Post) {
  const { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey, VAPID_SUBJECT: subject } = settings;
  // whoever brings a push service says itself what may be sent there
  const mayPushTo = post ? () => true : isPushAddress;
  if (publicKey === undefined || privateKey === undefined || subject === undefined) return { push: undefined, key: undefined, mayPushTo };
  const push = webPush({ vapid: { publicKey, privateKey, subject }, clock, patience: budgets.pushing, ...(post && { post }) });
  return { push, key: publicKey, mayPushTo };
}
