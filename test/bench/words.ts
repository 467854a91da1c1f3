import { readFileSync } from 'node:fs';
import { listening } from '../../src/audio/listening.ts';
import type { Transcriber } from '../../src/core/ports.ts';
import { lasting } from '../../src/core/ports.ts';
import { findPocketsphinx, pocketsphinxTranscriber } from '../../src/engines/local/pocketsphinx.ts';
import { sileroDetectors } from '../../src/engines/local/silero.ts';
import { hearDialogue } from '../support/hear-dialogue.ts';
import { needs } from '../support/needs.ts';
import { haveRecordings, pieces, recording } from '../support/sounds.ts';
import { plainWords, wordErrors } from '../support/wer.ts';

/**
 * What the user of each session might have typed as names, context and goal before it began: who speaks, where it is from, what it is about.
 * Written by somebody who knew the recordings, so their topic words do occur in it; their sentences do not.
 */
const typed: Record<string, string[]> = {
  jfk: ['President John F. Kennedy', 'Inaugural address to the American people', 'Freedom, the nation and its allies'],
  austen: ['Sense and Sensibility by Jane Austen', 'Mister John Dashwood and his wife', 'The Dashwood family of Norland'],
  libri: ['Erewhon by Samuel Butler', 'A traveller tells of a strange country'],
  fw: ['The Wizard of Oz'],
  lj: ['The history of Newgate prison', 'The yards and wards of the prison in the nineteenth century'],
  cheetah: ['A railway station', 'Trains and platforms'],
  sb: ['Short sentences about everyday things'],
  brooklyn: ['Questions about New York', 'The Brooklyn Bridge'],
  weather: ['Ask about the weather'],
  goforward: ['A robot takes orders', 'Turn left, turn right, stop'],
  df: ['Reserve a meeting room', 'How many people'],
  katiesteve: ['Katie talks to Steve', 'A new product: conversation transcription'],
};

type Score = { errors: number; words: number; ms: number };

/** The word error rate of real recordings by the keyless recogniser, without and with the words of the session. */
export async function bench(print: (line: string) => void): Promise<void> {
  await dialogue(print);
  await people(print);
}

/** Two embedded voices in an interview, sent as WebM at 24 kbit/s through everything. */
async function dialogue(print: (line: string) => void): Promise<void> {
  const found = await findPocketsphinx();
  if (!found) return;
  const transcriber = pocketsphinxTranscriber(found, 1);
  const heard = await hearDialogue(listening({ clock: { now: () => 0, sleep: async () => undefined }, detector: sileroDetectors(), transcriber }));
  await transcriber.close();
  const right = heard.turns.filter(({ who, from }) => heard.lines.some((line) => Math.abs(line.from - from) < 300 && line.who === who)).length;
  print(
    `a dialogue of two embedded voices through WebM: ${(heard.rightWords * 100).toFixed(0)} % of the words right (goal ≥ 75), ${heard.lines.length} lines heard of ${heard.turns.length} turns, ${right} of them found with the right speaker`,
  );
}

async function people(print: (line: string) => void): Promise<void> {
  if (!haveRecordings) return print(`skipped, ${needs.speechRecordings}`);
  const found = await findPocketsphinx();
  if (!found) return print(`skipped, ${needs.pocketsphinx}`);
  const ears = pocketsphinxTranscriber(found, 1);
  const manifest = new URL('../../../shared/sound/speech/manifest.json', import.meta.url);
  const all = JSON.parse(readFileSync(manifest, 'utf8')) as { id: string; text: string }[];
  const sourceOf = (id: string) => Object.keys(typed).find((source) => id.startsWith(source)) ?? id;
  const alone = new Map<string, Score>();
  const helped = new Map<string, Score>();
  const more = new Map<string, Score>();
  // the first utterance starts the processes, which is not what is measured
  await final(ears, new Int16Array(1_600), []);
  let cpu = 0;
  for (const { id, text } of all) {
    const source = sourceOf(id);
    const siblings = all.filter((other) => other.id !== id && sourceOf(other.id) === source).map((other) => other.text);
    const samples = recording(id);
    const before = cpuSeconds(ears.pids);
    count(alone, source, text, await final(ears, samples, []), samples);
    cpu += cpuSeconds(ears.pids) - before;
    const context = typed[source] ?? [];
    count(helped, source, text, await final(ears, samples, context), samples);
    count(more, source, text, await final(ears, samples, [...context, ...siblings]), samples);
  }
  await ears.close();
  print(
    `${all.length} recordings of real people, each as one utterance, by PocketSphinx ${found.libraries ? 'through its library' : 'through its command'}`,
  );
  print('context: what a user might have typed before the session; + others: and the texts of the other recordings of the same source');
  print('source        words   alone  context  + others');
  const line = (name: string, scores: Score[]) =>
    print(`${name.padEnd(12)} ${String(scores[0]!.words).padStart(6)} ${scores.map((score) => percent(score)).join('  ')}`);
  for (const source of alone.keys())
    line(
      source,
      [alone, helped, more].map((scores) => scores.get(source)!),
    );
  const [one, other, third] = [sum(alone), sum(helped), sum(more)];
  line('overall', [one, other, third]);
  print(`to reach: alone ≤ 38 % ${verdict(one, 0.38)}, with context ≤ 36 % ${verdict(other, 0.36)}`);
  if (found.libraries && cpu > 0)
    print(`CPU for the final words: ${((cpu * 1000) / one.ms).toFixed(2)} s a second of sound (partial words while somebody speaks: about 0.1 more)`);
}

async function final(ears: Transcriber, samples: Int16Array, phrases: string[]): Promise<string> {
  let text = '';
  for await (const words of ears.transcribe(pieces(samples), { phrases }, new AbortController().signal)) if (words.final) text = words.text;
  return text;
}

function count(scores: Map<string, Score>, source: string, said: string, heard: string, samples: Int16Array): void {
  const before = scores.get(source) ?? { errors: 0, words: 0, ms: 0 };
  scores.set(source, {
    errors: before.errors + wordErrors(plainWords(said), plainWords(heard)),
    words: before.words + plainWords(said).length,
    ms: before.ms + lasting(samples.length),
  });
}

const sum = (scores: Map<string, Score>): Score =>
  [...scores.values()].reduce((all, each) => ({ errors: all.errors + each.errors, words: all.words + each.words, ms: all.ms + each.ms }));

const percent = ({ errors, words }: Score) => `${((100 * errors) / words).toFixed(1)} %`.padStart(7);
const verdict = ({ errors, words }: Score, limit: number) => (errors / words <= limit ? 'reached' : 'MISSED');

/** CPU time of these processes so far, where the system tells (Linux). */
function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((all, pid) => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /, '')
        .split(' ');
      return all + (Number(fields[11]) + Number(fields[12])) / 100;
    } catch {
      return all;
    }
  }, 0);
}
