import type { FfmpegCommand } from 'fluent-ffmpeg';

type Lines = { get(): string };
type Ended = (error?: Error | null, out?: Lines, err?: Lines) => void;
type Spawner = { _spawnFfmpeg(args: string[], options: object, started: (...parts: unknown[]) => void, ended?: Ended): void };

const NO_LINES: Lines = { get: () => '' };

/** Makes a command survive a process that cannot even start: fluent-ffmpeg would end this whole process for it. */
export function sturdy(command: FfmpegCommand): FfmpegCommand {
  const spawner = command as unknown as Spawner;
  const spawn = spawner._spawnFfmpeg;
  spawner._spawnFfmpeg = (args, options, started, ended) => {
    if (!ended) return spawn.call(command, args, options, started);
    const end: Ended = (error, out, err) => ended(error, out ?? NO_LINES, err ?? NO_LINES);
    try {
      spawn.call(command, args, options, started, end);
    } catch (error) {
      // out of processes or file handles: there are not even pipes
      end(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return command;
}
