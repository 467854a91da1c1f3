import { parentPort } from 'node:worker_threads';
import { simulatedElevenLabs } from '../support/vendors/elevenlabs-service.ts';
import { simulatedOpenAi } from '../support/vendors/openai-simulator.ts';
import { sphinxHears } from './hears.ts';
import { simulatedModel } from './model.ts';
import { fliteSpeaks } from './speaks.ts';

const [hears, speaks] = await Promise.all([sphinxHears(), fliteSpeaks()]);
// what the real ones take, as far as others have measured it
/** An agent with one idea. */
const answers = (turn: string) =>
  /\b(?:help|what|why|how|when|where|who|can|could|do|will)\b/i.test(turn) ? 'Answer in one sentence, then ask back.' : '…';
const elevenLabs = await simulatedElevenLabs({
  answers,
  delays: { heard: 280, spoken: 120, answered: 800 },
  quirks: { partialMs: 500 },
  ...(hears && { hears }),
  ...(speaks && { speaks }),
});
const openAi = await simulatedOpenAi({ answers: simulatedModel, delays: { firstToken: 450, spoken: 120 }, tokensPerSecond: 60 });
parentPort!.postMessage({ elevenLabs: elevenLabs.url, openAi: openAi.url, hears: hears !== undefined, speaks: speaks !== undefined });
