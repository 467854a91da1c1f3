import type { Agent } from '../core/agent.ts';
import { budgets } from '../core/budgets.ts';
import type { Draft } from '../core/entry.ts';
import { latest } from '../core/flow.ts';
import type { Guest } from '../core/guest.ts';
import { type Meter, noMeter } from '../core/meter.ts';
import type { Clock, Model, Serving, Voice } from '../core/ports.ts';
import { type Redactable, redact } from '../core/redaction.ts';
import { spokenFrom } from '../core/views.ts';
import { brainHealth } from './brain-health.ts';
import type { Patience } from './drafting.ts';
import { guestThinking } from './guest-thinking.ts';
import { type Advise, type Cue, listening } from './listening.ts';
import { reflexes } from './reflexes.ts';
import { type Speech, speech } from './speech.ts';
import { type Thinking, type ThinkingParts, thinking } from './thinking.ts';

/** A model, and what is needed to ask it safely: a random mark for each question, and what must not be told to anybody else. */
export type Brain = {
  readonly model: Model<Serving>;
  readonly newMark: () => string;
  readonly redact?: readonly Redactable[];
  readonly patience?: Patience;
};

/** Somebody elsewhere who coaches, and what is needed to tell him safely; a brain and the rules stand in for him. */
export type Visit = Omit<Brain, 'model' | 'patience'> & { readonly guest: Guest };

export type CoachParts = {
  readonly voice?: Voice<Serving>;
  readonly advise?: Advise;
  readonly brain?: Brain;
  readonly visit?: Visit;
  readonly clock: Clock;
  readonly meter?: Meter;
};

const by = 'coach';

/** Sits beside the user: advises at the right moment, notes why it kept quiet, and stops talking when the user begins. */
export function coach({ voice, advise = reflexes, brain, visit, clock, meter = noMeter }: CoachParts): Agent {
  return {
    name: by,
    async attend(talk, stop) {
      const notes = new Set<Promise<unknown>>();
      const note = (draft: Draft, lost: () => void = () => undefined) => {
        const noted = talk.append(draft).catch(() => {
          lost();
          return undefined;
        });
        const kept = noted.finally(() => notes.delete(kept));
        notes.add(kept);
        return noted;
      };
      const mute = talk.entries.some((entry) => entry.type === 'opened' && entry.settings?.text_only);
      const mouth = voice && !mute ? speech({ by, voice, talk, clock, note, closing: stop }) : undefined;
      const own = brain && mindOf(brain, { by, talk, clock, meter, note, voice: mouth && voice }, stop);
      const mind = visit ? guestThinking({ ...visit, ...redacting(visit), otherwise: own, talk, note }, stop) : own;
      try {
        await latest(cuesFor(mouth, listening({ by, talk, advise, mind, clock, meter, note }, stop)), (cue, hush) => said(mouth, cue, hush), stop);
      } finally {
        await Promise.allSettled(notes);
      }
    },
  };
}

function mindOf(
  { model, patience = budgets, ...brain }: Brain,
  {
    by,
    note,
    ...parts
  }: Omit<ThinkingParts, 'model' | 'newMark' | 'redact' | 'patience' | 'health'> & { by: string; note: (draft: Draft) => unknown },
  stop: AbortSignal,
): Thinking {
  const health = brainHealth({ by, talk: parts.talk, note, otherwise: 'reflexes', meter: parts.meter });
  return thinking({ ...parts, ...brain, ...redacting(brain), model, patience, health }, stop);
}

const redacting = ({ redact: what = [] }: { readonly redact?: readonly Redactable[] }) => ({ redact: (text: string) => redact(text, what) });

/** Reports of the listener reach the mouth at once; everything else interrupts what it says. */
async function* cuesFor(mouth: Speech | undefined, cues: AsyncIterable<Cue>): AsyncGenerator<Exclude<Cue, { over: number }>> {
  for await (const cue of cues) {
    if (cue === 'still' || 'say' in cue) yield cue;
    else mouth?.over(cue.over);
  }
}

const said = async (mouth: Speech | undefined, cue: Exclude<Cue, { over: number }>, hush: AbortSignal): Promise<void> => {
  if (cue !== 'still') await mouth?.say(cue.say.type === 'whispered' ? { ...cue.say, text: spokenFrom(cue.say) } : cue.say, hush);
};
