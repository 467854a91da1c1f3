import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { until } from '../../core/flow.ts';
import { type Hints, lasting, type Pcm, type Words } from '../../core/ports.ts';
import { Problem } from '../../core/problem.ts';
import type { Heard } from './child-messages.ts';
import { contextPhrases } from './context-model.ts';
import { Crew } from './crew.ts';
import { ChildLost } from './ear-child.ts';
import { type LocalTranscriber, later, placed, told } from './hearing.ts';
import { loudness } from './loudness.ts';
import { joined, pieces } from './pieces.ts';
import type { SphinxModel } from './sphinx-decoder.ts';
import { stoppable } from './stoppable.ts';

export type SphinxEarsOptions = {
  readonly base: string;
  readonly sphinx: string;
  readonly model: SphinxModel;
  /** Processes for final words; the same number, lighter, for words while they are said. */
  readonly workers?: number;
};

/** Sound that is given to a decoder in one go, in ms. */
const longest = 30_000;

/** Utterances that may wait for each process before newer ones are refused. */
const patience = 8;

/** PocketSphinx in child processes: rough words while somebody speaks, its best ones at the pause, biased by the conversation's own words. */
export function sphinxEars(options: SphinxEarsOptions): LocalTranscriber {
  const launch = (mode: 'whole' | 'live') => () =>
    fork(new URL('./sphinx-child.ts', import.meta.url), [JSON.stringify({ ...options, mode })], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
  const workers = options.workers ?? Math.max(1, availableParallelism() - 1);
  const best = new Crew(launch('whole'), workers, 1);
  const rough = new Crew(launch('live'), workers, 1);

  /** The best words of one piece of sound; a process that dies is replaced once. */
  async function decode(samples: Int16Array, phrases: string[], stop: AbortSignal): Promise<Heard | undefined> {
    if (best.waiting >= workers * patience) throw new Problem('ears_failed', tooMany);
    for (let tries = 1; ; tries++) {
      const child = await best.take(stop);
      if (!child) return undefined;
      const job = child.open(phrases, () => undefined);
      job.sound(samples);
      job.end(10_000 + 4 * lasting(samples.length));
      const back = () => best.give(child);
      job.done.then(back, back);
      try {
        return await stoppable(job.done, stop);
      } catch (error) {
        if (!(error instanceof ChildLost) || tries === 2) throw new Problem('ears_failed', lost(error), { cause: error });
      } finally {
        job.drop();
      }
    }
  }

  async function listen(sound: AsyncIterable<Pcm>, hints: Hints, tell: (words: Words) => void, stop: AbortSignal): Promise<void> {
    const phrases = contextPhrases(hints.phrases);
    const kept: Int16Array[] = [];
    const loud = loudness();
    let from: number | undefined;
    const helper = rough.tryTake();
    const job = helper?.open(phrases, (heard) => {
      const words = loud.believed(heard);
      if (words) tell(placed(words, from ?? 0, false));
    });
    if (job && helper) {
      const back = () => rough.give(helper);
      job.done.then(back, back);
    }
    try {
      for await (const pcm of until(sound, stop)) {
        from ??= pcm.at;
        kept.push(pcm.samples);
        loud.add(pcm.samples);
        job?.sound(pcm.samples);
      }
    } finally {
      job?.drop();
    }
    const heard: Heard[] = [];
    for (const piece of pieces(joined(kept), longest)) {
      if (stop.aborted) return;
      const words = piece.samples.length > 0 ? await decode(piece.samples, phrases, stop) : undefined;
      if (words) heard.push(later(words, piece.from));
    }
    const words = heard.length > 0 ? loud.believed(together(heard)) : undefined;
    if (words && !stop.aborted) tell(placed(words, from ?? 0, true));
  }

  return {
    get pids() {
      return [...best.pids, ...rough.pids];
    },
    async close() {
      best.close();
      rough.close();
    },
    transcribe: told(listen),
  };
}

const tooMany =
  'More people speak at once than this machine can write down, so this utterance has no words. ' +
  'Listening goes on; fewer conversations at a time, a bigger machine or a recogniser with a key would help.';

const lost = (error: unknown) =>
  `The offline recogniser stopped at this utterance, twice (${error instanceof Error ? error.message : String(error)}), so its words are missing. Listening goes on with the next one.`;

function together(parts: Heard[]): Heard {
  const words = parts.flatMap((part) => part.words);
  const measured = words.flatMap((word) => (word.confidence === null ? [] : [word.confidence]));
  return {
    text: parts.map((part) => part.text).join(' '),
    words,
    confidence: measured.length > 0 ? Math.round((1000 * measured.reduce((sum, value) => sum + value, 0)) / measured.length) / 1000 : null,
  };
}
