import type { z } from 'zod';
import { roomAgents } from '../../src/agents/temperaments.ts';
import { clientMessage, serverMessage } from '../../src/wire/coach.ts';
import { deskNews } from '../../src/wire/desk.ts';
import { roomCommand, roomNews } from '../../src/wire/rooms.ts';
import { shareEvents, shareNews } from '../../src/wire/share.ts';
import { talkCommand, talkNews } from '../../src/wire/talk.ts';
import { dialogue, parted } from './wire-dialogue.ts';

type Objects = readonly z.ZodObject[];
const typesOf = (options: Objects): string[] => options.map(({ shape }) => (shape.type as z.ZodLiteral).value as string);
/** What has no type is known by the field that no other has. */
const desksOf = (options: Objects): string[] =>
  options.map(({ shape }) =>
    'type' in shape ? String((shape.type as z.ZodLiteral).value) : Object.keys(shape).find((key) => key !== 'session_id')!,
  );
const from = (door: string, sign: string, names: readonly string[]) => names.map((name) => `${door} ${sign} ${name}`);

/** Every kind of thing that is sent over the sockets of the five doors, as the schemas of src/wire have it: by door, by whom, what. */
export const socketMessages: readonly string[] = [
  ...from('coach', '>', ['bytes', ...typesOf(clientMessage.options)]),
  ...from('coach', '<', typesOf(serverMessage.options)),
  ...from('rooms', '>', ['bytes', 'text', '@', '/mute', '/unmute', '/stop', '/agents', ...typesOf(roomCommand.options)]),
  ...from('rooms', '<', typesOf(roomNews.options)),
  ...from('desk', '>', ['message']),
  ...from('desk', '<', desksOf(deskNews.options)),
  ...from('share', '>', Object.keys(shareEvents)),
  ...from('share', '<', Object.keys(shareNews)),
  ...from('talk', '>', ['text', 'format=json', 'aside.json', ...typesOf(talkCommand.options)]),
  ...from('talk', '<', ['text', ...typesOf(talkNews.options)]),
];

/** What a line says: the names of what is sent, by whatever it is known. */
function namesOf(what: string): string[] {
  if (what.startsWith('/')) return ['format=json', 'aside.json'].filter((way) => what.includes(way));
  if (/^(bytes|piece) /.test(what)) return ['bytes'];
  // a number that was told before stands without quotes
  const sent: unknown = JSON.parse(what.replace(/(?<=[:[,])\$[a-z_]+/g, '0'));
  if (Array.isArray(sent)) return [String(sent[0])];
  if (typeof sent === 'string') return ['text', ...ordersIn(sent)];
  const { type, ...rest } = sent as Record<string, unknown>;
  const text = 'content' in rest ? ordersIn(String(rest.content)) : [];
  if (typeof type === 'string') return [type, ...text];
  return 'content' in rest ? ['message'] : Object.keys(rest).filter((key) => key !== 'session_id');
}

const called = new RegExp(`@(${[...roomAgents.keys()].join('|')})\\b`);
const ordersIn = (text: string): string[] => [...(/^\/\w+/.exec(text) ?? []), ...(called.test(text) ? ['@'] : [])];

/** What the lines of a dialogue hold of all that, and which requests they ask that are answered well. */
export function heldIn(path: string, lines: readonly string[] = dialogue(path)): { messages: string[]; requests: string[] } {
  const door = path.split('/')[0]!;
  const parts = lines.map(parted);
  const messages = parts.flatMap(({ who, sign, what }) =>
    who === '' || sign === 'x' || what.startsWith('closed') ? [] : namesOf(what).map((name) => `${door} ${sign[0]} ${name}`),
  );
  const requests = parts.flatMap(({ who, sign, what }, index) => {
    const answer = parts[index + 1];
    return who === '' && sign === '>' && /^2/.test(answer?.what ?? '') ? [what.split(' ').slice(0, 2).join(' ').replace(/\?.*/, '')] : [];
  });
  return { messages, requests };
}

/** Whether a request is one of this kind, as the documentation writes its path. */
export const isRequest = (kind: string, asked: string): boolean =>
  new RegExp(`^${kind.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(asked);
