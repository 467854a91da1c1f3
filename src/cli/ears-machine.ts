import { spawn } from 'node:child_process';
import { findPocketsphinx } from '../engines/local/pocketsphinx.ts';

/** Runs a program to its end; its exit code, or 127 when there is no such program. */
type Run = (command: string, args: string[], stop: AbortSignal) => Promise<number>;

/** What `ears` does to the machine it runs on. */
export type EarsMachine = {
  fetch: typeof fetch;
  print: (text: string) => void;
  /** The program may talk to the user. */
  run: Run;
  /** Nobody sees what the program says. */
  quietly: Run;
  hasPocketsphinx: () => Promise<boolean>;
  root: boolean;
  tty: boolean;
  /** How long a server may keep us waiting, in ms. */
  patience: number;
};

const running =
  (stdio: 'inherit' | 'ignore'): Run =>
  (command, args, stop) =>
    new Promise((resolve) => {
      const child = spawn(command, args, { stdio, signal: stop });
      child.on('error', () => resolve(127));
      child.on('exit', (code) => resolve(code ?? 1));
    });

/** This machine. */
export const thisMachine = (): EarsMachine => ({
  fetch,
  print: (text) => void process.stdout.write(text),
  run: running('inherit'),
  quietly: running('ignore'),
  hasPocketsphinx: async () => (await findPocketsphinx()) !== undefined,
  root: process.getuid?.() === 0,
  tty: process.stdout.isTTY === true,
  patience: 5_000,
});
