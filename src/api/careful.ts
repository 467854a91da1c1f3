import type { FastifyInstance, FastifyReply } from 'fastify';

const manners = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/** Tells a browser to make nothing of an answer but what it says it is: not to guess, not to run, not to keep, not to tell where it came from. */
export const careful = (reply: FastifyReply): FastifyReply => reply.headers(manners);

/** Makes every answer careful; a page that needs more says so itself. */
export function carefully(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => {
    careful(reply);
  });
}
