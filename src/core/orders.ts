import type { Entry } from './entry.ts';
import { fold } from './fold.ts';

/** What people tell the agents of a chat: to be quiet from now on or not any more, all or one of them; to break off; or to say who is there. */
export type Order = { readonly deed: 'mute' | 'unmute' | 'stop' | 'agents'; readonly whom?: string };

const order = /^\s*\/(mute|unmute|stop|agents)(?:\s+@?(\S{1,128}))?\s*$/i;

/** The order in a text, if it is one and nothing else. */
export function orderIn(text: string): Order | undefined {
  const found = order.exec(text);
  return found ? { deed: found[1]!.toLowerCase() as Order['deed'], ...(found[2] !== undefined && { whom: found[2] }) } : undefined;
}

type Agents = Map<string, { readonly name: string; readonly muted: boolean }>;

/** The agents that ever joined, by who they are, and whether they were told to be quiet. */
export const agentsIn = fold(
  (): Agents => new Map(),
  (agents, entry) => {
    if (entry.type === 'joined' && entry.role === 'agent') agents.set(entry.by, { name: entry.name, muted: agents.get(entry.by)?.muted ?? false });
    if (entry.type !== 'said' || agents.has(entry.by)) return;
    const told = orderIn(entry.text);
    if (told?.deed !== 'mute' && told?.deed !== 'unmute') return;
    for (const [id, agent] of agents)
      if (told.whom === undefined || isCalled(id, agent.name, told.whom)) agents.set(id, { ...agent, muted: told.deed === 'mute' });
  },
);

/** Whether that is what somebody is called. */
export const isCalled = (id: string, name: string, whom: string): boolean => [id.toLowerCase(), name.toLowerCase()].includes(whom.toLowerCase());

/** Whether one of the agents is called that. */
export const isAgentCalled = (entries: readonly Entry[], whom: string): boolean =>
  [...agentsIn(entries)].some(([id, { name }]) => isCalled(id, name, whom));
