import { assistant } from '../agents/assistant.ts';
import type { Brain } from '../agents/coach.ts';
import { team } from '../agents/team.ts';
import { tools as allTools } from '../agents/tools/all.ts';
import type { Tool } from '../agents/tools/tool.ts';
import type { Agent } from '../core/agent.ts';
import type { Budgets } from '../core/budgets.ts';
import type { EntryOf, Kind } from '../core/entry.ts';
import type { Clock } from '../core/ports.ts';
import type { Brains } from './brain.ts';

export type AgentParts = {
  readonly clock: Clock;
  readonly budgets: Budgets;
  readonly brain: Brains;
  /** What is needed to ask a model safely. */
  readonly asked: Omit<Brain, 'model' | 'patience'>;
  /** What the assistant can do besides talking. */
  readonly tools?: readonly Tool[];
};

type Seats = (opened: EntryOf<'opened'>, id: string) => Agent[];

/** Who sits in conversations that are not coached, by the door that they were opened by; whom somebody does without is not there. */
export function chooseAgents({ clock, budgets, brain, asked, tools = allTools }: AgentParts): Seats {
  const thinking = (id: string) => brain.talker && { brain: { ...asked, model: brain.talker(id) } };
  const answering: Seats = (_, id) => [assistant({ clock, tools, patience: budgets.tool, model: brain.talker?.(id), redact: asked.redact ?? [] })];
  const seats: Readonly<Partial<Record<Kind, Seats>>> = {
    room: (_, id) => [team({ clock, wait: budgets.agentsWait, patience: budgets.answerTotal, ...thinking(id) })],
    desk: answering,
    talk: answering,
  };
  return (opened, id) => (opened.settings?.agents === false ? [] : (seats[opened.kind]?.(opened, id) ?? []));
}
