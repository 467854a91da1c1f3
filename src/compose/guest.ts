import type { Chosen } from '../cli/greeting.ts';
import type { ServiceSettings } from '../config.ts';
import type { Budgets } from '../core/budgets.ts';
import { Problem } from '../core/problem.ts';
import type { Breaker } from '../engines/breaker.ts';
import { type ElevenLabsAgent, elevenLabsAgent } from '../engines/elevenlabs/agent.ts';
import type { Account, Purse } from '../engines/purse.ts';
import { realClock as clock } from '../engines/real-clock.ts';

/** Somebody elsewhere who coaches, and what his work is paid from and how he does. */
export type Visitor = {
  readonly chosen: Chosen;
  readonly guest: ElevenLabsAgent;
  readonly breaker: Breaker;
  readonly account: Account;
};

/** Who thinks where a coach elsewhere does, and who where he cannot. */
export const thinkingWith = (visitor: Visitor | undefined, own: Chosen): Chosen =>
  visitor ? { name: visitor.chosen.name, about: `${visitor.chosen.about} Where it fails: ${own.about}` } : own;

/** An agent at ElevenLabs as the coach, where that is asked for. */
export function chooseGuest(settings: ServiceSettings, budgets: Budgets, money: Purse, newBreaker: () => Breaker): Visitor | undefined {
  if (settings.COACH !== 'elevenlabs-agent') return undefined;
  const { ELEVENLABS_API_KEY: key, ELEVENLABS_AGENT: agent, ELEVENLABS_URL: url } = settings;
  const lacking = [...(key ? [] : ['ELEVENLABS_API_KEY']), ...(agent ? [] : ['ELEVENLABS_AGENT, the id of the agent'])];
  if (!key || !agent)
    throw new Problem('settings', `COACH=elevenlabs-agent was asked for, but something is missing. Set ${lacking.join(' and ')}, or COACH=aside.`);
  const breaker = newBreaker();
  const [heard, spoken] = [money.account('heard'), money.account('spoken')];
  // who may not speak any more need not listen either
  const account: Account = { refuses: (talk) => heard.refuses(talk) ?? spoken.refuses(talk), spend: heard.spend };
  return {
    chosen: { name: 'elevenlabs-agent', about: 'an agent at ElevenLabs; all that is said is sent to it.' },
    guest: elevenLabsAgent({
      key,
      url,
      agent,
      changes: settings.ELEVENLABS_AGENT_PROMPT === 'aside',
      clock,
      budgets,
      waits: { first: budgets.voiceFirst, between: budgets.voiceBetween, total: budgets.voiceTotal },
      breaker,
      account,
      spoken: spoken.spend,
    }),
    breaker,
    account,
  };
}
