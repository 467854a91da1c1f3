import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { Budgets } from '../core/budgets.ts';
import type { Conversation } from '../core/conversation.ts';
import type { Hub } from '../core/hub.ts';
import type { Clock } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { first } from '../core/views.ts';
import { erased, eventsQuery, feedback, sessionAnswer, sessionEvents, sessionPath, sessionRequest, sessionState } from '../wire/coach.ts';
import { feedbackOf, openingOf, stateOf } from './coach.ts';
import type { coachSockets } from './coach-socket.ts';
import { openLine } from './line.ts';
import { deadline } from './microphone.ts';
import { refusals } from './refusals.ts';

export type CoachRouteParts = {
  hub: Hub;
  sockets: ReturnType<typeof coachSockets>;
  finish: (talk: Conversation, stop: AbortSignal) => Promise<unknown>;
  newToken: () => string;
  digest: (token: string) => string;
  clock: Clock;
  budgets: Budgets;
  socketBase: (host: string) => string;
  /** The voices that a session may ask for. */
  voices: readonly string[];
};

const notFound = () => new Problem('session_not_found', 'Session not found');

/** The coach's door: open a session, wear it, finish it, read it, erase it. */
export function coachRoutes(parts: CoachRouteParts): FastifyPluginCallbackZod {
  const { hub, sockets } = parts;

  /** The session, or the same answer for one that is unknown and one that a wrong token asks for. */
  async function session(id: string, authorization: string | undefined): Promise<Conversation> {
    const talk = await hub.find(id);
    const opened = talk && first(talk.entries, 'opened');
    if (opened?.kind !== 'coach') throw notFound();
    const token = authorization?.replace(/^Bearer /i, '');
    if (token !== undefined && parts.digest(token) !== opened.key) throw notFound();
    return talk!;
  }

  return (app, _options, done) => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });

    app.post(
      '/session',
      {
        schema: {
          tags: ['coach'],
          summary: 'Open a session',
          body: sessionRequest(parts.voices),
          response: { 200: sessionAnswer, ...refusals(400, 413, 415, 422) },
        },
      },
      async (request) => {
        const token = parts.newToken();
        const talk = await hub.open('user', openingOf(request.body, parts.digest(token)));
        const name = request.body.user_name;
        return {
          session_id: talk.id,
          message: `Session created. Start by saying: 'Hi, I'm ${name}.'`,
          token,
          ws_url: `${parts.socketBase(request.host)}/ws/${talk.id}`,
        };
      },
    );

    app.get('/ws/:id', { websocket: true, schema: { tags: ['coach'], hide: true } }, (socket, request) => {
      const line = openLine(socket, parts.budgets);
      sockets.attend(line, (request.params as { id: string }).id, request.query).catch((error) => {
        request.log.error(
          { code: error instanceof Problem ? error.code : 'internal', kind: error?.constructor?.name },
          'a socket could not be served',
        );
        line.send({
          type: 'error',
          message: 'The session could not be opened because of a fault in the service. Try again in a moment.',
          code: 'internal',
          retry: true,
        });
        line.close(1011, 'A fault in the service');
      });
    });

    app.post(
      '/session/:id/finish',
      { schema: { tags: ['coach'], summary: 'Finish and get the feedback', params: sessionPath, response: { 200: feedback, ...refusals(404) } } },
      async (request) => {
        const talk = await session(request.params.id, request.headers.authorization);
        const late = deadline(parts.clock, parts.budgets.lastWords);
        await sockets.flush(talk.id, late.stop);
        late.release();
        await parts.finish(talk, new AbortController().signal);
        return feedbackOf(talk)!;
      },
    );

    app.get(
      '/session/:id',
      { schema: { tags: ['coach'], summary: 'Where a session stands', params: sessionPath, response: { 200: sessionState, ...refusals(404) } } },
      async (request) => stateOf(await session(request.params.id, request.headers.authorization)),
    );

    app.get(
      '/session/:id/events',
      {
        schema: {
          tags: ['coach'],
          summary: 'The log, from a number on',
          params: sessionPath,
          querystring: eventsQuery,
          response: { 200: sessionEvents, ...refusals(404, 422) },
        },
      },
      async (request) => {
        const talk = await session(request.params.id, request.headers.authorization);
        const { after, limit } = request.query;
        const events = talk.entries.slice(after, after + limit).map(withoutKey);
        const last = after + events.length;
        return { session_id: talk.id, events, next: last < talk.entries.length ? last : null };
      },
    );

    app.delete(
      '/session/:id',
      { schema: { tags: ['coach'], summary: 'Erase a session for good', params: sessionPath, response: { 200: erased, ...refusals(404) } } },
      async (request) => {
        const talk = await session(request.params.id, request.headers.authorization);
        await hub.erase(talk.id);
        return { session_id: talk.id, erased: true as const };
      },
    );
    done();
  };
}

/** The key's digest is nobody's business. */
function withoutKey<T extends object>(entry: T): T {
  const { key: _key, ...rest } = entry as T & { key?: string };
  return rest as T;
}
