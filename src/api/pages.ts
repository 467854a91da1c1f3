import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { running } from '../wire/service.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What is served of the pages' rooms besides the page itself, by ending. */
const kinds: Record<string, string> = { '.css': 'text/css', '.ts': 'text/javascript', '.svg': 'image/svg+xml' };

/** What the page may do; it speaks to this service only, also where its sockets have an address of their own. */
const policyFor = (sockets: string): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    // older Safari does not count sockets among one's own
    `connect-src 'self' ${/^wss?:\/\/[\w.:[\]-]+/.exec(sockets)?.[0] ?? ''}`.trim(),
    "media-src 'self' blob: data:",
    "require-trusted-types-for 'script'",
  ].join('; ');

// nobody's words are in what is served here, so it may be kept, if asked about each time
const kept = { 'cache-control': 'no-cache' };

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

/** The source as a browser takes it: types are stripped, nothing else changes. */
function load(path: string): string {
  const source = readFileSync(join(root, path), 'utf8');
  return path.endsWith('.ts') ? stripTypeScriptTypes(source) : source;
}

export type PageParts = { socketBase: (host: string) => string };

/** The web pages and the client they use, straight from the source. */
export const pages =
  ({ socketBase }: PageParts) =>
  async (app: FastifyInstance): Promise<void> => {
    const cache = new Map<string, string>();
    const take = (path: string) => {
      const known = cache.get(path) ?? load(path);
      cache.set(path, known);
      return known;
    };

    app.get('/', { schema: front }, (request, reply) => {
      const wantsPage = request.headers.accept?.includes('text/html') ?? false;
      reply.header('vary', 'accept');
      if (!wantsPage) return reply.send({ status: 'Aside is running' });
      return reply
        .headers({ ...kept, 'content-security-policy': policyFor(socketBase(request.host)) })
        .type('text/html')
        .send(take('web/index.html'));
    });

    app.get('/favicon.ico', { logLevel: 'warn', schema: { hide: true } }, (_request, reply) =>
      reply.headers(kept).type('image/svg+xml').send(take('web/icon.svg')),
    );

    for (const room of ['web', 'client']) {
      for (const file of await readdir(join(root, room))) {
        const kind = kinds[extname(file)];
        if (kind)
          app.get(`/${room}/${file}`, { logLevel: 'warn', schema: { hide: true } }, (_request, reply) =>
            reply
              .headers(kept)
              .type(kind)
              .send(take(`${room}/${file}`)),
          );
      }
    }
  };
