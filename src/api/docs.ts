import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { clientMessage, serverMessage } from '../wire/coach.ts';
import { problemAnswer } from '../wire/problem.ts';
import { shareRefusal } from '../wire/share.ts';

const about = `Aside listens to a live conversation through one microphone, whispers advice, and tells you honestly how it went.

## Sockets
Connect to the \`ws_url\` that POST /session answers, with \`?after=SEQ\` to get everything after that number first, without it to hear only what is new.
One socket a session takes part: a newer one takes over. Viewers are beside it.

**Who you are** says \`Authorization: Bearer TOKEN\`, or a ticket (POST /session/{id}/ticket) beside the subprotocol \`aside.v1\` as \`ticket.TICKET\`,
or a first frame \`{"type":"auth","ticket":…}\` (or \`"token"\`) within 3 s. Where this Aside has no keys, knowing the id is enough.

**You send** the microphone's bytes as binary frames (up to 64 KiB, cut anywhere): WebM or Ogg with Opus, fragmented MP4, WAV, or raw 16-bit little-endian samples
at 16 kHz mono; a new header in mid-stream begins a new recorder, and bytes without one go on with the last. Commands are JSON text frames of up to 8 KiB
(schema *CoachClientMessage*): \`stop\` ends the microphone and is answered by \`stopped\` once the last line has its verdict; \`hint\` asks for advice now;
\`said\` hands in words that the browser recognised; \`pause\` and \`resume\` go off the record and back; \`forget\` takes what was said off it after the fact;
\`consent\` says whether everybody agrees that the sound is kept; \`playback\` and \`feedback\` report on the suggestion \`reply\`; \`ping\` is answered by \`pong\`.

**You receive** JSON text frames (schema *CoachServerMessage*). What has a \`seq\` is kept and can be resumed; what is \`live\` may still change.
Each \`audio\` is a complete file; pieces of one \`reply\` join without a gap; \`hush\` means stop playing it.

| closed with | means |
|---|---|
| 1000 | finished: the session takes nothing more |
| 1008 | three messages in a row that could not be understood, or an \`after\` that is no number of an entry |
| 1009 | a frame larger than 64 KiB |
| 1012 | the service restarts: come back with \`?after=\` |
| 1013 | no room just now: come back after the seconds in the reason |
| 4001 | not allowed: nobody said in time who this is, or the token was revoked or has expired; do not come back with it |
| 4004 | no such session, or not for whoever has this token |
| 4008 | too slow to read: come back with \`?after=\` |
| 4009 | replaced by a newer connection |
| 4029 | too many commands at once: come back in a moment (sound that comes too fast is only read more slowly) |

## Rules
POST /session/{id}/finish may be repeated: it answers the same bytes for ever.
Where this Aside has keys, POST /session needs one of them as \`Authorization: Bearer\`, and everything about a session needs its \`token\` or a key; a wrong one answers as if there
were no session. Whoever asks for too much gets 429 or 503 with \`Retry-After\`.
Errors are *application/problem+json*; \`detail\` says in plain sentences what is wrong and what is expected, \`code\` is for programs.
Fields that this version does not know are left out without a word; a field that it knows with a value that it does not is refused.`;

const redocPage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Aside API</title><meta name="viewport" content="width=device-width">
<style>body{margin:0}</style></head><body><redoc spec-url="/openapi.json" disable-google-font="true"></redoc><script src="/redoc/redoc.standalone.js"></script></body></html>`;

/** Instead of the plugin's own, whose bar above the page shows another's logo and a second address of the document. */
const swaggerStart = {
  filename: 'start.js',
  content: `window.onload = () => SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true });`,
};

/** ReDoc with a picture of nothing in place of its maker's, which comes from elsewhere. */
const withoutItsPicture = (bundle: string): string => bundle.replaceAll('https://cdn.redoc.ly/redoc/logo-mini.svg', 'data:,');

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
        { name: 'share', description: 'Conversations that are joined by their link, with Socket.IO' },
        { name: 'desk', description: 'Chats that stay, with an assistant; and search over everything' },
        { name: 'talk', description: 'A talk with the assistant over a socket, and what became of it' },
        { name: 'operators', description: 'Whether the service is well' },
      ],
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'A token of the session, or a key of this Aside.' } },
        schemas: {
          CoachClientMessage: schemaOf(clientMessage, 'input'),
          CoachServerMessage: schemaOf(serverMessage, 'output'),
          // without its name, which would make it refer to itself
          Problem: schemaOf(z.object(problemAnswer.shape).describe('Why nothing was done.'), 'output'),
          ShareRefusal: schemaOf(
            z.object(shareRefusal.shape).describe('Why nothing was done, as the clients of shared conversations read it.'),
            'output',
          ),
        },
      },
    },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: policy, theme: { title: 'Aside API', favicon: [], js: [swaggerStart] } });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());

  const bundle = createRequire(import.meta.url).resolve('redoc/bundles/redoc.standalone.js');
  app.get('/redoc', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/html').header('content-security-policy', policy).send(redocPage),
  );
  app.get('/redoc/redoc.standalone.js', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/javascript').send(withoutItsPicture(readFileSync(bundle, 'utf8'))),
  );
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}
