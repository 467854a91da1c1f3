import { randomUUID } from 'node:crypto';
import { roomCommand } from '../../src/wire/rooms.ts';
import { talkCommand } from '../../src/wire/talk.ts';
import { type Deed, type Mode, mayDo, roleAt, states } from './gate-people.ts';
import type { Findings, Standing } from './gate-stand.ts';
import type { PullClient } from './pull-client.ts';
import { within } from './within.ts';

type Command = { readonly deed: Deed; readonly message: object | Uint8Array; readonly isKept?: true };

/** A door of sockets: its address, each of its commands, and a frame that whoever is in gets answered whatever they may. */
type Chat = {
  readonly kind: 'room' | 'desk' | 'talk';
  readonly path: string;
  readonly protocol: string;
  readonly known: readonly string[];
  readonly commands: Readonly<Record<string, Command>>;
  readonly mark: object | string;
  readonly marked: (told: Record<string, unknown>) => boolean;
  /** An id of the same shape that no conversation has. */
  readonly unknown: (id: string) => string;
};

const namesIn = ({ options }: { options: readonly { shape: { type: { value: string } } }[] }) => options.map(({ shape }) => shape.type.value);
const ping = { mark: { type: 'ping' }, marked: ({ type }: Record<string, unknown>) => type === 'pong' };
const said: Command = { deed: 'speak', message: { type: 'message', content: 'let me in' }, isKept: true };
const pinged: Command = { deed: 'watch', message: { type: 'ping' } };
const room = {
  kind: 'room',
  known: namesIn(roomCommand),
  commands: {
    message: said,
    typing: { deed: 'speak', message: { type: 'typing' } },
    stop: { deed: 'watch', message: { type: 'stop' } },
    sound: { deed: 'speak', message: new Uint8Array(16).fill(7) },
    ping: pinged,
  },
  unknown: (id: string) => 'A'.repeat(id.length),
  ...ping,
} as const;
const desk = {
  kind: 'desk',
  known: ['content'],
  commands: { content: { deed: 'speak', message: { content: 'let me in' }, isKept: true } },
  mark: 'no JSON at all',
  marked: ({ code }: Record<string, unknown>) => code === 'unreadable',
  unknown: () => randomUUID(),
} as const;
const talk = { kind: 'talk', known: namesIn(talkCommand), commands: { message: said, ping: pinged }, unknown: () => randomUUID(), ...ping } as const;
const chats: readonly Chat[] = [
  { ...room, path: '/ws/', protocol: 'aside.v1' },
  { ...desk, path: '/ws/', protocol: 'aside.v1' },
  { ...talk, path: '/ws/', protocol: 'aside.v1' },
  { ...talk, path: '/ws/session/', protocol: 'aside.json' },
];

/** Waits until everything that was sent before is over; whether that was answered, or the socket closed instead. */
async function answered(client: PullClient, { mark, marked }: Chat, cell: string): Promise<boolean> {
  const next = async () => {
    client.send(mark);
    while (!marked(await client.next()));
  };
  return within(
    next().then(
      () => true,
      () => false,
    ),
    `${cell}: an answer, or the end of the socket`,
  );
}

/** Everybody at the sockets of rooms, desks and talks: who is in, and what each command does. */
export async function chatCells(here: Standing, mode: Mode, found: Findings): Promise<void> {
  for (const chat of chats) {
    const { kind, path, protocol, known, commands } = chat;
    const where = `${mode}: ${path} of a ${kind}`;
    found.rowless.push(...known.filter((name) => !Object.hasOwn(commands, name)).map((name) => `${where}: ${name}`));
    const { id, tokens, talk } = await here.session(kind);
    const spoken = () => talk.entries.filter((entry) => entry.type === 'said' && entry.text === 'let me in').length;

    /** Comes in by what is shown with the address, or by what is said first; and what came of it. */
    const enter = async (to: string, token: string | undefined, isSaid: boolean, cell: string) => {
      const client = here.dial(to, isSaid ? undefined : token, path, protocol);
      await within(
        client.opened.catch(() => undefined),
        `${cell}: a socket that opens or is refused`,
      );
      if (isSaid) client.send({ type: 'auth', token });
      return { client, isIn: await answered(client, chat, cell) };
    };
    const refusal = async ({ client: { closed, all } }: Awaited<ReturnType<typeof enter>>, cell: string) =>
      JSON.stringify([await within(closed, `${cell}: the close of a socket that nobody lets in`), all]);

    for (const state of states) {
      const [role, token] = [roleAt(kind)(state, mode), tokens[state]];
      const may = mayDo(role, 'watch');
      // where a link or an id is enough, nobody is asked who they are
      const ways = token !== undefined && mode === 'keys' && kind !== 'room' ? [false, true] : [false];
      for (const isSaid of ways) {
        const cell = `${where} as ${state}${isSaid ? ', who says so first' : ''}`;
        found.cells += Object.keys(commands).length;
        const entered = await enter(id, token, isSaid, cell);
        const { client, isIn } = entered;
        if (isIn !== may) found[isIn ? 'in' : 'out'].push(`${cell}: ${isIn ? 'let in' : 'not let in'}`);
        if (!isIn) {
          const told = await refusal(entered, cell);
          // who comes to an id of their own may have a talk opened by it, unless that takes a key
          const isSame = may || (chat.path === '/ws/session/' && mode === 'open');
          if (!isSame && told !== (await refusal(await enter(chat.unknown(id), token, isSaid, cell), cell))) found.differ.push(cell);
          continue;
        }
        for (const [name, { deed, message, isKept }] of Object.entries(commands)) {
          const [before, told] = [spoken(), client.all.length];
          if (message instanceof Uint8Array) client.bytes(message);
          else client.send(message);
          if (!(await answered(client, chat, `${cell}: ${name}`))) found.out.push(`${cell}: ${name}: the socket closed`);
          const refused = client.all.slice(told).filter(({ code }) => code === 'forbidden').length;
          const done = spoken() > before;
          if (!mayDo(role, deed) && (refused !== 1 || done)) found.in.push(`${cell}: ${name}`);
          if (mayDo(role, deed) && (refused > 0 || done !== (isKept ?? false))) found.out.push(`${cell}: ${name}`);
        }
        client.terminate();
        await within(client.closed, `${cell}: the end of a socket that was cut`);
      }
    }
  }
}
