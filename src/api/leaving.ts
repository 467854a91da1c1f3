import type { FastifyInstance } from 'fastify';
import { Problem } from '../core/problem.ts';

/** What whoever still asks is told. */
export const leavingNow = 'Aside is leaving or starting again: come back in a moment. What was said is kept.';

/** When it is worth trying again, in ms. */
const comeBack = 5_000;

/** Refuses every request but the question whether it is ready, once the service is told to stop; answers whether it was. */
export function leaving(server: FastifyInstance): () => boolean {
  let left = false;
  server.addHook('preClose', (done) => {
    left = true;
    done();
  });
  server.addHook('onRequest', async ({ routeOptions }) => {
    if (left && routeOptions.url !== '/ready') throw new Problem('restarting', leavingNow, { after: comeBack });
  });
  return () => left;
}
