import { parentPort, workerData } from 'node:worker_threads';
import { wordsIn } from '../support/tone-words.ts';
import { simulatedElevenLabs } from '../support/vendors/elevenlabs-service.ts';
import type { Heard } from '../support/vendors/growing-hearing.ts';
import { simulatedOpenAi } from '../support/vendors/openai-simulator.ts';
import { partnersModel } from './bench-partner.ts';
import { longQuestions } from './bench-partner-turns.ts';

/** How long the simulated services take, in ms, and whether the recogniser tells partial words. */
export type VendorDelays = {
  readonly words: number;
  readonly behind: number;
  readonly every: number;
  readonly firstToken: number;
  readonly tokensPerSecond: number;
  readonly sound: number;
  /** From the end of a turn to what an agent answers. */
  readonly answered?: number;
};

const { words, behind, every, firstToken, tokensPerSecond, sound, answered = 0 } = workerData as VendorDelays;

/** The first tone of a turn tells which one it is, and each later one is a word of it; what is no tone is the user. */
function hears(samples: Int16Array): Heard[] {
  const [number, ...tones] = wordsIn(samples, 0);
  if (!number) return [];
  const isTone = [number, ...tones].slice(0, -1).every(({ from, to }) => Math.abs(to - from - 200) <= 40);
  const turn = isTone ? longQuestions[Number(number.text.slice(1))] : undefined;
  if (!turn) return [{ text: "Hi, I'm Alex.", from: number.from, to: number.to }];
  return tones.slice(0, turn.words.length).map(({ from, to }, index) => ({ text: turn.words[index]!, from, to }));
}

const answers = partnersModel();
const elevenLabs = await simulatedElevenLabs({
  delays: { heard: words, partial: behind, spoken: sound, answered },
  quirks: { partialMs: every },
  hears,
  answers: (turn) => `Say one thing about it, number ${turn.length}.`,
});
const openAi = await simulatedOpenAi({
  answers: ({ messages, schema }) =>
    JSON.stringify(schema ?? null).includes('"ear"') ? answers(messages.map(({ content }) => content).join('\n')) : '{}',
  delays: { firstToken, spoken: sound },
  tokensPerSecond,
});
parentPort!.postMessage({ elevenLabs: elevenLabs.url, openAi: openAi.url });
