import type { FastifyRequest } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { Conversation } from '../core/conversation.ts';
import type { Hub } from '../core/hub.ts';
import { eventsQuery, feedback, sessionAnswer, sessionEvents, sessionPath, sessionRequest, sessionState } from '../wire/coach.ts';
import type { Access, Deed } from './access.ts';
import type { Admission } from './admission.ts';
import { consentOf, feedbackOf, openingOf, stateOf } from './coach.ts';
import { refusals } from './refusals.ts';
import { visitor } from './visitor.ts';

export type CoachRouteParts = {
  hub: Hub;
  access: Access;
  admission: Admission;
  /** Hears the last words of a session and ends it with its feedback. */
  finish: (talk: Conversation, stop: AbortSignal) => Promise<unknown>;
  newToken: () => string;
  digest: (token: string) => string;
  /** How many proxies stand in front. */
  proxies: number;
  socketBase: (host: string) => string;
  /** The voices that a session may ask for. */
  voices: readonly string[];
};

const bearer = [{ bearer: [] }, {}];

/** The coach's door: open a session, wear it, finish it, read it. */
export function coachRoutes(parts: CoachRouteParts): FastifyPluginCallbackZod {
  const { hub, access, admission, proxies } = parts;

  /** The session, for whoever may do this with it. */
  const session = async (request: FastifyRequest, deed: Deed): Promise<Conversation> =>
    (await access.admit((request.params as { id: string }).id, deed, visitor(request, proxies))).talk;

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
          response: { 200: sessionAnswer, ...refusals(400, 401, 413, 415, 422) },
          security: bearer,
        },
        onRequest: async (request) => {
          const asking = visitor(request, proxies);
          admission.opening(asking.from, access.opener(asking));
        },
      },
      async (request) => {
        const token = parts.newToken();
        const talk = await hub.open('user', openingOf(request.body, parts.digest(token)), ...consentOf(request.body));
        const name = request.body.user_name;
        return {
          session_id: talk.id,
          message: `Session created. Start by saying: 'Hi, I'm ${name}.'`,
          token,
          ws_url: `${parts.socketBase(request.host)}/ws/${talk.id}`,
        };
      },
    );

    app.post(
      '/session/:id/finish',
      {
        schema: {
          tags: ['coach'],
          summary: 'Finish and get the feedback',
          params: sessionPath,
          security: bearer,
          response: { 200: feedback, ...refusals(404) },
        },
      },
      async (request) => {
        const talk = await session(request, 'rule');
        await parts.finish(talk, new AbortController().signal);
        return feedbackOf(talk)!;
      },
    );

    app.get(
      '/session/:id',
      {
        schema: {
          tags: ['coach'],
          summary: 'Where a session stands',
          params: sessionPath,
          security: bearer,
          response: { 200: sessionState, ...refusals(404) },
        },
      },
      async (request) => stateOf(await session(request, 'read')),
    );

    app.get(
      '/session/:id/events',
      {
        schema: {
          tags: ['coach'],
          summary: 'The log, from a number on',
          params: sessionPath,
          security: bearer,
          querystring: eventsQuery,
          response: { 200: sessionEvents, ...refusals(404, 422) },
        },
      },
      async (request) => {
        const talk = await session(request, 'read');
        const { after, limit } = request.query;
        const events = talk.entries.slice(after, after + limit).map(withoutKey);
        const last = after + events.length;
        return { session_id: talk.id, events, next: last < talk.entries.length ? last : null };
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
