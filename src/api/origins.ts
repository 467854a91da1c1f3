import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../core/problem.ts';

export type OriginParts = {
  allowedOrigins: readonly string[];
  /** Whether any name may be that of the service; else only names that no stranger can point at this machine. */
  anyName: boolean;
};

/** A name of this machine, or a bare address: a page that carries one of these came from here. */
function isCertain(host: string): boolean {
  const name = host.replace(/:\d+$/, '');
  return name === 'localhost' || isIP(name.replace(/^\[(.*)\]$/, '$1')) > 0;
}

// a proxy may speak https to the page and http to us
const own = (origin: string, host: string, anyName: boolean): boolean =>
  (origin === `http://${host}` || origin === `https://${host}`) && (anyName || isCertain(host));

/** Whether somebody of this origin may use the service under this name: its own pages, programs without an origin, and the origins that were named. */
export const welcomes =
  ({ allowedOrigins, anyName }: OriginParts) =>
  (origin: string | undefined, host: string): boolean =>
    origin === undefined || own(origin, host, anyName) || allowedOrigins.includes(origin);

/** Lets in the service's own pages, programs without an origin, and the origins that were named; nobody else. */
export function origins(app: FastifyInstance, { allowedOrigins, anyName }: OriginParts): void {
  app.addHook('onRequest', async (request, reply) => {
    const origin = request.headers.origin;
    if (origin === undefined || own(origin, request.host, anyName)) return;
    if (!allowedOrigins.includes(origin)) {
      if (request.ws || request.method !== 'GET')
        throw new Problem('forbidden', 'This page may not use the service: its origin is not in ALLOWED_ORIGINS.');
      return;
    }
    reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': 'retry-after, www-authenticate', vary: 'origin' });
    if (request.method !== 'OPTIONS') return;
    reply.headers({
      'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '600',
    });
    return reply.code(204).send();
  });
}
