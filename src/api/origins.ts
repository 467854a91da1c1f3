import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../core/problem.ts';

/** A proxy may speak https to the page and http to us. */
const own = ({ host }: FastifyRequest, origin: string) => origin === `http://${host}` || origin === `https://${host}`;

/** Lets in the service's own pages, programs without an origin, and the origins that were named; nobody else. */
export function origins(app: FastifyInstance, allowed: readonly string[]): void {
  app.addHook('onRequest', async (request, reply) => {
    const origin = request.headers.origin;
    if (origin === undefined || own(request, origin)) return;
    if (!allowed.includes(origin)) {
      if (request.ws || request.method !== 'GET')
        throw new Problem('forbidden', 'This page may not use the service: its origin is not in ALLOWED_ORIGINS.');
      return;
    }
    reply.headers({ 'access-control-allow-origin': origin, vary: 'origin' });
    if (request.method !== 'OPTIONS') return;
    reply.headers({
      'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '600',
    });
    return reply.code(204).send();
  });
}
