import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { Kind } from '../core/entry.ts';
import { snippetOf } from '../insight/search.ts';
import type { Search } from '../stores/searched.ts';
import { searchAnswer, searchQuery } from '../wire/desk.ts';
import type { Access } from './access.ts';
import { refusals } from './refusals.ts';
import { visitor } from './visitor.ts';

export type SearchRouteParts = {
  access: Pick<Access, 'opener'>;
  search: Search;
  /** Of which kinds whoever may search here may read everything. */
  searchable: readonly Kind[];
  proxies: number;
};

/** Search over everything that whoever asks may read. */
export function searchRoutes({ access, search, searchable, proxies }: SearchRouteParts): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.get(
      '/api/search',
      {
        schema: {
          tags: ['desk'],
          summary: 'Search everything that was said',
          querystring: searchQuery,
          response: { 200: searchAnswer, ...refusals(401, 422) },
          security: [{ bearer: [] }, {}],
        },
        onRequest: async (request, reply) => {
          reply.header('cache-control', 'no-store');
          access.opener(visitor(request, proxies));
        },
      },
      async (request) => {
        const { q: query, kind, limit } = request.query;
        // whoever has a key of the service may read all that it keeps
        const invited = access.opener(visitor(request, proxies)) !== undefined;
        const kinds = searchable.filter((each) => kind === undefined || each === kind);
        const { places, total, complete } = await search({ query, kinds, limit, invited }, request.signal);
        return {
          query,
          total,
          complete,
          results: places.map(({ id, kind, title, seq, by, at, text, match }) => ({
            session_id: id,
            kind,
            title,
            seq,
            sender: by,
            timestamp: at,
            score: Math.round(match.score * 100) / 100,
            ...snippetOf(text, match),
          })),
        };
      },
    );
    done();
  };
}
