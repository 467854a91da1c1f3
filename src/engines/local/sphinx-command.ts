import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../core/flow.ts';
import { lasting, RATE } from '../../core/ports.ts';
import { Problem } from '../../core/problem.ts';
import { wavFile } from '../wav-file.ts';
import type { Heard } from './child-messages.ts';
import { type LocalTranscriber, placed } from './hearing.ts';
import { loudness } from './loudness.ts';
import { joined } from './pieces.ts';
import type { SphinxModel } from './sphinx-decoder.ts';

/** A PocketSphinx command: `batch` is 0.8 and 5prealpha, `single` is 5.x. */
export type CommandSphinx = { readonly path: string; readonly line: 'batch' | 'single' };

/** PocketSphinx through its command, one process an utterance: final words only, and deaf to hints. For machines where its library cannot be loaded. */
export function sphinxCommand(command: CommandSphinx, model: SphinxModel, options: { workers?: number } = {}): LocalTranscriber {
  const most = options.workers ?? Math.max(1, availableParallelism() - 1);
  const running = new Set<number>();
  const ending = new AbortController();
  const waiting: (() => void)[] = [];
  let busy = 0;

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (busy >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else busy++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else busy--;
    }
  }

  async function decode(samples: Int16Array, stop: AbortSignal): Promise<Heard | undefined> {
    const folder = await mkdtemp(join(tmpdir(), 'aside-words-'));
    try {
      // files, because a pipe of Node is a socket, which /dev/stdin cannot be opened on
      await writeFile(join(folder, 'list'), 'sound\n');
      await writeFile(join(folder, 'sound.wav'), wavFile(samples, RATE), { mode: 0o600 });
      const output = await run(folder, lasting(samples.length), stop);
      if (output === undefined) return undefined;
      return command.line === 'batch' ? heardInSegments(await readFile(join(folder, 'words'), 'utf8')) : heardInJson(output);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  function run(folder: string, ms: number, stop: AbortSignal): Promise<string | undefined> {
    const args = ['-hmm', model.acoustic, '-lm', model.language, '-dict', model.dictionary, '-remove_silence', 'no', '-logfn', '/dev/null'];
    const batch = ['-ctl', join(folder, 'list'), '-adcin', 'yes', '-cepdir', folder, '-cepext', '.wav', '-adchdr', '44'];
    const single = [
      '-hmm',
      model.acoustic,
      '-lm',
      model.language,
      '-dict',
      model.dictionary,
      '-loglevel',
      'FATAL',
      'single',
      join(folder, 'sound.wav'),
    ];
    return new Promise((resolve, reject) => {
      const child = execFile(
        command.path,
        command.line === 'batch' ? [...args, ...batch, '-hypseg', join(folder, 'words')] : single,
        { timeout: Math.round(10_000 + 4 * ms), killSignal: 'SIGKILL', signal: AbortSignal.any([stop, ending.signal]) },
        (error, stdout) => {
          if (child.pid !== undefined) running.delete(child.pid);
          if (stop.aborted) resolve(undefined);
          else if (error) reject(new Problem('ears_failed', failed, { cause: error }));
          else resolve(stdout);
        },
      );
      if (child.pid !== undefined) running.add(child.pid);
    });
  }

  return {
    get pids() {
      return [...running];
    },
    async close() {
      ending.abort();
    },
    async *transcribe(sound, _hints, stop) {
      const kept: Int16Array[] = [];
      const loud = loudness();
      let from: number | undefined;
      for await (const pcm of until(sound, stop)) {
        from ??= pcm.at;
        kept.push(pcm.samples);
        loud.add(pcm.samples);
      }
      const samples = joined(kept);
      if (samples.length === 0 || from === undefined || stop.aborted) return;
      const begin = from;
      const heard = await inTurn(() => (stop.aborted ? Promise.resolve(undefined) : decode(samples, stop)));
      const believed = heard && loud.believed(heard);
      if (believed && !stop.aborted) yield placed(believed, begin, true);
    },
  };
}

const failed = 'The offline recogniser stopped at this utterance, so its words are missing. Listening goes on with the next one.';

/** Frames of `-hypseg`: «sound S n T n A n L n  from score lm word … to». */
export function heardInSegments(output: string): Heard | undefined {
  const fields = output.trim().split(/\s+/);
  const start = fields.indexOf('L') + 2;
  const words: Heard['words'] = [];
  for (let at = start; start > 1 && at + 4 < fields.length; at += 4) {
    const text = fields[at + 3]!.replace(/\(\d+\)$/, '');
    if (!/^[<[+]/.test(text)) words.push({ text, from: Number(fields[at]) * 10, to: Number(fields[at + 4]) * 10, confidence: null });
  }
  return words.length === 0 ? undefined : { text: words.map((word) => word.text).join(' '), words, confidence: null };
}

/** A line of JSON of 5.x: b begin, d duration in seconds, p probability, t text, w words. */
export function heardInJson(output: string): Heard | undefined {
  type Piece = { b: number; d: number; p: number; t: string; w?: Piece[] };
  const words = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .flatMap((line) => (JSON.parse(line) as Piece).w ?? [])
    .filter((piece) => !/^[<[+]/.test(piece.t))
    .map((piece) => ({
      text: piece.t.replace(/\(\d+\)$/, ''),
      from: Math.round(piece.b * 1000),
      to: Math.round((piece.b + piece.d) * 1000),
      confidence: Math.max(0, Math.min(1, piece.p)),
    }));
  if (words.length === 0) return undefined;
  return { text: words.map((word) => word.text).join(' '), words, confidence: words.reduce((sum, word) => sum + word.confidence, 0) / words.length };
}
