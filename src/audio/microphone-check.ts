import type { Conversation } from '../core/conversation.ts';
import { asProblem } from '../core/problem.ts';
import type { Activity } from './activity.ts';

/** So many seconds louder than this, in dB, without a word: that is a broken or wrong microphone, not a quiet room. */
const PATIENCE = 20;
const LOUD = -45;

const noisy =
  'The microphone sends noise but no speech so far, so there are no words to work with. Check which microphone is chosen, come closer to it, or switch off what hums nearby; Aside keeps listening.';
const broken = 'What the microphone sends cannot be read, so nothing more is heard from it. Start the recording again; what was said before is kept.';

/** Tells the user once when the microphone cannot be the right one, and when it is right after all. */
export function microphoneCheck(talk: Conversation) {
  let told = talk.entries.some((entry) => entry.type === 'failed' && entry.part === 'microphone');
  let spoken = false;
  let loud = 0;
  let complained = false;
  return {
    async notice(event: Activity): Promise<void> {
      if (event.type === 'onset') {
        spoken = true;
        if (complained) await talk.append({ by: 'ear', type: 'recovered', part: 'microphone', message: 'The microphone brings speech now.' });
        complained = false;
      }
      if (event.type !== 'quiet' || spoken || told) return;
      loud = event.level > LOUD ? loud + 1 : 0;
      if (loud < PATIENCE) return;
      told = true;
      complained = true;
      await talk.append({ by: 'ear', type: 'failed', part: 'microphone', code: 'microphone_unreadable', message: noisy });
    },
    async broken(error: unknown): Promise<void> {
      const problem = asProblem(error, 'microphone_unreadable', broken);
      await talk.append({ by: 'ear', type: 'failed', part: 'microphone', code: problem.code, message: problem.message });
    },
  };
}
