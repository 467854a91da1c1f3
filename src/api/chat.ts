import type { Conversation } from '../core/conversation.ts';
import type { Draft, EntryOf, News, Signal } from '../core/entry.ts';
import type { Problem } from '../core/problem.ts';
import type { Line } from './line.ts';

/** Somebody at the door of a chat: who they say they are, and the number of the last entry that they have. */
export type Guest = {
  readonly id: string;
  readonly name: string;
  readonly after?: number;
  /** They are told plain text. */
  readonly plain?: boolean;
  /** What they do not want to be told. */
  readonly without?: News['type'];
};

/** What a frame asks for: something to write down, under the client's own id of it, to tell those present, an answer, or an answer when everything heard is written down. */
export type ChatCommand =
  | { readonly draft: Draft; readonly id?: string }
  | { readonly signal: Signal }
  | { readonly answer: object }
  | { readonly heardOut: object };

/** How one of the chats speaks: wire to house and back, and nothing else. */
export interface ChatDoor {
  /** Who comes in, by what their address says. */
  guest(query: unknown, newId: () => string, line: Pick<Line, 'plain'>): Guest;
  /** Wire to house: what a text frame means. */
  hear(text: string, guest: Guest, talk: Conversation): ChatCommand;
  /** House to wire: what everybody is told. */
  tell(news: News, talk: Conversation): object | undefined;
  /** What the sender of a message is told instead. */
  ack(entry: EntryOf<'said'>, id: string | undefined, talk: Conversation): object;
  /** What somebody is told first who comes in. */
  greet?(talk: Conversation, guest: Guest): object;
  /** Why sound is not heard here, where it never is. */
  sound?(): Problem;
}
