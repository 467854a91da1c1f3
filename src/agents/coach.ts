import type { Agent } from '../core/agent.ts';
import type { Draft } from '../core/entry.ts';
import { latest } from '../core/flow.ts';
import { type Meter, noMeter } from '../core/meter.ts';
import type { Clock, Voice } from '../core/ports.ts';
import { type Advise, type Cue, listening } from './listening.ts';
import { reflexes } from './reflexes.ts';
import { type Speech, speech } from './speech.ts';

export type CoachParts = { readonly voice?: Voice; readonly advise?: Advise; readonly clock: Clock; readonly meter?: Meter };

const by = 'coach';

/** Sits beside the user: advises at the right moment, notes why it kept quiet, and stops talking when the user begins. */
export function coach({ voice, advise = reflexes, clock, meter = noMeter }: CoachParts): Agent {
  return {
    name: by,
    async attend(talk, stop) {
      const notes = new Set<Promise<unknown>>();
      const note = (draft: Draft, lost: () => void = () => undefined) => {
        const noted: Promise<unknown> = talk
          .append(draft)
          .catch(lost)
          .finally(() => notes.delete(noted));
        notes.add(noted);
      };
      const mute = talk.entries.some((entry) => entry.type === 'opened' && entry.settings?.text_only);
      const mouth = voice && !mute ? speech({ by, voice, talk, clock, note, closing: stop }) : undefined;
      try {
        await latest(cuesFor(mouth, listening({ by, talk, advise, clock, meter, note }, stop)), (cue, hush) => said(mouth, cue, hush), stop);
      } finally {
        await Promise.allSettled(notes);
      }
    },
  };
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
