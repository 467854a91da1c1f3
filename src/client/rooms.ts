import type { RoomNews } from '../wire/rooms.ts';
import { ask } from './ask.ts';
import { type ChatLine, chatLine } from './chat-line.ts';
import { type LineState, socketAddress } from './steady-line.ts';
import { browser } from './surroundings.ts';

export type { RoomNews };

/** One kind of what a room tells, with only its own fields. */
export type RoomTold<Type extends RoomNews['type']> = Extract<RoomNews, { type: Type }>;

/** Somebody who takes part, by an id of their own and under the name that others see. */
export type Person = { readonly id: string; readonly name: string };

/** Opens a room and answers its id; with agents unless it is to be without. */
export const openRoom = async (
  base: string,
  by: string,
  { agents = true, key }: { agents?: boolean; key?: string | undefined } = {},
): Promise<string> => (await ask<{ room_id: string }>(base, '/room/create', { method: 'POST', key, body: { participant_id: by, agents } })).room_id;

/** Whoever has come into a room says something, is told everything from the first word on, and shows that they write. */
export interface Room extends Pick<ChatLine, 'say' | 'again'> {
  typing(active: boolean): void;
}

export type RoomOptions = {
  base: string;
  room: string;
  who: Person;
  onNews(news: RoomNews): void;
  onState(state: LineState): void;
  around?: typeof browser;
};

/** Comes into a room and stays in it, over every break of the line, until stopped. */
export function enterRoom({ base, room, who, onNews, onState, around = browser }: RoomOptions, stop: AbortSignal): Room {
  const address = (after: number) => socketAddress(base, `/ws/${encodeURIComponent(room)}`, { participant_id: who.id, name: who.name, after });
  const line = chatLine<RoomNews>({ address, greets: 'room_state', onNews, onState, around }, stop);
  return { say: line.say, again: line.again, typing: (active) => line.send({ type: 'typing', is_typing: active }) };
}
