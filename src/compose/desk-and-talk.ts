import type { Brain } from '../agents/coach.ts';
import { farewell } from '../agents/farewell.ts';
import { callers as callersOf } from '../api/callers.ts';
import { type ChatSocketParts, chatSockets } from '../api/chat-socket.ts';
import { desk, uncounted } from '../api/desk.ts';
import { talk } from '../api/talk.ts';
import type { Hub } from '../core/hub.ts';
import type { Brains } from './brain.ts';

export type DeskAndTalkParts = {
  readonly hub: Hub;
  readonly brain: Brains;
  /** What is needed to ask a model safely. */
  readonly asked: Omit<Brain, 'model' | 'patience'>;
  readonly chat: ChatSocketParts;
};

/** The sockets of the desk and of talks, and who is connected to which talk; talks under which a process died are closed when it is clear that nobody comes back. */
export function deskAndTalk({ hub, brain, asked: { newMark, redact = [] }, chat }: DeskAndTalkParts) {
  const { clock, budgets, stop } = chat;
  const goodbye = farewell({ model: brain.talker, name: brain.chosen.name, clock, patience: budgets.talkSummary, newMark, redact });
  const callers = callersOf({ hub, farewell: goodbye, clock, grace: budgets.talkGrace, most: budgets.socketsPerSession, stop });
  callers.settleAll().catch(() => undefined);
  return { callers, desk: chatSockets(desk, { ...chat, here: uncounted }), talk: chatSockets(talk, { ...chat, here: callers }) };
}
