import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../core/problem.ts';
import type { Access } from './access.ts';
import { isLoopback } from './door.ts';
import { visitor } from './visitor.ts';

export type MetricsParts = {
  access: Pick<Access, 'opener'>;
  /** How many proxies stand in front. */
  proxies: number;
  /** Everything that is measured, as Prometheus reads it. */
  metricsText: () => string;
};

/** A proxy of this machine speaks for whoever stands behind it. */
const isHere = ({ socket, headers }: FastifyRequest): boolean =>
  isLoopback(socket.remoteAddress?.replace(/^::ffff:/, '') ?? '') && headers['x-forwarded-for'] === undefined && headers.forwarded === undefined;

/** What is measured, for this machine and for whoever has a key of the service; nobody else learns that it is here. */
export function metrics({ access, proxies, metricsText }: MetricsParts) {
  const hasKey = (request: FastifyRequest): boolean => {
    try {
      return access.opener(visitor(request, proxies)) !== undefined;
    } catch {
      return false;
    }
  };
  return async (app: FastifyInstance): Promise<void> => {
    app.get('/metrics', { logLevel: 'warn', schema: { hide: true } }, (request, reply) => {
      if (!isHere(request) && !hasKey(request)) throw new Problem('not_found', 'There is nothing at this address. /docs lists what there is.');
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(metricsText());
    });
  };
}
