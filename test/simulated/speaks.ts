import { fliteVoice } from '../../src/engines/local/flite-voice.ts';
import { resampled } from '../support/vendors/pcm-formats.ts';
import type { Speaks } from '../support/vendors/spoken-words.ts';
import { joined, readWav } from '../support/wav.ts';

/** Speaks by the flite of this machine; nothing where it cannot. */
export async function fliteSpeaks(): Promise<Speaks | undefined> {
  const flite = fliteVoice({ voice: 'slt' });
  const never = new AbortController().signal;
  try {
    await flite.warm();
  } catch {
    return undefined;
  }
  return async (text, rate) => {
    const parts: Int16Array[] = [];
    for await (const { data } of flite.speak(text, never)) {
      const wav = readWav(data);
      parts.push(resampled(wav.samples, wav.rate, rate));
    }
    return joined(parts);
  };
}
