import type { compose } from '../../src/compose.ts';
import type { Budgets } from '../../src/core/budgets.ts';
import type { BreakerTimes } from '../../src/engines/breaker.ts';
import { loudDetector } from './listening.ts';
import { served } from './served.ts';
import { toneTranscriber } from './tone-words.ts';
import { simulatedElevenLabs } from './vendors/elevenlabs-service.ts';
import { type FaultScript, faultScript } from './vendors/faults.ts';
import type { Answers } from './vendors/openai-answers.ts';
import { simulatedOpenAi } from './vendors/openai-simulator.ts';
import type { Call } from './vendors/vendor-server.ts';

/** What can be done by somebody elsewhere. */
export const ports = ['ears', 'model', 'voice'] as const;
export type Port = (typeof ports)[number];

/** What the simulated model whispers; the rules would never say it. */
export const advice = 'Name your number first.';

/** A model that advises on the last line it was shown, and says of a whole talk only what is in its log. */
const adviser: Answers = ({ messages, schema }) => {
  const asked = JSON.stringify(schema);
  const seq = Number([...JSON.stringify(messages).matchAll(/seq\\*":(\d+)/g)].at(-1)?.[1] ?? 0);
  return asked.includes('"ear"') ? JSON.stringify({ speak: true, ear: advice, lines: [seq], kind: 'answer', screen: null }) : '{}';
};

/** So many times quicker than usual a breaker tries again. */
const scale = 20;
/** How long the one who is to fail is waited for, in ms; all others have their usual time. */
const scaled: Record<Port, Partial<Budgets>> = {
  ears: { earsConnect: 250, earsMute: 400, earsLast: 250 },
  model: { modelFirst: 200, modelTotal: 400 },
  voice: { voiceFirst: 600, voiceBetween: 300, voiceTotal: 3_000 },
};
/** How long it may take, in ms, before another must have been asked. */
export const deadlines: Record<Port, number> = { ears: 900, model: 400, voice: 600 };
export const breakerTimes: BreakerTimes = { within: 10_000 / scale, firstTry: 5_000 / scale, longestTry: 30_000 / scale, ownersTime: 60_000 / scale };

/** Who does what, so that the vendor who is to fail does nothing but what it is to fail at. */
const roles: Record<Port, Record<string, string>> = {
  ears: { EARS: 'elevenlabs', VOICE: 'openai' },
  model: { EARS: 'elevenlabs', VOICE: 'elevenlabs' },
  voice: { EARS: 'openai', VOICE: 'elevenlabs' },
};

/** Who is to fail at it; a model is always OpenAI's. */
export type Vendor = 'ElevenLabs' | 'OpenAI';

/** The same where OpenAI is to fail at what ElevenLabs does otherwise, and at which calls. */
const openAis: Partial<Record<Port, { readonly settings: Record<string, string>; readonly at: RegExp }>> = {
  ears: { settings: { EARS: 'openai', VOICE: 'elevenlabs' }, at: /realtime|transcriptions/ },
  voice: { settings: { EARS: 'elevenlabs', VOICE: 'openai' }, at: /audio\/speech/ },
};

/** The vendor who is to fail. */
export type Suspect = { readonly faults: FaultScript; readonly calls: readonly Call[]; readonly openSockets: number; readonly waiting: number };

/** How many lines are open to a vendor. */
export const openTo = ({ openSockets, waiting }: Suspect): number => openSockets + waiting;

/** The whole service with keys for everything against simulated vendors, one of whom is to fail; what hears on this machine tells that it did. */
export async function providerStage(port: Port, composes: typeof compose, budgets: Partial<Budgets> = scaled[port], by: Vendor = 'ElevenLabs') {
  const other = by === 'OpenAI' ? openAis[port] : undefined;
  const elevenLabs = await simulatedElevenLabs();
  const openAi = await simulatedOpenAi({ answers: adviser, faults: faultScript(other?.at) });
  let heardHere = 0;
  const localEar: typeof toneTranscriber = {
    transcribe(...utterance) {
      heardHere += 1;
      return toneTranscriber.transcribe(...utterance);
    },
  };
  const keys = {
    ELEVENLABS_API_KEY: 'one',
    ELEVENLABS_URL: elevenLabs.url,
    OPENAI_API_KEY: 'two',
    OPENAI_BASE_URL: openAi.url,
    OPENAI_DIALECT: 'openai',
    BRAIN: 'openai',
  };
  const brought = { detector: loudDetector, localEar, breakerTimes, budgets };
  const service = await served({ ...keys, ...roles[port], ...other?.settings }, brought, composes);
  const suspect: Suspect = port === 'model' || other ? openAi : elevenLabs;
  return {
    service,
    suspect,
    elevenLabs,
    openAi,
    get heardHere() {
      return heardHere;
    },
    /** What is still open towards the vendors. */
    get upstream() {
      return openTo(elevenLabs) + openTo(openAi);
    },
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]();
      await elevenLabs.close();
      await openAi.close();
    },
  };
}
