import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { Hub } from '../core/hub.ts';
import { type Engines, health as healthAnswer, ready } from '../wire/service.ts';

export type HealthParts = { hub: Hub; engines: Engines };

/** Whether the service is alive, and whether it can take work. */
export function health({ hub, engines: parts }: HealthParts): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.get(
      '/health',
      { logLevel: 'warn', schema: { tags: ['operators'], summary: 'Alive, and with which engines', response: { 200: healthAnswer } } },
      () => ({ status: 'ok' as const, engines: parts, awake: hub.awake }),
    );

    app.get(
      '/ready',
      {
        logLevel: 'warn',
        schema: {
          tags: ['operators'],
          summary: 'Whether new sessions can be taken',
          response: {
            200: ready.describe('New sessions can be taken.'),
            503: ready.describe('The storage fails: no session can be opened or kept.'),
          },
        },
      },
      async (_request, reply) => {
        try {
          // the storage answers, though nobody has this id
          await hub.find('-');
          return { ready: true, storage: 'ok' as const };
        } catch {
          return reply.code(503).send({ ready: false, storage: 'failed' as const });
        }
      },
    );
    done();
  };
}
