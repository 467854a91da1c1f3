import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { Budgets } from '../core/budgets.ts';
import type { Hub } from '../core/hub.ts';
import type { Meter } from '../core/meter.ts';
import type { Clock } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { talkRecord } from '../insight/talk-record.ts';
import { talkAnswer, talkId, talkPath, talkQuery } from '../wire/talk.ts';
import type { Access, Visitor } from './access.ts';
import type { Admission } from './admission.ts';
import type { Callers } from './callers.ts';
import { openLine } from './line.ts';
import { read } from './read.ts';
import { refusals } from './refusals.ts';
import { notServed } from './socket-route.ts';
import type { Sockets } from './sockets.ts';
import { inPlainText, isPlain } from './talk.ts';
import { visitor } from './visitor.ts';

export type TalkRouteParts = {
  hub: Pick<Hub, 'find' | 'openAs'>;
  sockets: Pick<Sockets, 'attend'>;
  access: Pick<Access, 'opener' | 'admit'>;
  admission: Pick<Admission, 'opening'>;
  callers: Pick<Callers, 'settle'>;
  clock: Clock;
  budgets: Budgets;
  meter: Meter;
  proxies: number;
};

/** The talk's door: whoever connects with an id of their own has a session; what became of it is read later. */
export function talkRoutes({ hub, sockets, access, admission, callers, clock, budgets, meter, proxies }: TalkRouteParts): FastifyPluginCallbackZod {
  /** Opens the talk of this id, if there is none, for whoever may open one. */
  const opening = (id: string, query: unknown) => async (asking: Visitor) => {
    read(talkId, id);
    const { user_id: user } = read(talkQuery, query);
    if (await hub.find(id)) return;
    try {
      admission.opening(asking.from, access.opener(asking));
    } catch (error) {
      // a wrong key tells nobody whether there is such a session
      if (asking.shown && error instanceof Problem && error.code === 'key_needed') throw new Problem('session_not_found', 'Session not found');
      throw error;
    }
    await hub.openAs(id, 'user', { type: 'opened', kind: 'talk', title: '', ...(user !== undefined && { user }) });
  };

  return (app, _options, done) => {
    app.get('/ws/session/:session_id', { websocket: true, schema: { hide: true } }, (socket, request) => {
      const plain = isPlain(socket.protocol, request.query);
      const line = openLine(socket, budgets, clock, meter, plain ? inPlainText : undefined, request.raw.socket);
      // the same id in other letters is the same id
      const id = (request.params as { session_id: string }).session_id.toLowerCase();
      const asking = visitor(request, proxies);
      sockets
        .attend(line, id, request.query, asking, { kind: 'talk', open: opening(id, request.query) })
        .catch((error) => notServed(line, request.log, error));
    });
    app.get(
      '/api/talks/:session_id',
      {
        schema: {
          tags: ['talk'],
          summary: 'A talk with its events, and how it ended',
          params: talkPath,
          response: { 200: talkAnswer, ...refusals(404) },
          security: [{ bearer: [] }, {}],
        },
        onRequest: async (_request, reply) => {
          reply.header('cache-control', 'no-store');
        },
      },
      async (request) => {
        const { talk } = await access.admit(request.params.session_id.toLowerCase(), 'read', visitor(request, proxies), 'talk');
        await callers.settle(talk);
        return talkRecord(talk.id, talk.entries);
      },
    );
    done();
  };
}
