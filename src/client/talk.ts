import type { TalkAnswer, TalkNews } from '../wire/talk.ts';
import { ask } from './ask.ts';
import { type ChatLine, chatLine } from './chat-line.ts';
import { type LineState, socketAddress } from './steady-line.ts';
import { browser } from './surroundings.ts';

export type { TalkNews };

/** A talk as it is kept: its events, and once it is over when it ended and what it was about. */
export type TalkRecord = TalkAnswer;

/** A talk as it is kept. */
export const talkOf = (base: string, id: string, key?: string, around = browser): Promise<TalkRecord> =>
  ask(base, `/api/talks/${encodeURIComponent(id)}`, { key }, around);

export type TalkOptions = {
  base: string;
  /** A UUID that whoever begins the talk makes up. */
  id: string;
  user?: string | undefined;
  key?: string | undefined;
  onNews(news: TalkNews): void;
  onState(state: LineState): void;
  around?: typeof browser;
};

/** Begins a talk, or goes on with it, and tells the answers as they form and every tool that is used. */
export function beginTalk(
  { base, id, user, key, onNews, onState, around = browser }: TalkOptions,
  stop: AbortSignal,
): Pick<ChatLine, 'say' | 'again'> {
  const address = (after: number) => socketAddress(base, `/ws/session/${encodeURIComponent(id)}`, { user_id: user, after });
  return chatLine<TalkNews>({ address, protocols: ['aside.json'], key, onNews, onState, around }, stop);
}
