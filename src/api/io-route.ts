import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { ShareSockets } from './share-socket.ts';
import { ioPath } from './socket-io.ts';

export type IoRouteParts = { share: Pick<ShareSockets, 'ask' | 'takes' | 'upgrade'> };

/** The client that pages load from here. */
const clients = ['socket.io.js', 'socket.io.min.js', 'socket.io.esm.min.js'];
const dist = join(dirname(createRequire(import.meta.url).resolve('socket.io/package.json')), 'client-dist');

/** Where Socket.IO is asked over plain requests; what asks to become a socket is led to it before. */
export function ioRoute({ share }: IoRouteParts): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.route({
      method: ['GET', 'POST'],
      url: ioPath,
      logLevel: 'warn',
      schema: { hide: true },
      // what is sent is not JSON: Socket.IO reads it itself
      onRequest: async (request, reply) => {
        reply.hijack();
        for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value);
        share.ask(request.raw, reply.raw);
      },
      handler: async () => undefined,
    });
    for (const file of clients)
      app.get(`${ioPath}${file}`, { logLevel: 'warn', schema: { hide: true } }, (_request, reply) =>
        reply
          .header('cache-control', 'no-cache')
          .type('text/javascript')
          .send(readFileSync(join(dist, file), 'utf8')),
      );
    done();
  };
}
