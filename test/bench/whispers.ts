import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { spoken } from '../support/dialogue.ts';
import { loudDetector } from '../support/listening.ts';
import { served } from '../support/served.ts';
import { counting, toneTranscriber } from '../support/tone-words.ts';
import { joined } from '../support/wav.ts';
import { webmOf } from '../support/webm-writer.ts';
import { pause, quantile } from './bench-measure.ts';
import { longQuestions, type PartnerTurn } from './bench-partner-turns.ts';
import type { VendorDelays } from './bench-vendors.ts';

const sessions = 20;
const turnsEach = 13;
const chunkMs = 100;
/** Between two turns, so that something may be said about each. */
const restMs = 9_500;
/** So long after a turn the user answers, in words that are handed in: people take turns. */
const answerMs = 5_000;
const delays: VendorDelays = { words: 280, behind: 120, every: 250, firstToken: 450, tokensPerSecond: 60, sound: 120 };
/** What the stand-in for a model writes until its whisper is whole and rests on something: `{"speak":true,"ear":"…","lines":[12],"kind":"answer",` at four letters a token. */
const tokens = 22;

const silence = (ms: number) => new Int16Array(ms * 16);
const tone = (index: number) => counting(index, [1], 0).subarray(400 * 16, 600 * 16);

/** A turn in tones: its number, then each of its words. */
function soundOf(index: number, { words, wordMs }: PartnerTurn): Int16Array[] {
  const gap = (word: string) => silence((/[.?!]$/.test(word) ? 400 : 0) + Math.max(60, wordMs - 200));
  return [tone(index), silence(100), ...words.flatMap((word, at) => [tone(at), ...(at < words.length - 1 ? [gap(word)] : [])])];
}

type Timing = { readonly pause_noticed?: number; readonly words_final?: number; readonly first_sound?: number };

/** Ears, a model and a voice, or an agent in place of all three. */
const three = { EARS: 'elevenlabs', VOICE: 'elevenlabs', BRAIN: 'openai' };
const agent = { EARS: 'auto', COACH: 'elevenlabs-agent', ELEVENLABS_AGENT: 'coach' };

/** Many talks at once, over sockets, through the whole house against simulated vendors. */
async function talks(delays: VendorDelays, who: Record<string, string>) {
  const vendors = new Worker(new URL('./bench-vendors.ts', import.meta.url), { workerData: delays });
  const [at] = (await once(vendors, 'message')) as [{ elevenLabs: string; openAi: string }];
  const service = await served(
    {
      ...who,
      STORE: 'sqlite',
      LOG_LEVEL: 'debug',
      ELEVENLABS_API_KEY: 'simulated',
      ELEVENLABS_URL: at.elevenLabs,
      OPENAI_API_KEY: 'simulated',
      OPENAI_BASE_URL: at.openAi,
      OPENAI_DIALECT: 'openai',
    },
    { detector: loudDetector, localEar: toneTranscriber },
  );
  const { samples: hello } = await spoken([{ voice: 'awb', text: "Hi, I'm Alex, and I am happy to be here with you today." }]);
  const recording = (first: number) => {
    const sound = [hello, silence(3_000)];
    const answersAt: number[] = [];
    for (let count = 0; count < turnsEach; count += 1) {
      const index = (first + count * 3) % longQuestions.length;
      sound.push(...soundOf(index, longQuestions[index]!), silence(restMs));
      answersAt.push(joined(sound).length / 16 - restMs + answerMs);
    }
    return { chunks: webmOf(joined(sound), { chunkMs, bitrate: 32_000 }), answersAt };
  };
  const recordings = [0, 1, 2].map(recording);

  const live = async (index: number) => {
    await pause(index * 313);
    const { id } = await service.session({ context: 'A job interview', goal: 'be at ease', user_name: 'Alex', settings: { cadence: 5 } });
    const client = await service.connect(id);
    const { chunks, answersAt } = recordings[index % 3]!;
    const begun = performance.now();
    let answered = 0;
    for (const [count, chunk] of chunks.entries()) {
      await pause(Math.max(0, begun + count * chunkMs - performance.now()));
      client.bytes(chunk);
      if (count * chunkMs < (answersAt[answered] ?? Number.POSITIVE_INFINITY)) continue;
      answered += 1;
      client.send({ type: 'said', text: 'I see what you mean by that.', speaker: 'user' });
    }
    client.terminate();
  };
  await Promise.all(Array.from({ length: sessions }, (_, index) => live(index)));
  const timings = service.log.flatMap((line) => {
    const { timing } = JSON.parse(line) as { timing?: Timing };
    return timing?.first_sound === undefined || timing.pause_noticed === undefined ? [] : [timing as Required<Timing>];
  });
  const metrics = await (await fetch(`${service.base}/metrics`)).text();
  const drafts = (how: string) => Number(new RegExp(`aside_drafts_total\\{how="${how}"\\} (\\d+)`).exec(metrics)?.[1]);
  const counts = { asked: drafts('asked'), ahead: drafts('ahead'), ready: drafts('ready'), late: drafts('late'), wasted: drafts('wasted') };
  await service[Symbol.asyncDispose]();
  await vendors.terminate();
  return {
    first: timings.map(({ first_sound, pause_noticed }) => first_sound - pause_noticed),
    afterWords: timings.map(({ first_sound, words_final }) => first_sound - words_final),
    counts,
  };
}

/** What thinking ahead gains at twenty talks at once, at real pace over sockets, against simulated services. */
export async function bench(print: (line: string) => void): Promise<void> {
  const sum = delays.words + delays.firstToken + ((tokens - 1) * 1_000) / delays.tokensPerSecond + delays.sound;
  print(
    `${sessions} talks at once, ${turnsEach} turns each, at real pace over sockets through the whole house (SQLite), against simulated services.`,
  );
  print(
    `One delay after the other: words ${delays.words} + first token ${delays.firstToken} + ${tokens} tokens at ${delays.tokensPerSecond} a second + voice ${delays.sound} = ${sum.toFixed(0)} ms.`,
  );
  for (const [name, way] of [
    ['without partial words', { ...delays, every: 1e9 }],
    ['with clean partial words', delays],
  ] as const) {
    const { first, afterWords, counts } = await talks(way, three);
    const turns = counts.asked - counts.wasted;
    const [p50, p95] = [quantile(first, 0.5), quantile(first, 0.95)];
    print(
      `${name}: pause told → first sound p50 ${p50} ms (× ${(p50 / sum).toFixed(2)}, goal ≤ 0.5), p95 ${p95} ms (× ${(p95 / sum).toFixed(2)}, goal ≤ 0.8); words final → first sound p50 ${quantile(afterWords, 0.5)} ms; ${first.length} whispers`,
    );
    print(
      `  ready when the words are final ${((100 * counts.ready) / turns).toFixed(0)} % of ${turns} turns that the model was asked about (goal ≥ 60); ${(counts.asked / turns).toFixed(2)} questions a turn (goal ≤ 1.7): ${JSON.stringify(counts)}`,
    );
  }
  const answered = sum - delays.sound;
  const { first, afterWords } = await talks({ ...delays, answered }, agent);
  const [p50, p95] = [quantile(first, 0.5), quantile(first, 0.95)];
  print(
    `an agent as the coach, which needs as long for all three (answer ${answered.toFixed(0)} ms after the turn, first sound ${delays.sound} ms later): pause told → first sound p50 ${p50} ms (× ${(p50 / sum).toFixed(2)}), p95 ${p95} ms (× ${(p95 / sum).toFixed(2)}); words final → first sound p50 ${quantile(afterWords, 0.5)} ms; ${first.length} whispers`,
  );
}
