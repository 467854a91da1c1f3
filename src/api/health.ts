import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { Hub } from '../core/hub.ts';
import type { Problem } from '../core/problem.ts';
import type { Keeping } from '../core/retention.ts';
import { type Engines, health as healthAnswer, ready } from '../wire/service.ts';
import { leavingNow } from './leaving.ts';

/** The engines without which a session goes on, but is worth less. */
const helpers = ['ears', 'voice', 'brain'] as const;

export type HealthParts = {
  hub: Hub;
  engines: Engines;
  /** How many days after the end of a session its words and its sound are kept. */
  keeping: Keeping;
  /** How late the event loop is, in ms. */
  lag: () => { readonly p50: number; readonly p99: number };
  /** What keeps the store from keeping anything new. */
  storeTrouble: () => Promise<Problem | undefined>;
  works: (engine: (typeof helpers)[number]) => boolean;
  /** Whether the service was told to stop. */
  isLeaving: () => boolean;
};

/** What is missing while an engine is down. */
const missing: Record<(typeof helpers)[number], string> = {
  ears: 'Speech recognition failed last time: words may be missing until it works again.',
  voice: 'The voice failed last time: suggestions are text until it works again.',
  brain: 'The language model failed last time: suggestions come from simple rules until it works again.',
};

/** Whether the service is alive, and whether it can take work. */
export function health({ hub, engines: parts, keeping, lag, storeTrouble, works, isLeaving }: HealthParts): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.get(
      '/health',
      { logLevel: 'warn', schema: { tags: ['operators'], summary: 'Alive, and with which engines', response: { 200: healthAnswer } } },
      () => {
        const { p50, p99 } = lag();
        return {
          status: 'ok' as const,
          engines: parts,
          awake: hub.awake,
          loop_lag_ms: { p50: Math.round(p50), p99: Math.round(p99) },
          keep_days: keeping,
        };
      },
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
            503: ready.describe('The storage fails: no session can be opened or kept. A service that is leaving says so here too.'),
          },
        },
      },
      async (_request, reply) => {
        const trouble = await storeTrouble();
        const leaves = isLeaving();
        const troubles = [
          ...(leaves ? [leavingNow] : []),
          ...(trouble ? [trouble.message] : []),
          ...helpers.filter((engine) => !works(engine)).map((engine) => missing[engine]),
        ];
        return reply
          .code(trouble || leaves ? 503 : 200)
          .send({ ready: !trouble && !leaves, storage: trouble ? ('failed' as const) : ('ok' as const), troubles });
      },
    );
    done();
  };
}
