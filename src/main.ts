import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { pino } from 'pino';
import { doorOf } from './api/door.ts';
import { ears } from './cli/ears.ts';
import { greeting } from './cli/greeting.ts';
import { hear, hearUsage } from './cli/hear.ts';
import { compose } from './compose.ts';
import { readSettings, type ServiceSettings } from './config.ts';
import { Problem } from './core/problem.ts';

/** Aborted by the first signal; a second one ends the process at once. */
function stopOnSignal(): AbortSignal {
  const control = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => {
      if (control.signal.aborted) process.exit(1);
      control.abort();
    });
  return control.signal;
}

/** What may be told of a fault: its kind and where it happened. Its message may quote what people said. */
function placed(fault: unknown): { kind: string | undefined; at: string[] } {
  const { stack, message } = (fault ?? {}) as { stack?: unknown; message?: unknown };
  const [told, words] = [String(stack ?? ''), String(message ?? '')];
  const lines = told.slice(told.indexOf(words) + words.length).split('\n');
  return { kind: fault?.constructor?.name, at: lines.filter((line) => /^ {4}at \S.*:\d+:\d+\)?$/.test(line)).map((line) => line.trim()) };
}

async function serve(settings: ServiceSettings, stop: AbortSignal): Promise<number> {
  const door = doorOf(settings);
  const log = pino({ level: settings.LOG_LEVEL }, pino.destination(2));
  let starting = true;
  const house = await compose(settings, {
    tell(sentence) {
      process.stdout.write(`${sentence}\n`);
      // whoever only waits has nothing to bring to an end
      stop.addEventListener('abort', () => starting && process.exit(0), { once: true });
      if (stop.aborted) process.exit(0);
    },
  });
  starting = false;
  const server = await house.server(log);
  const address = await server.listen({ port: settings.PORT, host: settings.HOST, backlog: house.budgets.sockets });
  process.stdout.write(`${greeting({ ...house.chosen, door }, address.replace('127.0.0.1', 'localhost'), settings.STORE === 'sqlite')}\n`);
  // tools/start.mjs held the young generation small; with room, and all of it at once, a crowd waits for a tenth of its collections
  setFlagsFromString('--semi-space-growth-factor=16');
  process.on('unhandledRejection', (reason) => log.error(placed(reason), 'a rejection was handled by nobody'));
  // what was acknowledged is on disk; what else this process believes may be wrong by now
  process.on('uncaughtException', (error) => {
    log.fatal(placed(error), 'a fault that nobody foresaw ends this process');
    process.exit(1);
  });
  // whoever was told to stop while still starting hears no second call
  if (!stop.aborted) await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
  setTimeout(() => process.exit(1), house.budgets.drain).unref();
  await server.close();
  await house.close();
  return 0;
}

async function main(command: string | undefined, args: string[]): Promise<number> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const settings = readSettings(process.env);
  const stop = stopOnSignal();
  const print = (text: string) => void process.stdout.write(text);
  switch (command) {
    case undefined:
    case 'serve':
      return serve(settings, stop);
    case 'ears':
      return ears({ dataDir: settings.DATA_DIR, ...(settings.SPEECH_MODEL_URL && { modelUrl: settings.SPEECH_MODEL_URL }) }, stop);
    case 'hear': {
      const house = await compose({ ...settings, STORE: 'memory' });
      try {
        return await hear(args, house, { print, progress: (text) => void process.stderr.write(text), tty: process.stderr.isTTY === true }, stop);
      } catch (error) {
        if (stop.aborted) return 130;
        throw error;
      } finally {
        await house.close();
      }
    }
    default:
      throw new Problem('settings', `There is no command “${command}”. Use npm start, npm run ears or: ${hearUsage}`);
  }
}

/** Why an address cannot be served, in words. */
const listening: Record<string, string> = {
  EADDRINUSE: 'The port is taken by another program. Stop it, or choose another with PORT.',
  EADDRNOTAVAIL: 'HOST is no address of this machine. Use 127.0.0.1 for this machine only, or 0.0.0.0 for all of its addresses.',
  ENOTFOUND: 'HOST is a name that nobody knows. Use 127.0.0.1 for this machine only, or 0.0.0.0 for all of its addresses.',
  EACCES: 'This user may not serve that port. Choose one above 1023 with PORT.',
};

try {
  process.exitCode = await main(process.argv[2], process.argv.slice(3));
} catch (error) {
  const failed = error as { syscall?: unknown; code?: unknown };
  const code = failed.syscall === 'listen' || failed.syscall === 'getaddrinfo' ? String(failed.code) : '';
  if (listening[code]) console.error(listening[code]);
  else if (error instanceof Problem) console.error(error.message);
  else console.error('Aside stopped because of a fault of its own:', error);
  process.exitCode = 1;
}
process.exit();
