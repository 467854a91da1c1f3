import { execFile } from 'node:child_process';

/** Looks for ffmpeg and says where it is; `undefined` when this machine has none that runs. */
export function findFfmpeg(path = 'ffmpeg'): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(path, ['-hide_banner', '-loglevel', 'quiet', '-version'], { timeout: 5000, killSignal: 'SIGKILL', windowsHide: true }, (error) =>
      resolve(error ? undefined : path),
    );
  });
}
