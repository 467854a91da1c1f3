import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { Problem } from '../core/problem.ts';
import { shared } from '../core/shared.ts';
import { isOver } from '../core/views.ts';
import { pushKeyAnswer, roomPath, subscribeAnswer, subscribeRequest } from '../wire/share.ts';
import type { Access } from './access.ts';
import { guestOf } from './share.ts';
import { inOurWords, shareRefusals } from './share-refusals.ts';
import { visitor } from './visitor.ts';

export type SharePushParts = {
  access: Pick<Access, 'admit'>;
  /** By which browsers know this service; without it nothing is pushed. */
  pushKey: string | undefined;
  /** Whether something may be sent to that address. */
  mayPushTo: (endpoint: string) => boolean;
  proxies: number;
};

const bearer = [{ bearer: [] }, {}];
const tags = ['share'];
const noPush = 'This Aside pushes nothing, because it has no VAPID keys. Whoever runs it sets VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY and VAPID_SUBJECT.';
const noAddress = 'subscription.endpoint is no https address on the Internet, so nothing would arrive. Send what pushManager.subscribe gave.';
const unknownHere = 'You have not been in this conversation, so nobody would know whom to tell. Send join_room first.';

/** Who wants to be told of new messages while they are away. */
export function sharePushRoutes({ access, pushKey, mayPushTo, proxies }: SharePushParts): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.addHook('onSend', inOurWords);

    app.get('/api/push-key', { schema: { tags, summary: 'The key that pushManager.subscribe asks for', response: { 200: pushKeyAnswer } } }, () => ({
      success: true as const,
      public_key: pushKey ?? null,
    }));

    app.post(
      '/api/conversations/:room_id/push',
      {
        schema: {
          tags,
          summary: 'Be told of new messages while you are away; without a subscription no more',
          params: roomPath,
          body: subscribeRequest,
          response: { 200: subscribeAnswer, ...shareRefusals(400, 404, 409, 422) },
          security: bearer,
        },
      },
      async (request) => {
        const { talk } = await access.admit(request.params.room_id, 'speak', visitor(request, proxies), 'share');
        const { subscription, ...who } = request.body;
        const by = guestOf(who).id;
        if (subscription && pushKey === undefined) throw new Problem('unreadable', noPush);
        if (subscription && !mayPushTo(subscription.endpoint)) throw new Problem('invalid', noAddress);
        if (isOver(talk.entries)) throw new Problem('session_finished', 'Conversation is no longer active');
        if (!shared(talk.entries).names.has(by)) throw new Problem('invalid', unknownHere);
        const to = subscription && { endpoint: subscription.endpoint, ...subscription.keys };
        await talk.append({ by, type: 'subscribed', ...(to && { to }) });
        return { success: true as const, subscribed: subscription != null };
      },
    );
    done();
  };
}
