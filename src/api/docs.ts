import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { clientMessage, serverMessage } from '../wire/coach.ts';

const about = `Aside listens to a live conversation through one microphone, whispers advice, and tells you honestly how it went.

**Sockets.** \`WS /ws/{session_id}[?after=SEQ]\`: send the microphone's bytes as binary frames (WebM, Ogg, MP4, WAV or raw PCM) and commands as JSON text
(schema *CoachClientMessage*); receive JSON text (schema *CoachServerMessage*).`;

const redocPage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Aside API</title><meta name="viewport" content="width=device-width">
<style>body{margin:0}</style></head><body><redoc spec-url="/openapi.json" disable-google-font="true"></redoc><script src="/redoc/redoc.standalone.js"></script></body></html>`;

const policy =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** The documentation of the gate, derived from the schemas that guard it: /openapi.json, Swagger UI at /docs, ReDoc at /redoc. */
export async function docs(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Aside', version: '0.1.0', description: about, license: { name: 'MIT' } },
      tags: [
        { name: 'coach', description: 'A session: open, wear, finish, read, erase' },
        { name: 'operators', description: 'Whether the service is well' },
      ],
      components: { schemas: { CoachClientMessage: schemaOf(clientMessage, 'input'), CoachServerMessage: schemaOf(serverMessage, 'output') } },
    },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: policy });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());

  const bundle = createRequire(import.meta.url).resolve('redoc/bundles/redoc.standalone.js');
  app.get('/redoc', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/html').header('content-security-policy', policy).send(redocPage),
  );
  app.get('/redoc/redoc.standalone.js', { schema: { hide: true } }, (_request, reply) => reply.type('text/javascript').send(readFileSync(bundle)));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}
