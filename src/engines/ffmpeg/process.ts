import { PassThrough, Readable } from 'node:stream';
import ffmpeg from 'fluent-ffmpeg';
import { sturdy } from './sturdy.ts';

/** What one run of ffmpeg reads and writes. */
export type Run = { readonly path: string; readonly from: readonly string[]; readonly to: readonly string[]; readonly lastMs: number };

/**
 * Runs ffmpeg between two pipes: it can open nothing else, ends when told to, and has `lastMs` to finish after its last input.
 * An input that fails is reported as its own failure, everything else as ffmpeg's.
 */
export async function* throughFfmpeg(run: Run, bytes: AsyncIterable<Uint8Array>, stop: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  if (stop.aborted) return;
  let failure: { error: unknown } | undefined;
  let over: NodeJS.Timeout | undefined;
  let started = false;
  let ended = false;
  const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
  let unwanted = false;
  const kill = () => {
    unwanted = true;
    if (started) command.kill('SIGKILL');
    output.destroy();
    input.destroy();
  };
  async function* watched() {
    try {
      for await (const chunk of bytes) yield chunk;
      // nobody reads a process that hangs at its end
      over = setTimeout(kill, run.lastMs);
    } catch (error) {
      failure ??= { error };
    }
  }
  const input = Readable.from(watched(), { objectMode: false, highWaterMark: 1 << 16 });
  const output = new PassThrough({ highWaterMark: 1 << 16 });
  output.on('error', () => undefined);
  const command = sturdy(ffmpeg(input))
    .setFfmpegPath(run.path)
    .inputOptions([
      '-nostdin',
      '-hide_banner',
      '-loglevel error',
      '-protocol_whitelist pipe',
      '-max_alloc 67108864',
      '-timelimit 900',
      '-threads 1',
      ...run.from,
    ])
    .outputOptions(['-vn', '-sn', '-dn', '-map_metadata -1', '-threads 1', ...run.to])
    .on('start', () => {
      started = true;
      if (unwanted) kill();
    })
    .on('error', (error: Error) => {
      failure ??= { error };
      ended = true;
      output.end();
      finish();
    })
    .on('end', () => {
      ended = true;
      finish();
    });
  stop.addEventListener('abort', kill, { once: true });
  try {
    command.pipe(output, { end: true });
    for await (const chunk of output) yield chunk as Uint8Array;
    // its sound ends a moment before it says why
    if (!stop.aborted) await finished;
    if (failure && !stop.aborted) throw failure.error;
  } catch (error) {
    if (!stop.aborted) throw failure ? failure.error : error;
  } finally {
    stop.removeEventListener('abort', kill);
    clearTimeout(over);
    if (!ended) kill();
  }
}
