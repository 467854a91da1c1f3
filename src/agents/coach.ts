import type { Agent } from '../core/agent.ts';
import { budgets } from '../core/budgets.ts';
import type { Draft } from '../core/entry.ts';
import { latest } from '../core/flow.ts';
import { type Meter, noMeter } from '../core/meter.ts';
import type { Clock, Model, Serving, Voice } from '../core/ports.ts';
import { type Redactable, redact } from '../core/redaction.ts';
import { brainHealth } from './brain-health.ts';
import type { Patience } from './drafting.ts';
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

export type CoachParts = {
  readonly voice?: Voice<Serving>;
  readonly advise?: Advise;
  readonly brain?: Brain;
  readonly clock: Clock;
  readonly meter?: Meter;
};

const by = 'coach';

/** Sits beside the user: advises at the right moment, notes why it kept quiet, and stops talking when the user begins. */
export function coach({ voice, advise = reflexes, brain, clock, meter = noMeter }: CoachParts): Agent {
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
      const mind = brain && mindOf(brain, { by, talk, clock, meter, note, voice: mouth && voice }, stop);
      try {
        await latest(cuesFor(mouth, listening({ by, talk, advise, mind, clock, meter, note }, stop)), (cue, hush) => said(mouth, cue, hush), stop);
      } finally {
        await Promise.allSettled(notes);
      }
    },
  };
}

function mindOf(
  { model, newMark, redact: what = [], patience = budgets }: Brain,
  {
    by,
    note,
    ...parts
  }: Omit<ThinkingParts, 'model' | 'newMark' | 'redact' | 'patience' | 'health'> & { by: string; note: (draft: Draft) => unknown },
  stop: AbortSignal,
): Thinking {
  const health = brainHealth({ by, talk: parts.talk, note });
  return thinking({ ...parts, model, newMark, patience, health, redact: (text) => redact(text, what) }, stop);
}

/** Reports of the listener reach the mouth at once; everything else interrupts what it says. */
async function* cuesFor(mouth: Speech | undefined, cues: AsyncIterable<Cue>): AsyncGenerator<Exclude<Cue, { over: number }>> {
  for await (const cue of cues) {
    if (cue === 'still' || 'say' in cue) yield cue;
    else mouth?.over(cue.over);
  }
}

const said = async (mouth: Speech | undefined, cue: Exclude<Cue, { over: number }>, hush: AbortSignal): Promise<void> => {
  if (cue !== 'still') await mouth?.say(cue.say, hush);
};
