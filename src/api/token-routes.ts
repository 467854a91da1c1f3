import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { sessionPath } from '../wire/coach.ts';
import { grantPath, revoked, ticketAnswer, tokenAnswer, tokenRequest } from '../wire/tokens.ts';
import type { Access } from './access.ts';
import { type GrantingParts, granting } from './granting.ts';
import { refusals } from './refusals.ts';
import { visitor } from './visitor.ts';

export type TokenRouteParts = GrantingParts & {
  access: Access;
  /** How many proxies stand in front. */
  proxies: number;
  /** The address in front of the paths of pages, by the host that was asked. */
  publicBase: (host: string) => string;
};

const bearer = [{ bearer: [] }, {}];

/** Hands out rights to a session and takes them back, and tickets for its socket. */
export function tokenRoutes(parts: TokenRouteParts): FastifyPluginCallbackZod {
  const { access, budgets, proxies, publicBase } = parts;
  const rights = granting(parts, 'user', { one: 'token', many: 'tokens', of: 'of this session' });

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
        const { role, name, expires_in_seconds: seconds } = body;
        const { grant, token, expires } = await rights.give(talk, { role, seconds, name });
        // what lets a friend in stands behind the #, where no browser sends it
        const link = `${publicBase(request.host)}/friend/${talk.id}#token=${token}`;
        return { token, grant, role, expires_at: expires, ...((role === 'whisper' || role === 'viewer') && { link }) };
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
        await rights.takeBack(talk, grant);
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
