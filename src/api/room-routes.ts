import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { roomAgents } from '../agents/temperaments.ts';
import type { Hub } from '../core/hub.ts';
import { roomAnswer, roomRequest } from '../wire/rooms.ts';
import type { Access } from './access.ts';
import type { Admission } from './admission.ts';
import { notOfTheHouse } from './attendance.ts';
import { refusals } from './refusals.ts';
import { visitor } from './visitor.ts';

export type RoomRouteParts = {
  hub: Pick<Hub, 'openAs'>;
  access: Pick<Access, 'opener'>;
  admission: Pick<Admission, 'opening'>;
  proxies: number;
  newLinkId: () => string;
  newToken: () => string;
  digest: (token: string) => string;
  socketBase: (host: string) => string;
};

/** The rooms' door: open one and hand its id on. */
export function roomRoutes({ hub, access, admission, proxies, newLinkId, newToken, digest, socketBase }: RoomRouteParts): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    app.post(
      '/room/create',
      {
        schema: {
          tags: ['rooms'],
          summary: 'Open a room',
          body: roomRequest,
          response: { 200: roomAnswer, ...refusals(400, 401, 413, 415, 422) },
          security: [{ bearer: [] }, {}],
        },
        onRequest: async (request, reply) => {
          reply.header('cache-control', 'no-store');
          const asking = visitor(request, proxies);
          admission.opening(asking.from, access.opener(asking));
        },
      },
      async (request) => {
        const { participant_id, agents } = request.body;
        notOfTheHouse({ id: participant_id, name: '' }, 'participant_id', roomAgents);
        const settings = agents === undefined ? {} : { settings: { agents } };
        const token = newToken();
        const opened = { type: 'opened' as const, kind: 'room' as const, title: 'A room', key: digest(token), ...settings };
        const room = await hub.openAs(newLinkId(), participant_id, opened);
        return { room_id: room.id, ws_url: `${socketBase(request.host)}/ws/${room.id}`, token };
      },
    );
    done();
  };
}
