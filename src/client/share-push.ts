import { ask } from './ask.ts';
import type { ShareAt } from './share.ts';

/** The key by which browsers know this service; nothing where it pushes nothing. */
export const pushKeyOf = async ({ base }: ShareAt): Promise<string | undefined> =>
  (await ask<{ public_key: string | null }>(base, '/api/push-key')).public_key ?? undefined;

/** Where a browser is reached while its page is closed. */
export type PushAddress = { readonly endpoint: string; readonly keys: { readonly p256dh: string; readonly auth: string } };

/** Asks to be told of new messages while away, or without an address no more. */
export const tellWhenAway = ({ base, key }: ShareAt, room: string, user_id: string, subscription: PushAddress | null): Promise<object> =>
  ask(base, `/api/conversations/${encodeURIComponent(room)}/push`, { method: 'POST', key, body: { user_id, subscription } });
