import type { Chosen } from '../cli/greeting.ts';
import type { ServiceSettings } from '../config.ts';
import type { Budgets } from '../core/budgets.ts';
import type { EntryOf } from '../core/entry.ts';
import type { Voice } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { ffmpegMp3 } from '../engines/ffmpeg/mp3.ts';
import { fliteVoice, fliteVoices, isFliteName } from '../engines/local/flite-voice.ts';
import { politeVoice } from '../engines/polite-voice.ts';
import { realClock as clock } from '../engines/real-clock.ts';
import { wholeMp3 } from '../engines/whole-mp3.ts';

export type Voices = { chosen: Chosen; voiceOf: (opened: EntryOf<'opened'>) => Voice | undefined; rest: () => void; close: () => Promise<void> };

const restless = { rest: () => undefined, close: async () => undefined };

/** Who whispers, for each session. */
export function chooseVoice(settings: ServiceSettings, ffmpeg: string | undefined, budgets: Budgets): Voices {
  const name = settings.VOICE;
  if (name === 'none')
    return {
      chosen: { name: 'none', about: 'none: suggestions are text only.', better: 'VOICE=auto whispers them.' },
      voiceOf: () => undefined,
      ...restless,
    };
  if (name !== 'auto' && !isFliteName(name))
    throw new Problem('settings', `VOICE is “${name}”, but should be auto, none or one of ${fliteVoices.join(', ')}.`);
  const flite = fliteVoice(isFliteName(name) ? { voice: name } : {});
  // a voice that is cold when it fails to warm up says so when somebody wants to hear it
  let warm = false;
  const encode = ffmpeg === undefined ? undefined : ffmpegMp3({ path: ffmpeg });
  return {
    chosen: {
      name: 'flite',
      about: 'flite, embedded: plain, quick, English; nothing leaves this machine.',
      better: `VOICE=${name === 'slt' ? 'rms' : 'slt'} sounds different.`,
    },
    voiceOf({ settings: wishes }) {
      if (wishes?.text_only) return undefined;
      const voice = wishes?.voice && isFliteName(wishes.voice) ? flite.as(wishes.voice) : flite;
      if (!warm) flite.warm().catch(() => undefined);
      warm = true;
      return politeVoice(wishes?.audio === 'mp3' && encode ? wholeMp3(voice, encode) : voice, clock, budgets);
    },
    rest() {
      warm = false;
      void flite.rest();
    },
    close: () => flite.close(),
  };
}

/** A voice that was brought along. */
export const voiceBrought = (voice: Voice, budgets: Budgets): Voices => ({
  chosen: { name: 'brought', about: 'brought along.' },
  voiceOf: () => politeVoice(voice, clock, budgets),
  ...restless,
});
