import { type Brought, compose } from '../../src/compose.ts';
import type { Entry } from '../../src/core/entry.ts';
import { loudDetector } from './listening.ts';
import { numberedClient } from './numbered-client.ts';
import { served } from './served.ts';
import { counting, toneTranscriber } from './tone-words.ts';
import { type ElevenLabsOptions, simulatedElevenLabs } from './vendors/elevenlabs-service.ts';
import { webmOf } from './webm-writer.ts';

/** What the simulated agent whispers; the rules would never say it. */
export const advice = 'Name your number first.';
const pieceMs = 100;
const pauseMs = 1_000;
/** An utterance is long enough that a voice is known by it. */
export const wordsEach = 8;

/** A busy machine may take its time. */
export const unhurried = { earsConnect: 20_000, earsMute: 20_000, earsLast: 20_000, modelFirst: 20_000, modelTotal: 20_000 };

let recorded: Uint8Array[] | undefined;
/** One long count, encoded once for everybody. */
const recording = () => (recorded ??= webmOf(counting(0, Array(12).fill(wordsEach), pauseMs), { chunkMs: pieceMs, bitrate: 32_000 }));

/** The whole service with an agent as its coach; what the agent cannot hear, a recogniser of tones on this machine does. */
export async function agentStage(
  options: ElevenLabsOptions = {},
  environment: Record<string, string> = {},
  brought: Brought = {},
  composes = compose,
) {
  const elevenLabs = await simulatedElevenLabs({ key: 'one', answers: () => advice, ...options });
  const keys = { ELEVENLABS_AGENT: 'coach', ELEVENLABS_API_KEY: 'one', ELEVENLABS_URL: elevenLabs.url };
  let heardHere = 0;
  const localEar: typeof toneTranscriber = {
    transcribe(...utterance) {
      heardHere += 1;
      return toneTranscriber.transcribe(...utterance);
    },
  };
  const service = await served(
    { EARS: 'auto', COACH: 'elevenlabs-agent', ...keys, ...environment },
    { detector: loudDetector, localEar, ...brought, budgets: { ...unhurried, ...brought.budgets } },
    composes,
  );
  const { id } = await service.session();
  const client = await numberedClient(`${service.base.replace('http', 'ws')}/ws/${id}`);
  const talk = (await service.house.hub.find(id))!;
  const pieces = recording();
  let sent = 0;
  let spoken = 0;
  return {
    elevenLabs,
    service,
    client,
    id,
    entries: (): readonly Entry[] => talk.entries,
    get heardHere() {
      return heardHere;
    },
    /** Everybody speaks eight words and pauses; of what follows nothing is sent yet. */
    speak(part = 1) {
      const end = 400 + (spoken + part) * (wordsEach * 260 + pauseMs) - (part === 1 ? 250 : 0);
      if (part === 1) spoken += 1;
      for (; sent < Math.floor(end / pieceMs); sent += 1) client.piece(sent + 1, sent * pieceMs, pieces[sent]!);
    },
    said: () => client.all.flatMap(({ type, text }) => (type === 'transcript' && /^w\d/.test(String(text)) ? String(text).split(' ') : [])),
    /** How many lines the log has. */
    lines: () => talk.entries.filter(({ type }) => type === 'said').length,
    health: (part: string) =>
      talk.entries.flatMap((entry) => ((entry.type === 'failed' || entry.type === 'recovered') && entry.part === part ? [entry] : [])),
    agentLines: () => elevenLabs.calls.filter(({ path }) => path === '/v1/convai/conversation'),
    async [Symbol.asyncDispose]() {
      client.terminate();
      await service[Symbol.asyncDispose]();
      await elevenLabs.close();
    },
  };
}
