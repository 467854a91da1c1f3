import type { FastifyRequest } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { Problem } from '../core/problem.ts';
import { first } from '../core/views.ts';
import { matcher } from '../insight/search.ts';
import { invitationAnswer, invitationPath, invitationRequest, revokedAnswer, roomPath, searchAnswer, searchQuery } from '../wire/share.ts';
import type { Access, Deed } from './access.ts';
import { type GrantingParts, granting } from './granting.ts';
import { inOurWords, shareRefusals } from './share-refusals.ts';
import { found } from './share-search.ts';
import { visitor } from './visitor.ts';

export type ShareInvitationParts = GrantingParts & {
  access: Pick<Access, 'admit'>;
  proxies: number;
  publicBase: (host: string) => string;
};

const bearer = [{ bearer: [] }, {}];
const tags = ['share'];
const cannotRead = 'This conversation is encrypted, so it cannot be searched here. Search where it is read.';

/** What whoever opened a shared conversation does with it, and search. */
export function shareInvitationRoutes(parts: ShareInvitationParts): FastifyPluginCallbackZod {
  const { access, budgets, proxies } = parts;
  const rights = granting(parts, 'house', { one: 'invitation', many: 'invitations', of: 'to this conversation' });
  const admit = (request: FastifyRequest, deed: Deed) =>
    access.admit((request.params as { room_id: string }).room_id, deed, visitor(request, proxies), 'share');

  return (app, _options, done) => {
    app.addHook('onSend', inOurWords);

    app.post(
      '/api/conversations/:room_id/invitations',
      {
        schema: {
          tags,
          summary: 'Invite somebody by a link of their own',
          params: roomPath,
          body: invitationRequest(budgets.invitation / 1_000),
          response: { 201: invitationAnswer, ...shareRefusals(400, 404, 409, 422) },
          security: bearer,
        },
      },
      async (request, reply) => {
        const { talk } = await admit(request, 'rule');
        const { role, expires_in_seconds: seconds } = request.body;
        const { grant, token, expires } = await rights.give(talk, { role: role === 'talk' ? 'speaker' : 'viewer', seconds });
        // what stands behind the # is never sent to a server, and so in nobody's log
        const link = `${parts.publicBase(request.host)}/conversation/${talk.id}#token=${token}`;
        return reply.code(201).send({ success: true, invitation: grant, role, token, link, expires_at: expires });
      },
    );

    app.delete(
      '/api/conversations/:room_id/invitations/:invitation',
      {
        schema: {
          tags,
          summary: 'Take an invitation back',
          params: invitationPath,
          response: { 200: revokedAnswer, ...shareRefusals(404) },
          security: bearer,
        },
      },
      async (request) => {
        const { talk } = await admit(request, 'rule');
        const grant = request.params.invitation;
        await rights.takeBack(talk, grant);
        return { success: true as const, revoked: grant };
      },
    );

    app.get(
      '/api/conversations/:room_id/search',
      {
        schema: {
          tags,
          summary: 'Search what was said',
          params: roomPath,
          querystring: searchQuery,
          response: { 200: searchAnswer, ...shareRefusals(400, 404, 422) },
          security: bearer,
        },
      },
      async (request) => {
        const { talk } = await admit(request, 'read');
        if (first(talk.entries, 'opened')?.encrypted) throw new Problem('unreadable', cannotRead);
        return { success: true as const, results: await found(talk, matcher(request.query.q)) };
      },
    );
    done();
  };
}
