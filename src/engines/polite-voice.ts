import type { Budgets } from '../core/budgets.ts';
import type { Clock, Voice } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { mannered } from './manners.ts';

/** A voice that is never waited for too long: what does not come in time stays text. */
export function politeVoice(voice: Voice, clock: Clock, { voiceFirst: first, voiceBetween: between, voiceTotal: total }: Budgets): Voice {
  const problem = (_lapse: string, cause?: unknown) =>
    new Problem('voice_failed', 'The suggestion could not be spoken in time, so it is shown as text only. The next one will be spoken again.', {
      cause,
    });
  return { speak: (text, stop) => mannered((halt) => voice.speak(text, halt), { clock, first, between, total, problem }, stop) };
}
