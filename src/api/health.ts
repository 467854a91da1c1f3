import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Hub } from '../core/hub.ts';
import type { Engines } from './coach-socket.ts';

export type HealthParts = { hub: Hub; engines: Engines };

const engines = z.object({ ears: z.string(), voice: z.string(), brain: z.string() });

/** Whether the service is alive, and whether it can take work. */
export function health({ hub, engines: parts }: HealthParts): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    const alive = z.object({ status: z.literal('ok'), engines, awake: z.int() });
    app.get(
      '/health',
      { logLevel: 'warn', schema: { tags: ['operators'], summary: 'Alive, and with which engines', response: { 200: alive } } },
      () => ({ status: 'ok' as const, engines: parts, awake: hub.awake }),
    );

    const ready = z.object({ ready: z.boolean(), storage: z.enum(['ok', 'failed']) });
    app.get(
      '/ready',
      { logLevel: 'warn', schema: { tags: ['operators'], summary: 'Whether new sessions can be taken', response: { 200: ready, 503: ready } } },
      async (_request, reply) => {
        try {
          for await (const _ of hub.list()) break;
          return { ready: true, storage: 'ok' as const };
        } catch {
          return reply.code(503).send({ ready: false, storage: 'failed' as const });
        }
      },
    );
    done();
  };
}
