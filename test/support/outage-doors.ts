import type { Entry } from '../../src/core/entry.ts';
import { type IoClient, ioClient } from './io-client.ts';
import type { PullClient } from './pull-client.ts';
import type { served } from './served.ts';

type House = Pick<Awaited<ReturnType<typeof served>>, 'base' | 'dial' | 'post' | 'session'>;

/** A conversation of one kind, as a client of that door uses it. */
export type DoorAtOutage = {
  readonly door: string;
  /** Opens one of its own; its id. */
  open(): Promise<string>;
  /** Says it once, under that name: done when it is acknowledged; whoever is sent away rejects, with how that was told. */
  say(id: string, ref: string, text: string): Promise<void>;
  /** Comes in and stays; answers how to find out that nobody was sent away. */
  listen(id: string): Promise<() => Promise<void>>;
};

const sentAway = (how: unknown) => Object.assign(new Error(`sent away: ${how}`), { how });

/** Whatever somebody wrote, without what the house answered. */
export const wordsOfPeople = (entries: readonly Entry[]): string[] =>
  entries.flatMap((entry) => (entry.type === 'said' && entry.by !== 'assistant' ? [entry.text] : []));

/** A door whose clients come over a plain socket. */
function plainDoor(
  { dial }: House,
  door: string,
  open: () => Promise<string>,
  wire: {
    path: (id: string) => string;
    greeting?: string;
    frame: (ref: string, text: string) => object;
    isAck: (told: Record<string, unknown>, ref: string, text: string) => boolean;
    isKept?: (id: string, text: string) => Promise<boolean>;
    pings?: boolean;
  },
): DoorAtOutage {
  const come = async (id: string): Promise<PullClient> => {
    const client = dial(wire.path(id));
    await client.opened;
    if (wire.greeting !== undefined) await client.next(wire.greeting);
    return client;
  };
  return {
    door,
    open,
    async say(id, ref, text) {
      if (await wire.isKept?.(id, text)) return;
      const client = dial(wire.path(id));
      try {
        await client.opened;
        if (wire.greeting !== undefined) await client.next(wire.greeting);
        client.send(wire.frame(ref, text));
        while (!wire.isAck(await client.next(), ref, text));
        client.close();
      } catch {
        throw sentAway((await client.closed).code);
      }
    },
    async listen(id) {
      const client = await come(id);
      return async () => {
        if (wire.pings !== false) {
          client.send({ type: 'ping' });
          await client.next('pong');
        }
        if (client.raw.readyState !== client.raw.OPEN) throw sentAway((await client.closed).code);
      };
    },
  };
}

/** The five doors of a service, as their clients use them while its storage is away. */
export function doorsAtOutage(house: House): DoorAtOutage[] {
  const { base, post, session } = house;
  const opened = async (path: string, body: object, field: string): Promise<string> =>
    ((await (await post(path, body)).json()) as Record<string, string>)[field]!;
  const numbered = { isAck: (told: Record<string, unknown>, ref: string) => told.type === 'ack' && told.id === ref };
  const message = (id: string, content: string) => ({ type: 'message', content, id });

  /** Is in the conversation, or was sent away. */
  async function joined(room_id: string, user_id: string): Promise<IoClient> {
    const client = ioClient(base, { transports: ['websocket'] });
    client.emit('join_room', { room_id, user_id });
    await client.next('conversation_state');
    return client;
  }

  return [
    plainDoor(house, 'coach', async () => (await session()).id, {
      path: (id) => `/ws/${id}?after=0`,
      greeting: 'hello',
      frame: (id, text) => ({ type: 'said', text, speaker: 'user', id }),
      isAck: ({ type, id }, ref) => type === 'done' && id === ref,
    }),
    plainDoor(house, 'room', () => opened('/room/create', { participant_id: 'ann', agents: false }, 'room_id'), {
      path: (id) => `/ws/${id}?participant_id=ann&after=0`,
      greeting: 'room_state',
      frame: message,
      ...numbered,
    }),
    plainDoor(house, 'desk', () => opened('/api/sessions', {}, 'id'), {
      path: (id) => `/ws/${id}?after=0`,
      frame: (_ref, content) => ({ content }),
      isAck: (told, _ref, text) => (told.message as { content?: string } | undefined)?.content === text,
      // messages have no id of the client's there: whoever comes back looks first
      isKept: async (id, text) => {
        const answer = await fetch(`${base}/api/sessions/${id}`);
        if (answer.status !== 200) throw sentAway(answer.status);
        return ((await answer.json()) as { messages: { content: string }[] }).messages.some(({ content }) => content === text);
      },
      pings: false,
    }),
    plainDoor(house, 'talk', async () => crypto.randomUUID(), {
      path: (id) => `/ws/session/${id}?format=json&after=0`,
      frame: message,
      ...numbered,
    }),
    {
      door: 'share',
      open: () => opened('/api/conversations/create', {}, 'room_id'),
      async say(room_id, id, text) {
        const client = await joined(room_id, 'ann-1').catch(() => {
          throw sentAway(1013);
        });
        const asked = client.ask('send_message', { room_id, user_id: 'ann-1', message: text, id });
        const answer = await Promise.race([asked.catch(() => undefined), client.gone.then(() => undefined)]);
        client.close();
        if (answer?.success !== true) throw sentAway(1013);
      },
      async listen(room_id) {
        const client = await joined(room_id, 'ben-1');
        return async () => {
          const answer = await client.ask('typing', { room_id, user_id: 'ben-1', is_typing: true });
          if (!client.socket.connected || answer.success !== true) throw sentAway(answer.error);
          client.close();
        };
      },
    },
  ];
}
