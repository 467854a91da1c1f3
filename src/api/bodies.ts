import type { FastifyInstance } from 'fastify';

/** How bodies are read: JSON as such, an empty one as none whatever it says of itself, anything else not at all. */
export function bodies(app: FastifyInstance): void {
  const json = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null);
    else json(request, body, done);
  });
  app.addContentTypeParser<string>('*', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') done(null);
    else done(Object.assign(new Error('no JSON'), { statusCode: 415 }));
  });
}
