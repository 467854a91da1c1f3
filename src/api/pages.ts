import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { running } from '../wire/service.ts';
import { type Built, builtFiles } from './built.ts';

/** What tools/web/build.mjs makes of src/web and src/client. */
const built = fileURLToPath(new URL('../../dist', import.meta.url));

/** Which page is where; what follows in an address is the page's own business. */
const places: Record<string, string> = {
  '/rooms': 'rooms',
  '/conversations': 'conversations',
  '/conversation/:id': 'conversation',
  '/desk': 'desk',
  '/talk': 'talk',
  '/history': 'history',
  '/friend/:id': 'friend',
};

/** What a page may do; it speaks to this service only, also where its sockets have an address of their own; `scripts` names what may hand an address of a script to the browser. */
const policyFor = (sockets: string, scripts: string): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    // older Safari does not count sockets among one's own
    `connect-src 'self' ${/^wss?:\/\/[\w.:[\]-]+/.exec(sockets)?.[0] ?? ''}`.trim(),
    "img-src 'self' blob:",
    "media-src 'self' blob: data:",
    "require-trusted-types-for 'script'",
    `trusted-types ${scripts}`,
  ].join('; ');

// nobody's words are in what is served here, so it may be kept: for ever where the name changes with the bytes
const asked = { 'cache-control': 'no-cache' };
const forEver = { 'cache-control': 'public, max-age=31536000, immutable' };

const unbuilt = 'The pages of this Aside are not built yet: run npm ci in its folder and start it again. Programs are served as always.\n';

const front = {
  tags: ['operators'],
  summary: 'The page for a browser, a status for programs',
  response: {
    200: {
      description: 'The page where `accept` asks for HTML, and otherwise that the service is running.',
      content: { 'application/json': { schema: running }, 'text/html': { schema: z.string() } },
    },
  },
};

export type PageParts = { socketBase: (host: string) => string };

/** The web pages, the files that they load, and the SDK. */
export const pages =
  ({ socketBase }: PageParts) =>
  async (app: FastifyInstance): Promise<void> => {
    const quiet = { logLevel: 'warn', schema: { hide: true } } as const;
    const shells = new Map(builtFiles(`${built}/web`).map((file) => [file.name, file]));

    function send(request: FastifyRequest, reply: FastifyReply, { type, plain, zipped }: Built, kept: Record<string, string>) {
      const asksZipped = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
      if (asksZipped) reply.header('content-encoding', 'gzip');
      return reply
        .headers({ vary: 'accept, accept-encoding', ...kept })
        .type(type)
        .send(asksZipped ? zipped : plain);
    }

    function sendPage(request: FastifyRequest, reply: FastifyReply, name: string) {
      const shell = shells.get(`${name}.html`);
      if (!shell) return reply.code(503).type('text/plain').send(unbuilt);
      return send(
        request,
        reply.headers({ 'content-security-policy': policyFor(socketBase(request.host), name === 'conversation' ? 'aside-push' : "'none'") }),
        shell,
        asked,
      );
    }

    app.get('/', { schema: front }, (request, reply) => {
      if (request.headers.accept?.includes('text/html')) return sendPage(request, reply, 'index');
      return reply.header('vary', 'accept').send({ status: 'Aside is running' });
    });
    for (const [place, name] of Object.entries(places)) app.get(place, quiet, (request, reply) => sendPage(request, reply, name));
    const files = builtFiles(`${built}/web/assets`);
    for (const file of files) app.get(`/assets/${file.name}`, quiet, (request, reply) => send(request, reply, file, forEver));
    const worker = [...shells.values()].find(({ name }) => name === 'push-worker.js');
    if (worker) app.get('/push-worker.js', quiet, (request, reply) => send(request, reply, worker, asked));
    const icon = files.find(({ name }) => /^icon-.*\.svg$/.test(name));
    if (icon) app.get('/favicon.ico', quiet, (request, reply) => send(request, reply, icon, asked));
    const sdk = builtFiles(built).find(({ name }) => name === 'client.js');
    if (sdk) app.get('/client.js', quiet, (request, reply) => send(request, reply, sdk, asked));
  };
