import { spawn } from 'node:child_process';
import { findPocketsphinx } from '../engines/local/pocketsphinx.ts';

/** What `ears` does to the machine it runs on. */
export type EarsMachine = {
  fetch: typeof fetch;
  print: (text: string) => void;
  /** Runs a program that may talk to the user; its exit code, or 127 when there is no such program. */
  run: (command: string, args: string[], stop: AbortSignal) => Promise<number>;
  hasPocketsphinx: () => Promise<boolean>;
  root: boolean;
  tty: boolean;
  /** How long a server may keep us waiting, in ms. */
  patience: number;
};

/** This machine. */
export const thisMachine = (): EarsMachine => ({
  fetch,
  print: (text) => void process.stdout.write(text),
  run: (command, args, stop) =>
    new Promise((resolve) => {
      const child = spawn(command, args, { stdio: 'inherit', signal: stop });
      child.on('error', () => resolve(127));
      child.on('exit', (code) => resolve(code ?? 1));
    }),
  hasPocketsphinx: async () => (await findPocketsphinx()) !== undefined,
  root: process.getuid?.() === 0,
  tty: process.stdout.isTTY === true,
  patience: 5_000,
});
