import type { Conversation } from './conversation.ts';
import { asProblem } from './problem.ts';

/** Somebody who takes part on their own account: follows the conversation and appends to it until stopped. */
export interface Agent {
  readonly name: string;
  attend(talk: Conversation, stop: AbortSignal): Promise<void>;
}

/** Seats an agent: it joins once, attends, and its failure becomes an entry instead of anybody else's trouble. */
export async function seat(talk: Conversation, agent: Agent, stop: AbortSignal): Promise<void> {
  try {
    const known = talk.entries.some((entry) => entry.type === 'joined' && entry.by === agent.name);
    if (!known) await talk.append({ by: agent.name, type: 'joined', name: agent.name, role: 'agent' });
    await agent.attend(talk, stop);
  } catch (error) {
    if (stop.aborted) return;
    const problem = asProblem(error, 'brain_failed', `The ${agent.name} has stopped working; the conversation goes on without its advice.`);
    await talk.append({ by: agent.name, type: 'failed', part: 'brain', code: problem.code, message: problem.message }).catch(() => undefined);
  }
}
