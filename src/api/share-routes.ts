import type { FastifyRequest } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { Budgets } from '../core/budgets.ts';
import type { Conversation } from '../core/conversation.ts';
import type { Hub } from '../core/hub.ts';
import { Problem } from '../core/problem.ts';
import { isOver } from '../core/views.ts';
import {
  conversationAnswer,
  conversationQuery,
  conversationsAnswer,
  createAnswer,
  createRequest,
  endAnswer,
  joinAnswer,
  joinRequest,
  roomPath,
  shareHealth,
} from '../wire/share.ts';
import { isSealed } from '../wire/text.ts';
import type { Access, Deed } from './access.ts';
import type { Admission } from './admission.ts';
import { endNow } from './owner-routes.ts';
import { conversationOf, guestOf, plainHere, sealedHere } from './share.ts';
import { inOurWords, shareRefusals } from './share-refusals.ts';
import type { ShareShelf } from './share-shelf.ts';
import type { ShareSockets } from './share-socket.ts';
import { visitor } from './visitor.ts';

export type ShareRouteParts = {
  hub: Hub;
  access: Access;
  admission: Pick<Admission, 'opening'>;
  share: Pick<ShareSockets, 'connections' | 'expect'>;
  shelf: ShareShelf;
  budgets: Budgets;
  /** How many proxies stand in front. */
  proxies: number;
  newLinkId: () => string;
  newToken: () => string;
  digest: (token: string) => string;
  /** The address of the pages, as people reach it. */
  publicBase: (host: string) => string;
};

const bearer = [{ bearer: [] }, {}];
const tags = ['share'];

/** The share door: conversations by link. */
export function shareRoutes(parts: ShareRouteParts): FastifyPluginCallbackZod {
  const { hub, access, admission, share, shelf, proxies, publicBase } = parts;
  const linkTo = (id: string, host: string) => `${publicBase(host)}/conversation/${id}`;

  const admit = (request: FastifyRequest, deed: Deed) => {
    const { room_id } = request.params as z.infer<typeof roomPath>;
    shelf.touch(room_id);
    return access.admit(room_id, deed, visitor(request, proxies), 'share');
  };

  return (app, _options, done) => {
    app.addHook('onSend', inOurWords);

    app.post(
      '/api/conversations/create',
      {
        schema: {
          tags,
          summary: 'Open a conversation that is joined by its link',
          body: createRequest,
          response: { 201: createAnswer, ...shareRefusals(400, 401, 422) },
          security: bearer,
        },
        onRequest: async (request) => {
          const asking = visitor(request, proxies);
          admission.opening(asking.from, access.opener(asking));
        },
      },
      async (request, reply) => {
        const { title, description, user_id, invited_only, encrypted } = request.body;
        if (encrypted) for (const text of [title, description]) if (text != null && !isSealed(text)) throw plainHere();
        const token = parts.newToken();
        const talk = await hub.openAs(parts.newLinkId(), guestOf({ user_id }).id, {
          type: 'opened',
          kind: 'share',
          title: title ?? 'Untitled conversation',
          key: parts.digest(token),
          ...(description != null && { description }),
          ...(invited_only && { invited: true }),
          ...(encrypted && { encrypted: true }),
        });
        const { id } = talk;
        return reply.code(201).send({ success: true, room_id: id, join_link: linkTo(id, request.host), conversation: conversationOf(talk), token });
      },
    );

    app.post(
      '/api/conversations/:room_id/join',
      {
        schema: {
          tags,
          summary: 'Join a conversation',
          params: roomPath,
          body: joinRequest,
          response: { 200: joinAnswer, ...shareRefusals(400, 404, 422) },
          security: bearer,
        },
      },
      async (request) => {
        const { talk } = await admit(request, 'speak');
        stillOpen(talk);
        sealedHere(talk, request.body.username);
        await share.expect(talk, guestOf(request.body));
        return { success: true as const, room_id: talk.id, conversation: conversationOf(talk), join_link: linkTo(talk.id, request.host) };
      },
    );

    app.get(
      '/api/conversations/:room_id',
      {
        schema: {
          tags,
          summary: 'A conversation with everything that was said',
          params: roomPath,
          querystring: conversationQuery,
          response: { 200: conversationAnswer, ...shareRefusals(404, 422) },
          security: bearer,
        },
      },
      async (request) => {
        const { talk } = await admit(request, 'read');
        return { success: true as const, conversation: conversationOf(talk, request.query.messages === 'none' ? 0 : undefined) };
      },
    );

    app.get(
      '/api/conversations',
      {
        schema: {
          tags,
          summary: 'The conversations that are not over',
          response: { 200: conversationsAnswer, ...shareRefusals(401) },
          security: bearer,
        },
        // whoever knows the ids is in
        onRequest: async (request) => {
          access.opener(visitor(request, proxies));
        },
      },
      async (request) => {
        // whoever was not invited need not know of it, but whoever has a key of the service may
        const hasKey = access.opener(visitor(request, proxies)) !== undefined;
        const active = (await shelf.all()).filter(({ is_active, invited }) => is_active && (hasKey || !invited));
        const conversations = active.map(({ room_id, title, description, created_at, participant_count, message_count }) => ({
          room_id,
          title,
          description,
          created_at,
          participant_count,
          message_count,
          join_link: linkTo(room_id, request.host),
        }));
        return { success: true as const, conversations };
      },
    );

    app.post(
      '/api/conversations/:room_id/end',
      {
        schema: {
          tags,
          summary: 'End a conversation for everybody',
          params: roomPath,
          response: { 200: endAnswer, ...shareRefusals(400, 404) },
          security: bearer,
        },
      },
      async (request) => {
        const { talk } = await admit(request, 'speak');
        await endNow(talk);
        return { success: true as const, message: 'Conversation ended successfully' as const };
      },
    );

    app.get(
      '/api/health',
      { schema: { tags, summary: 'How many conversations there are', response: { 200: shareHealth } }, logLevel: 'warn' },
      async () => {
        const all = await shelf.all();
        return {
          status: 'healthy' as const,
          active_conversations: all.filter(({ is_active }) => is_active).length,
          total_conversations: all.length,
          active_connections: share.connections,
        };
      },
    );
    done();
  };
}

function stillOpen({ entries }: Pick<Conversation, 'entries'>): void {
  if (isOver(entries)) throw new Problem('session_finished', 'Conversation is no longer active');
}
