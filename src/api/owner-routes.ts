import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Conversation } from '../core/conversation.ts';
import type { Kind } from '../core/entry.ts';
import type { Hub } from '../core/hub.ts';
import type { Clock } from '../core/ports.ts';
import { isOver } from '../core/views.ts';
import { roomEnded, roomErased, sessionEnded, sessionErased } from '../wire/owner.ts';
import { erasedAnswer } from '../wire/share.ts';
import type { Access } from './access.ts';
import type { Callers } from './callers.ts';
import { refusals } from './refusals.ts';
import { copyOf } from './session-copy.ts';
import { inOurWords, shareRefusals } from './share-refusals.ts';
import type { Tape } from './tape.ts';
import { visitor } from './visitor.ts';

export type OwnerRouteParts = {
  hub: Pick<Hub, 'erase'>;
  access: Pick<Access, 'admit' | 'mayErase'>;
  callers: Pick<Callers, 'finish'>;
  tape: Tape;
  clock: Clock;
  /** How many proxies stand in front. */
  proxies: number;
};

/** Where the conversations of a door are, what an id is called there, and how it says that something is done. */
type Door = {
  readonly kind: Kind;
  readonly path: `/${string}`;
  readonly id: 'id' | 'room_id' | 'session_id';
  /** Without it whoever rules one ends it otherwise. */
  readonly ended?: { readonly shape: z.ZodType; readonly receipt: (id: string) => object };
  readonly erased: { readonly shape: z.ZodType; readonly receipt: (id: string) => object };
  readonly refused: Readonly<Record<string, object>>;
};

const session = {
  ended: { shape: sessionEnded, receipt: (session_id: string) => ({ session_id, ended: true }) },
  erased: { shape: sessionErased, receipt: (session_id: string) => ({ session_id, erased: true }) },
  refused: refusals(404),
};

const doors: readonly Door[] = [
  // its end is the feedback: POST /session/{id}/finish
  { kind: 'coach', path: '/session', id: 'id', erased: session.erased, refused: session.refused },
  { kind: 'desk', path: '/api/sessions', id: 'id', ...session },
  { kind: 'talk', path: '/api/talks', id: 'session_id', ...session },
  {
    kind: 'room',
    path: '/room',
    id: 'room_id',
    ended: { shape: roomEnded, receipt: (room_id) => ({ room_id, ended: true }) },
    erased: { shape: roomErased, receipt: (room_id) => ({ room_id, erased: true }) },
    refused: refusals(404),
  },
  // whoever takes part may end it: that stands with the other words of its protocol
  {
    kind: 'share',
    path: '/api/conversations',
    id: 'room_id',
    erased: { shape: erasedAnswer, receipt: () => ({ success: true, message: 'Conversation erased' }) },
    refused: shareRefusals(404),
  },
];

/** Writes down that a conversation is over; once is enough. */
export async function endNow(talk: Conversation): Promise<void> {
  if (isOver(talk.entries)) return;
  await talk.append({ by: 'house', type: 'ended', why: 'ended' }).catch((error) => {
    if (!isOver(talk.entries)) throw error;
  });
}

const document = z.string() as unknown as z.ZodType<string | Readable>;
const copied = {
  description: 'The conversation as one JSON document: every entry, and the sound that was kept.',
  content: { 'application/json': { schema: document } },
};

/** What whoever rules a conversation does with it, the same at every door: end it, erase it, take it along. */
export function ownerRoutes(parts: OwnerRouteParts): FastifyPluginCallbackZod {
  return (app, _options, done) => {
    for (const door of doors) app.register(routesOf(door, parts));
    done();
  };
}

function routesOf({ kind, path, id: name, ended, erased, refused }: Door, parts: OwnerRouteParts): FastifyPluginCallbackZod {
  const { hub, access, callers, tape, clock, proxies } = parts;
  const at = `${path}/:${name}`;
  const idIn = (request: FastifyRequest): string => {
    const id = (request.params as Record<string, string>)[name]!;
    // the same id in other letters is the same talk
    return kind === 'talk' ? id.toLowerCase() : id;
  };
  const schema = { tags: [kind === 'room' ? 'rooms' : kind], params: z.object({ [name]: z.string().max(128) }), security: [{ bearer: [] }, {}] };

  return (app, _options, done) => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    if (kind === 'share') app.addHook('onSend', inOurWords);

    if (ended)
      app.post(
        `${at}/end`,
        { schema: { ...schema, summary: 'End it for everybody', response: { 200: ended.shape, ...refused } } },
        async (request) => {
          const { talk } = await access.admit(idIn(request), 'rule', visitor(request, proxies), kind);
          await (kind === 'talk' ? callers.finish(talk) : endNow(talk));
          return ended.receipt(talk.id);
        },
      );

    app.delete(at, { schema: { ...schema, summary: 'Erase it for good', response: { 200: erased.shape, ...refused } } }, async (request) => {
      const id = idIn(request);
      await access.mayErase(id, visitor(request, proxies), kind);
      await hub.erase(id);
      return erased.receipt(id);
    });

    app.get(
      `${at}/export`,
      { schema: { ...schema, summary: 'Take all of it along', response: { 200: copied, ...refused } } },
      async (request, reply) => {
        const { talk } = await access.admit(idIn(request), 'copy', visitor(request, proxies), kind);
        return reply
          .header('content-disposition', `attachment; filename="aside-${talk.id.slice(0, 8)}.session.json"`)
          .type('application/json')
          .send(Readable.from(copyOf(talk, tape, clock.now())));
      },
    );
    done();
  };
}
