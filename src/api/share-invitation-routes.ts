import type { FastifyRequest } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { Budgets } from '../core/budgets.ts';
import { grants } from '../core/grants.ts';
import type { Clock } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { shared } from '../core/shared.ts';
import { every, first } from '../core/views.ts';
import { matcher, snippetOf } from '../insight/search.ts';
import { invitationAnswer, invitationPath, invitationRequest, revokedAnswer, roomPath, searchAnswer, searchQuery } from '../wire/share.ts';
import type { Access, Deed } from './access.ts';
import { messageIn, wordsOf } from './share.ts';
import { inOurWords, shareRefusals } from './share-refusals.ts';
import type { Sockets } from './sockets.ts';
import { visitor } from './visitor.ts';

export type ShareInvitationParts = {
  access: Pick<Access, 'admit'>;
  sockets: Pick<Sockets, 'dismiss'>;
  clock: Clock;
  budgets: Budgets;
  proxies: number;
  newId: () => string;
  newToken: () => string;
  digest: (token: string) => string;
  publicBase: (host: string) => string;
};

const bearer = [{ bearer: [] }, {}];
const tags = ['share'];
const tooMany = 'So many invitations to this conversation hold already that no other was made. Revoke one that nobody needs any more.';
const noInvitation = 'This conversation has no such invitation, or it was revoked already.';
const cannotRead = 'This conversation is encrypted, so it cannot be searched here. Search where it is read.';
/** So many messages are found at most, the newest first. */
const mostFound = 50;

/** What whoever opened a shared conversation does with it, and search. */
export function shareInvitationRoutes(parts: ShareInvitationParts): FastifyPluginCallbackZod {
  const { access, sockets, clock, budgets, proxies } = parts;
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
        if (grants(talk.entries, clock.now()).length > budgets.grants) throw new Problem('too_many', tooMany);
        const { role, expires_in_seconds } = request.body;
        const [grant, token] = [parts.newId(), parts.newToken()];
        const expires = new Date(clock.now() + expires_in_seconds * 1_000).toISOString();
        const as = role === 'talk' ? 'speaker' : 'viewer';
        await talk.append({ by: 'house', type: 'granted', grant, role: as, key: parts.digest(token), expires });
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
        const isThere = (type: 'granted' | 'revoked') => every(talk.entries, type).some((entry) => entry.grant === grant);
        if (!isThere('granted') || isThere('revoked')) throw new Problem('not_found', noInvitation);
        await talk.append({ by: 'house', type: 'revoked', grant });
        sockets.dismiss(talk.id, grant);
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
        const match = matcher(request.query.q);
        const found = shared(talk.entries).messages.flatMap(({ entry }) => {
          const text = wordsOf(entry);
          const hit = match(text);
          return hit ? [{ ...messageIn(talk, entry.seq)!, snippet: snippetOf(text, hit).snippet }] : [];
        });
        return { success: true as const, results: found.slice(-mostFound).reverse() };
      },
    );
    done();
  };
}
