import type { Agent } from '../core/agent.ts';
import type { Conversation } from '../core/conversation.ts';
import { type Draft, isEntry, type News } from '../core/entry.ts';
import { latest } from '../core/flow.ts';
import { isCalled, orderIn } from '../core/orders.ts';
import type { Clock } from '../core/ports.ts';
import { redact } from '../core/redaction.ts';
import { brainHealth } from './brain-health.ts';
import type { Brain } from './coach.ts';
import { formed } from './forming.ts';
import { roomPrompt } from './room-prompt.ts';
import { byRules, ruledAnswer, saysByRules } from './room-rules.ts';
import { type Turn, turnIn } from './room-turn.ts';
import { roomAgents } from './temperaments.ts';

export type TeamParts = {
  readonly clock: Clock;
  /** Without a word of anybody for so long, in ms, whoever's turn it is answers. */
  readonly wait: number;
  /** How long an answer of the model may take, in ms. */
  readonly patience: number;
  readonly brain?: Omit<Brain, 'patience'>;
};

/** What was said longer ago than this, in ms, nobody waits to be answered any more. */
const stale = 60_000;

/** The agents of a room: they answer people, one at a time and each in another way, and stop when a person goes on or tells them to. */
export function team({ clock, wait, patience, brain }: TeamParts): Agent {
  return {
    name: 'team',
    members: roomAgents,
    async attend(talk, stop) {
      const note = (draft: Draft) => talk.append(draft).catch(() => undefined);
      const health = brainHealth({ by: 'team', talk, note });
      let speaking: Turn['who'] | undefined;
      let waiting = false;
      let quietSince = clock.now();
      const turnNow = () => {
        const turn = turnIn(talk.entries);
        return turn && Date.parse(turn.about.at) + stale > clock.now() ? turn : undefined;
      };

      /** Everything after which it is to be seen anew who speaks; the rest does not interrupt. */
      async function* moments(): AsyncGenerator<'look'> {
        const past = talk.entries.length;
        yield 'look';
        for await (const news of talk.follow(past, stop)) {
          if (!isMoment(news, talk, speaking)) continue;
          quietSince = clock.now();
          // whoever waits waits on: in a lively room nothing has to be broken off
          if (!waiting) yield 'look';
        }
      }

      /** Waits until nobody has said or written anything for a while. */
      async function lull(hush: AbortSignal): Promise<void> {
        waiting = true;
        try {
          for (let rest = wait; rest > 0; rest = quietSince + wait - clock.now()) await clock.sleep(rest, hush);
        } finally {
          waiting = false;
        }
      }

      /** The model's words, or those of the rules where there is none or it fails. */
      async function wordsFor(turn: Turn, hush: AbortSignal): Promise<string | undefined> {
        if (!brain) return `${saysByRules(talk.entries) ? '' : `${byRules} `}${ruledAnswer(talk.entries, turn)}`;
        const { model, newMark, redact: what = [] } = brain;
        const prompt = roomPrompt(talk.entries, turn, { mark: newMark(), redact: (text) => redact(text, what) });
        const tell = (text: string) => talk.signal({ type: 'token', by: turn.who.id, about: turn.about.seq, text });
        const text = await formed(prompt, { model, clock, patience, health }, tell, hush);
        return hush.aborted ? undefined : (text ?? ruledAnswer(talk.entries, turn));
      }

      async function speak(turn: Turn, hush: AbortSignal): Promise<void> {
        const by = turn.who.id;
        speaking = turn.who;
        talk.signal({ type: 'typing', by, active: true });
        try {
          const text = await wordsFor(turn, hush);
          // somebody may have gone on while nobody looked
          if (text !== undefined && !hush.aborted && isStill(talk, turn))
            await talk.append({ by, type: 'said', text, via: 'text', about: turn.about.seq });
        } finally {
          speaking = undefined;
          talk.signal({ type: 'typing', by, active: false });
        }
      }

      await latest(
        moments(),
        async (_, hush) => {
          if (!turnNow()) return;
          await lull(hush);
          const turn = turnNow();
          if (turn) await speak(turn, hush);
        },
        stop,
      );
    },
  };
}

const isStill = ({ entries }: Conversation, { who, about }: Turn): boolean => {
  const now = turnIn(entries);
  return now?.about === about && now.who === who;
};

/** Whether this changes whose turn it is, or breaks off whoever speaks; people who write are waited for. */
function isMoment(news: News, { entries }: Conversation, speaking: Turn['who'] | undefined): boolean {
  if (!isEntry(news)) return news.type === 'typing' && !speaking && !roomAgents.has(news.by);
  if (news.type === 'left' || news.type === 'ended') return turnIn(entries) === undefined;
  if (news.type !== 'said' || roomAgents.has(news.by)) return false;
  const order = orderIn(news.text);
  if (!order || order.deed === 'unmute') return !order;
  if (order.deed === 'agents' || !speaking) return false;
  return order.whom === undefined || isCalled(speaking.id, speaking.name, order.whom);
}
