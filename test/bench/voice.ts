import { fliteVoice } from '../../src/engines/local/flite-voice.ts';

const ADVICE = [
  'Ask her what she would do first.',
  'You have not said why you want this job. Say it now, in one sentence.',
  'He asked about your team and you answered about yourself. Go back to it.',
  'Slow down a little, breathe, and let him finish.',
  'She mentioned Lisbon twice. Ask what took her there, and then listen.',
];
const never = new AbortController().signal;
const median = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
const worst = (numbers: number[]) => Math.max(...numbers);

/** How soon after its text a suggestion is heard, and what speaking costs. */
export async function bench(print: (line: string) => void): Promise<void> {
  const cold: number[] = [];
  const ready: number[] = [];
  for (let run = 0; run < 15; run++) {
    const voice = fliteVoice();
    cold.push(await firstSound(voice, ADVICE[run % ADVICE.length]!));
    await voice.close();
    const other = fliteVoice();
    const since = performance.now();
    await other.warm();
    ready.push(performance.now() - since);
    await other.close();
  }
  print(`text → first sound, thread not started: median ${median(cold).toFixed(0)} ms, worst ${worst(cold).toFixed(0)} ms (15 runs)`);
  print(`warm(): median ${median(ready).toFixed(0)} ms`);

  const voice = fliteVoice();
  await voice.warm();
  const warm: number[] = [];
  for (let run = 0; run < 30; run++) warm.push(await firstSound(voice, ADVICE[run % ADVICE.length]!));
  print(`text → first sound, warm: median ${median(warm).toFixed(0)} ms, worst ${worst(warm).toFixed(0)} ms (30 runs)`);

  const before = process.cpuUsage();
  let sound = 0;
  for (let run = 0; run < 20; run++) for await (const piece of voice.speak(ADVICE[run % ADVICE.length]!, never)) sound += piece.ms;
  const used = process.cpuUsage(before);
  print(`CPU for a second of speech: ${((used.user + used.system) / 1000 / (sound / 1000)).toFixed(0)} ms (${(sound / 1000).toFixed(0)} s spoken)`);

  const many = await Promise.all(Array.from({ length: 8 }, (_, index) => firstSound(voice, ADVICE[index % ADVICE.length]!)));
  print(`eight sessions at the same moment: first sound median ${median(many).toFixed(0)} ms, last ${worst(many).toFixed(0)} ms`);
  await voice.close();
}

async function firstSound(voice: { speak(text: string, stop: AbortSignal): AsyncIterable<unknown> }, text: string): Promise<number> {
  const since = performance.now();
  for await (const _ of voice.speak(text, never)) return performance.now() - since;
  return Number.NaN;
}
