import { fork } from 'node:child_process';
import { until } from '../../core/flow.ts';
import { lasting } from '../../core/ports.ts';
import { Problem } from '../../core/problem.ts';
import type { Heard } from './child-messages.ts';
import { Crew } from './crew.ts';
import { ChildLost, type EarChild, type Job } from './ear-child.ts';
import { type LocalTranscriber, placed, told } from './hearing.ts';
import { findModel, type SherpaModel } from './sherpa-model.ts';
import { stoppable } from './stoppable.ts';

/** Utterances that one process hears at the same time; it needs about 0.04 s of a core a second for each. */
const seats = 16;

/** The speech model of this machine, if it is there, unharmed, and the package that runs it is installed. Never throws. */
export async function findSherpa(dataDir: string): Promise<SherpaModel | undefined> {
  try {
    import.meta.resolve('sherpa-onnx-node');
    return await findModel(dataDir);
  } catch {
    return undefined;
  }
}

/** sherpa-onnx with a streaming model, in a process of its own: words while they are said. Deaf to hints. */
export function sherpaTranscriber(model: SherpaModel): LocalTranscriber {
  const launch = () =>
    fork(new URL('./sherpa-child.ts', import.meta.url), [JSON.stringify(model.files)], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
  const crew = new Crew(launch, 1, seats);
  let alone = Promise.resolve();

  function begin(child: EarChild, partial: (heard: Heard) => void): Job {
    const job = child.open([], partial);
    const back = () => crew.give(child);
    job.done.then(back, back);
    return job;
  }

  /** A whole utterance at once. Second attempts go one after another, so that a sound that kills the process takes nobody along twice. */
  async function again(kept: readonly Int16Array[], stop: AbortSignal): Promise<Heard | undefined> {
    const before = alone;
    const { promise, resolve } = Promise.withResolvers<void>();
    alone = promise;
    try {
      await before;
      const child = await crew.take(stop);
      if (!child) return undefined;
      const job = begin(child, () => undefined);
      return await finish(job, kept, kept, stop);
    } finally {
      resolve();
    }
  }

  async function finish(job: Job, unsent: readonly Int16Array[], all: readonly Int16Array[], stop: AbortSignal): Promise<Heard | undefined> {
    for (const samples of unsent) job.sound(samples);
    job.end(15_000 + lasting(all.reduce((sum, part) => sum + part.length, 0)));
    try {
      return await stoppable(job.done, stop);
    } finally {
      job.drop();
    }
  }

  return {
    get pids() {
      return crew.pids;
    },
    async close() {
      crew.close();
    },
    transcribe: told(async (sound, _hints, tell, stop) => {
      const kept: Int16Array[] = [];
      let from: number | undefined;
      const child = crew.tryTake();
      const job = child && begin(child, (heard) => tell(placed(heard, from ?? 0, false)));
      let heard: Heard | undefined;
      try {
        for await (const pcm of until(sound, stop)) {
          from ??= pcm.at;
          kept.push(pcm.samples);
          job?.sound(pcm.samples);
        }
        if (stop.aborted || kept.length === 0) return;
        heard = job ? await finish(job, [], kept, stop) : await again(kept, stop);
      } catch (error) {
        if (!(error instanceof ChildLost)) throw error;
        heard = await again(kept, stop).catch((second) => {
          throw new Problem('ears_failed', lost(second), { cause: second });
        });
      } finally {
        job?.drop();
      }
      if (heard && !stop.aborted) tell(placed(heard, from ?? 0, true));
    }),
  };
}

const lost = (error: unknown) =>
  `The speech model stopped at this utterance, twice (${error instanceof Error ? error.message : String(error)}), so its words are missing. Listening goes on with the next one; if it stays deaf, run npm run ears again.`;
