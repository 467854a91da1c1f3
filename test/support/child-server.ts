import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { newFolder } from './new-folder.ts';

const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { scripts: { start: string } };
const startArguments = scripts.start.split(' ').slice(1);

/** The service with ears for counted tones instead of a recogniser. */
export async function toneServer(environment: Record<string, string> = {}, cwd = '.') {
  const script = [...startArguments.slice(0, -1), '--run', 'test/support/tone-server.ts'];
  return listening(await childServer({ VOICE: 'none', ...environment }, { cwd, script }));
}

/** The same, unless it is gone before it listens: nobody would ever be greeted by it. */
export function listening<Server extends { base: string; complained: () => string }>(server: Server): Server {
  if (!server.base) throw new Error(`the service is gone before it listens: ${server.complained()}`);
  return server;
}

type ChildOptions = { cwd?: string; stopAfter?: Promise<unknown>; script?: string[]; onSaid?: (said: string) => void };

/** The real service in a process of its own, as `npm start` runs it in that folder; ready once it has said where it listens, or is gone; told to stop when `stopAfter` has come. */
export async function childServer(
  environment: Record<string, string> = {},
  { cwd = '.', stopAfter, script = startArguments, onSaid }: ChildOptions = {},
) {
  const begun = performance.now();
  const child = spawn(process.execPath, script, {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', DATA_DIR: newFolder(), EARS: 'browser', LOG_LEVEL: 'error', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  stopAfter?.then(() => child.kill('SIGTERM'));
  const gone = once(child, 'exit') as Promise<[number | null, string | null]>;
  let said = '';
  let complained = '';
  child.stderr.on('data', (chunk) => {
    complained += chunk;
  });
  const address = new Promise<string | undefined>((resolve) => {
    child.stdout.on('data', (chunk) => {
      said += chunk;
      onSaid?.(said);
      const found = /listening on (http:\S+)/.exec(said)?.[1];
      if (found) resolve(found.replace('localhost', '127.0.0.1'));
    });
    gone.then(() => resolve(undefined));
  });
  const base = (await address) ?? '';
  return {
    base,
    startedIn: performance.now() - begun,
    pid: child.pid ?? 0,
    /** What it told people on its screen. */
    said: () => said,
    complained: () => complained,
    /** Exit code and signal, once it is gone; told to stop when `stopAfter` has come. */
    gone,
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1_024,
    async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') {
      child.kill(signal);
      return gone;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
