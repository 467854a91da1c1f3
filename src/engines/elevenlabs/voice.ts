import { VendorProblem } from '../vendor-problem.ts';
import type { ElevenLabsVoiceOptions } from './voice-options.ts';
import { elevenLabsSocketVoice, type WarmVoice } from './voice-socket.ts';
import { elevenLabsStreamVoice } from './voice-stream.ts';

/** A voice of ElevenLabs, in the quickest way that its model has. */
export function elevenLabsVoice(options: ElevenLabsVoiceOptions & { readonly idle?: number }): WarmVoice {
  if (/^eleven_v4/.test(options.model))
    throw new VendorProblem(
      'settings',
      `The model ${options.model} speaks only in a way that Aside does not know yet. Choose eleven_flash_v2_5, which is quicker.`,
      { fatal: true },
    );
  if (!/^eleven_v3/.test(options.model)) return elevenLabsSocketVoice(options);
  const nothing = async () => undefined;
  return { ...elevenLabsStreamVoice(options), warm: nothing, rest: nothing, close: nothing };
}
