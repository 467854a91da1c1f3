import type { Clock, Voice } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { mannered } from './manners.ts';

/** How long a voice may keep its listener waiting, in ms: for the first sound, for each further piece, in all. */
const first = 1_500;
const between = 1_500;
const total = 15_000;

/** A voice that is never waited for too long: what does not come in time stays text. */
export function politeVoice(voice: Voice, clock: Clock): Voice {
  const problem = (_lapse: string, cause?: unknown) =>
    new Problem('voice_failed', 'The suggestion could not be spoken in time, so it is shown as text only. The next one will be spoken again.', {
      cause,
    });
  return { speak: (text, stop) => mannered((halt) => voice.speak(text, halt), { clock, first, between, total, problem }, stop) };
}
