import { ioClient } from './io-client.ts';
import type { PullClient } from './pull-client.ts';
import type { served } from './served.ts';
import { within } from './within.ts';

type House = Awaited<ReturnType<typeof served>>;
type Told = Readonly<Record<string, unknown>>;

/** Somebody at a door, as a client of it is. */
export type Visitor = {
  /** Says this, as one says something there. */
  say(text: string): void;
  /** Sends this, whatever it is. */
  send(frame: unknown): void;
  /** The next complaint. */
  complaint(): Promise<string>;
  /** Everything said that this visitor was told, up to this. */
  upTo(text: string): Promise<string[]>;
  /** How the connection ended. */
  readonly gone: Promise<number | string>;
  pause(): void;
  leave(): void;
};

/** Who comes in, and what they are called. */
export type Who = { readonly id?: string; readonly name?: string };

export type BadDoor = {
  open(): Promise<string>;
  end(id: string): Promise<unknown>;
  /** Comes in, or is refused: then there is a complaint. */
  come(id: string, who?: Who): Promise<Visitor>;
  /** Comes in beside them and is told everything. */
  watch(id: string): Promise<Visitor>;
  /** Whoever is called by ten thousand letters. */
  named(id: string, name: string): Promise<string>;
};

const complaintIn = ({ code, message }: Told): string => `${code}: ${message}`;

function overSocket(client: PullClient, frame: (text: string) => unknown, said: (told: Told) => unknown): Visitor {
  const told: string[] = [];
  return {
    say: (text) => client.send(frame(text) as object),
    send: (raw) => (raw instanceof Uint8Array ? client.bytes(raw) : client.send(raw as object)),
    complaint: async () => complaintIn(await within(client.next('error'), 'a complaint')),
    async upTo(text) {
      while (told.at(-1) !== text) {
        const next = said(await within(client.next(), `that somebody said ${text.slice(0, 40)}`));
        if (typeof next === 'string') told.push(next);
      }
      return told;
    },
    gone: client.closed.then(({ code }) => code),
    pause: () => client.pause(),
    leave: () => client.terminate(),
  };
}

/** The five doors of a service, for whoever behaves badly there. */
export function badDoors(house: House): Record<'coach' | 'room' | 'desk' | 'talk' | 'share', BadDoor> {
  const { post, dial, base } = house;
  const json = async (answer: Promise<Response>) => (await (await answer).json()) as Record<string, string>;
  const refused = async (answer: Promise<Response>) => {
    const { code, detail, error } = await json(answer);
    return `${code}: ${detail ?? error}`;
  };
  const query = ({ id, name }: Who, idName: string) =>
    `${idName}=${encodeURIComponent(id ?? 'eve')}${name === undefined ? '' : `&name=${encodeURIComponent(name)}`}`;
  const opened = async (client: PullClient, greeting?: string) => {
    await within(client.opened, 'an open socket');
    if (greeting !== undefined) while (!client.all.some(({ type }) => type === greeting || type === 'error')) await tick();
    return client;
  };

  const coach = (client: PullClient) =>
    overSocket(
      client,
      (text) => ({ type: 'said', text, speaker: 'user' }),
      ({ type, text }) => type === 'transcript' && text,
    );
  const room = (client: PullClient) =>
    overSocket(
      client,
      (text) => text,
      ({ type, content }) => type === 'message' && content,
    );
  const desk = (client: PullClient) =>
    overSocket(
      client,
      (content) => ({ content, sender: 'assistant' }),
      ({ message }) => (message as Told | undefined)?.content,
    );
  const talk = (client: PullClient) =>
    overSocket(
      client,
      (content) => ({ type: 'message', content }),
      ({ type, role, content }) => type === 'message' && role === 'user' && content,
    );
  const called = async (path: string) => {
    const client = await opened(dial(`/ws/session/${path}`));
    client.send({ type: 'ping' });
    return opened(client, 'pong');
  };

  async function share(room_id: string, { id: user_id = 'eve-1', name }: Who): Promise<Visitor> {
    const client = ioClient(base, { transports: ['websocket'] });
    const who = { room_id, user_id, ...(name !== undefined && { username: name }) };
    client.emit('join_room', who);
    while (!client.all.some(({ event }) => event === 'conversation_state' || event === 'error')) await tick();
    const told: string[] = [];
    return {
      say: (message) => client.emit('send_message', { ...who, message }),
      send: (raw) => client.emit(...(raw as [string])),
      complaint: async () => complaintIn((await within(client.next('error'), 'a complaint')).data),
      async upTo(text) {
        while (told.at(-1) !== text) told.push(String((await within(client.next('new_message'), `the message ${text.slice(0, 40)}`)).data.message));
        return told;
      },
      gone: client.gone,
      pause: () => (client.socket.io.engine.transport as unknown as { ws: { pause(): void } }).ws.pause(),
      leave: client.close,
    };
  }

  return {
    coach: {
      open: async () => (await house.session()).id,
      end: (id) => post(`/session/${id}/finish`),
      come: async (id) => coach(await opened(dial(`/ws/${id}`), 'hello')),
      async watch(id) {
        const { token } = await json(post(`/session/${id}/tokens`, { role: 'viewer' }));
        return coach(await opened(dial(`/ws/${id}`, { authorization: `Bearer ${token}` }), 'hello'));
      },
      named: (_id, user_name) => refused(post('/session', { context: 'A talk', goal: 'stay calm', user_name })),
    },
    room: {
      open: async () => (await json(post('/room/create', { participant_id: 'ann', agents: false }))).room_id!,
      end: async (id) => (await house.house.hub.find(id))!.append({ by: 'house', type: 'ended', why: 'Done' }),
      come: async (id, who = {}) => room(await opened(dial(`/ws/${id}?${query(who, 'participant_id')}`), 'room_state')),
      watch: async (id) => room(await opened(dial(`/ws/${id}?participant_id=ben`), 'room_state')),
      named: async (id, name) => room(await opened(dial(`/ws/${id}?${query({ name }, 'participant_id')}`))).complaint(),
    },
    desk: {
      open: async () => (await json(post('/api/sessions', {}))).id!,
      end: (id) => post(`/api/sessions/${id}/end`),
      come: async (id) => desk(await opened(dial(`/ws/${id}?after=0`))),
      watch: async (id) => desk(await opened(dial(`/ws/${id}?after=0`))),
      named: (_id, title) => refused(post('/api/sessions', { title })),
    },
    talk: {
      // it is there as soon as somebody comes
      open: async () => crypto.randomUUID(),
      async end(id) {
        await called(`${id}?format=json`);
        await post(`/api/talks/${id}/end`);
      },
      come: async (id, who = {}) => talk(await called(`${id}?format=json&user_id=${who.id ?? 'eve'}`)),
      watch: async (id) => talk(await called(`${id}?format=json&after=0`)),
      named: async (id, name) => talk(await called(`${id}?format=json&user_id=${name}`)).complaint(),
    },
    share: {
      open: async () => (await json(post('/api/conversations/create', {}))).room_id!,
      end: (id) => post(`/api/conversations/${id}/end`),
      come: (id, who = {}) => share(id, who),
      watch: (id) => share(id, { id: 'ben-1' }),
      named: async (id, name) => (await share(id, { name })).complaint(),
    },
  };
}

const tick = () => new Promise((resolve) => setTimeout(resolve, 2));
