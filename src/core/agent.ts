import type { Conversation } from './conversation.ts';
import { isEntry } from './entry.ts';
import { asProblem } from './problem.ts';

/** Somebody who takes part on their own account: follows the conversation and appends to it until stopped. */
export interface Agent {
  readonly name: string;
  /** Those as whom it takes part, by who they are, where it is not itself. */
  readonly members?: ReadonlyMap<string, string>;
  attend(talk: Conversation, stop: AbortSignal): Promise<void>;
}

/** Waits until somebody else has added something. */
async function nextFromOthers(talk: Conversation, name: string, stop: AbortSignal): Promise<void> {
  for await (const news of talk.follow(talk.entries.length, stop)) if (isEntry(news) && news.by !== name) return;
}

/** Seats an agent: it joins once and attends; a failure becomes an entry, and it is back with the next thing that happens. */
export async function seat(talk: Conversation, agent: Agent, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      const known = new Set(talk.entries.flatMap(({ type, by }) => (type === 'joined' ? [by] : [])));
      const members = [...(agent.members ?? new Map([[agent.name, agent.name]]))].filter(([by]) => !known.has(by));
      await Promise.all(members.map(([by, name]) => talk.append({ by, type: 'joined', name, role: 'agent' })));
      if (!stop.aborted) await agent.attend(talk, stop);
      return;
    } catch (error) {
      if (stop.aborted) return;
      const problem = asProblem(
        error,
        'brain_failed',
        `The ${agent.name} stumbled and may have missed a moment; it is back with the next thing said.`,
      );
      await talk.append({ by: agent.name, type: 'failed', part: 'brain', code: problem.code, message: problem.message }).catch(() => undefined);
      await nextFromOthers(talk, agent.name, stop);
    }
  }
}
