import type { FastifyBaseLogger } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { Budgets } from '../core/budgets.ts';
import type { Meter } from '../core/meter.ts';
import type { Clock } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { type Line, openLine } from './line.ts';
import type { Sockets } from './sockets.ts';
import { visitor } from './visitor.ts';

export type SocketRouteParts = {
  sockets: Sockets;
  clock: Clock;
  budgets: Budgets;
  meter: Meter;
  /** How many proxies stand in front. */
  proxies: number;
};

/** Tells whoever could not be served for a fault of ours, and whoever runs this. */
export function notServed(line: Line, log: FastifyBaseLogger, error: unknown): void {
  const kind = (error as Error | undefined)?.constructor?.name;
  log.error({ code: error instanceof Problem ? error.code : 'internal', kind }, 'a socket could not be served');
  line.send({
    type: 'error',
    message: 'The session could not be opened because of a fault in the service. Try again in a moment.',
    code: 'internal',
    retry: true,
  });
  line.close(1011, 'A fault in the service');
}

/** The one address at which the sockets of sessions, rooms and the desk are. */
export function socketRoute({ sockets, clock, budgets, meter, proxies }: SocketRouteParts): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.get('/ws/:id', { websocket: true, schema: { hide: true } }, (socket, request) => {
      const line = openLine(socket, budgets, clock, meter, undefined, request.raw.socket);
      const { id } = request.params as { id: string };
      sockets.attend(line, id, request.query, visitor(request, proxies)).catch((error) => notServed(line, request.log, error));
    });
    done();
  };
}
