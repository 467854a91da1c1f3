import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { Budgets } from '../core/budgets.ts';
import { grants } from '../core/grants.ts';
import type { Clock } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { every } from '../core/views.ts';
import { sessionPath } from '../wire/coach.ts';
import { grantPath, revoked, ticketAnswer, tokenAnswer, tokenRequest } from '../wire/tokens.ts';
import type { Access } from './access.ts';
import { refusals } from './refusals.ts';
import type { Sockets } from './sockets.ts';
import { visitor } from './visitor.ts';

export type TokenRouteParts = {
  access: Access;
  sockets: Pick<Sockets, 'dismiss'>;
  newId: () => string;
  newToken: () => string;
  digest: (token: string) => string;
  clock: Clock;
  budgets: Budgets;
  /** How many proxies stand in front. */
  proxies: number;
};

const tooMany = 'So many tokens of this session hold already that no other was made. Revoke one that nobody needs any more.';
const noToken = 'This session has no such token, or it was revoked already.';
const bearer = [{ bearer: [] }, {}];

/** Hands out rights to a session and takes them back, and tickets for its socket. */
export function tokenRoutes({ access, sockets, newId, newToken, digest, clock, budgets, proxies }: TokenRouteParts): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });

    app.post(
      '/session/:id/tokens',
      {
        schema: {
          tags: ['coach'],
          summary: 'Make a token for somebody else',
          params: sessionPath,
          security: bearer,
          body: tokenRequest(budgets.token / 1_000),
          response: { 200: tokenAnswer, ...refusals(400, 404, 409, 413, 415, 422) },
        },
      },
      async (request) => {
        const { params, body } = request;
        const { talk } = await access.admit(params.id, 'rule', visitor(request, proxies));
        if (grants(talk.entries, clock.now()).length > budgets.grants) throw new Problem('too_many', tooMany);
        const [grant, token, role] = [newId(), newToken(), body.role];
        const expires = new Date(clock.now() + body.expires_in_seconds * 1_000).toISOString();
        await talk.append({
          by: 'user',
          type: 'granted',
          grant,
          role,
          key: digest(token),
          expires,
          ...(body.name !== undefined && { name: body.name }),
        });
        return { token, grant, role, expires_at: expires };
      },
    );

    app.delete(
      '/session/:id/tokens/:grant',
      {
        schema: {
          tags: ['coach'],
          summary: 'Revoke a token',
          params: grantPath,
          security: bearer,
          response: { 200: revoked, ...refusals(404) },
        },
      },
      async (request) => {
        const { id, grant } = request.params;
        const { talk } = await access.admit(id, 'rule', visitor(request, proxies));
        const isThere = (type: 'granted' | 'revoked') => every(talk.entries, type).some((entry) => entry.grant === grant);
        if (!isThere('granted') || isThere('revoked')) throw new Problem('not_found', noToken);
        await talk.append({ by: 'user', type: 'revoked', grant });
        sockets.dismiss(id, grant);
        return { grant, revoked: true as const };
      },
    );

    app.post(
      '/session/:id/ticket',
      {
        schema: {
          tags: ['coach'],
          summary: 'Get a ticket for one socket',
          params: sessionPath,
          security: bearer,
          response: { 200: ticketAnswer, ...refusals(404) },
        },
      },
      async (request) => {
        const { talk, grant } = await access.admit(request.params.id, 'watch', visitor(request, proxies));
        return { ticket: access.tickets.issue({ id: talk.id, grant }), expires_in: budgets.ticket / 1_000 };
      },
    );
    done();
  };
}
