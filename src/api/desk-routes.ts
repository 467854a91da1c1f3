import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { Entry } from '../core/entry.ts';
import type { Hub } from '../core/hub.ts';
import { messageId } from '../core/messages.ts';
import { Problem } from '../core/problem.ts';
import {
  deskMessage,
  deskMessageRequest,
  deskMessagesQuery,
  deskOpened,
  deskPath,
  deskRequest,
  deskSession,
  deskSessions,
  deskSessionsQuery,
} from '../wire/desk.ts';
import type { Access } from './access.ts';
import type { Admission } from './admission.ts';
import { draftOf, messageOf, sessionOf } from './desk.ts';
import { listPieces, sessionPieces } from './desk-pieces.ts';
import { refusals } from './refusals.ts';
import { visitor } from './visitor.ts';

export type DeskRouteParts = {
  hub: Pick<Hub, 'openAs' | 'list' | 'talks' | 'remains'>;
  access: Pick<Access, 'opener' | 'admit'>;
  admission: Pick<Admission, 'opening'>;
  proxies: number;
  newId: () => string;
  socketBase: (host: string) => string;
};

const taken = 'Something else has this id already, so no session was opened. Choose another id, or send none.';
const noSuch = 'before must be the id of a session that is there.';
const security = [{ bearer: [] }, {}];

/** The desk's door: sessions and their messages over REST. */
export function deskRoutes({ hub, access, admission, proxies, newId, socketBase }: DeskRouteParts): FastifyPluginCallbackZod {
  /** The log of a session, without waking it; empty where it was erased meanwhile. */
  const logOf = async (id: string): Promise<readonly Entry[]> => awakeAs(id)?.entries ?? hub.remains(id);
  const awakeAs = (id: string) => hub.talks().find((talk) => talk.id === id);

  /** The ids of the sessions that are asked for, the newest first. */
  async function chosen({ limit = Number.POSITIVE_INFINITY, before }: { limit?: number | undefined; before?: string | undefined }) {
    const ids: string[] = [];
    let isPast = before === undefined;
    for await (const { id, kind } of hub.list()) {
      if (kind !== 'desk') continue;
      if (isPast && ids.length < limit) ids.push(id);
      isPast ||= id === before;
    }
    if (!isPast) throw new Problem('invalid', noSuch);
    return ids;
  }

  return (app, _options, done) => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    app.get(
      '/api/sessions',
      {
        schema: {
          tags: ['desk'],
          summary: 'All sessions, or some of them',
          querystring: deskSessionsQuery,
          response: { 200: deskSessions, ...refusals(401, 422) },
          security,
        },
        onRequest: async (request) => {
          access.opener(visitor(request, proxies));
        },
      },
      async ({ query }, reply) => inPieces(reply, listPieces(await chosen(query), logOf)),
    );
    app.post(
      '/api/sessions',
      {
        schema: {
          tags: ['desk'],
          summary: 'Open a session',
          body: deskRequest,
          response: { 201: deskOpened, ...refusals(400, 401, 409, 413, 415, 422) },
          security,
        },
        onRequest: async (request) => {
          const asking = visitor(request, proxies);
          admission.opening(asking.from, access.opener(asking));
        },
      },
      async (request, reply) => {
        const { id = newId(), title = '' } = request.body;
        const talk = await hub.openAs(id, 'user', { type: 'opened', kind: 'desk', title });
        const opened = talk.entries[0];
        if (opened?.type !== 'opened' || opened.kind !== 'desk') throw new Problem('id_taken', taken);
        return reply.code(201).send({ ...sessionOf(id, talk.entries), ws_url: `${socketBase(request.host)}/ws/${id}` });
      },
    );
    app.get(
      '/api/sessions/:id',
      {
        schema: {
          tags: ['desk'],
          summary: 'A session with its messages',
          params: deskPath,
          querystring: deskMessagesQuery,
          response: { 200: deskSession, ...refusals(404, 422) },
          security,
        },
      },
      async (request, reply) => {
        const { talk } = await access.admit(request.params.id, 'read', visitor(request, proxies), 'desk');
        return inPieces(reply, sessionPieces(talk.id, talk.entries, request.query));
      },
    );
    app.post(
      '/api/sessions/:id/messages',
      {
        schema: {
          tags: ['desk'],
          summary: 'Write a message',
          params: deskPath,
          body: deskMessageRequest,
          response: { 201: deskMessage, ...refusals(400, 404, 413, 415, 422) },
          security,
        },
      },
      async (request, reply) => {
        const { talk } = await access.admit(request.params.id, 'speak', visitor(request, proxies), 'desk');
        const entry = await talk.append(draftOf(request.body));
        if (entry.type !== 'said') throw new Problem('internal', 'The message was kept as something else.');
        return reply.code(201).send(messageOf(talk.id, { id: messageId(talk.entries, entry.seq), entry }));
      },
    );
    done();
  };
}

/** Answers with JSON as it is made; what goes wrong at its beginning is told as anything else. */
async function inPieces(reply: FastifyReply, pieces: AsyncGenerator<string, void, undefined>) {
  const first = await pieces.next();
  async function* all() {
    if (!first.done) yield first.value;
    yield* pieces;
  }
  return reply.type('application/json; charset=utf-8').send(Readable.from(all()) as never);
}
