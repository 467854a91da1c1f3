import type { Clock } from '../../src/core/ports.ts';
import { elevenLabsSocketVoice } from '../../src/engines/elevenlabs/voice-socket.ts';
import { elevenLabsStreamVoice } from '../../src/engines/elevenlabs/voice-stream.ts';
import { openAiVoice } from '../../src/engines/openai/voice.ts';
import type { PaidVoice, Spent, Waits } from '../../src/engines/vendor-voice.ts';
import { simulatedElevenLabs } from './vendors/elevenlabs-service.ts';
import type { FaultScript } from './vendors/faults.ts';
import { simulatedOpenAi } from './vendors/openai-simulator.ts';
import type { Call } from './vendors/vendor-server.ts';

/** A vendor's voice, and the simulated vendor behind it. */
export type Staged = {
  readonly voice: PaidVoice;
  readonly vendor: {
    readonly faults: FaultScript;
    readonly openSockets: number;
    readonly waiting: number;
    readonly billed: { readonly characters: number };
    readonly calls: readonly Call[];
  };
  close(): Promise<void>;
};

type Parts = { readonly clock: Clock; readonly waits?: Waits; readonly spent?: Spent };

const flash = { key: 'a key', voice: 'Rachel', model: 'eleven_flash_v2_5' };

/** Every voice that is somewhere else, each with a vendor of its own. */
export const vendorVoices: Readonly<Record<string, (parts: Parts) => Promise<Staged>>> = {
  'ElevenLabs over its socket': async (parts) => {
    const vendor = await simulatedElevenLabs();
    const voice = elevenLabsSocketVoice({ ...parts, ...flash, url: vendor.url });
    return { voice, vendor, close: () => voice.close().then(() => vendor.close()) };
  },
  'ElevenLabs over HTTP': async (parts) => {
    const vendor = await simulatedElevenLabs();
    return { voice: elevenLabsStreamVoice({ ...parts, ...flash, url: vendor.url }), vendor, close: () => vendor.close() };
  },
  OpenAI: async (parts) => {
    const vendor = await simulatedOpenAi();
    return {
      voice: openAiVoice({ ...parts, key: 'sk-test', url: vendor.url, model: 'gpt-4o-mini-tts', voice: 'marin' }),
      vendor,
      close: () => vendor.close(),
    };
  },
  speaches: async (parts) => {
    const vendor = await simulatedOpenAi({ like: 'speaches' });
    return { voice: openAiVoice({ ...parts, url: vendor.url, model: 'kokoro', voice: 'af_heart' }), vendor, close: () => vendor.close() };
  },
};
