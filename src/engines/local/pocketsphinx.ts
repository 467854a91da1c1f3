import { execFile, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalTranscriber } from './hearing.ts';
import { type CommandSphinx, sphinxCommand } from './sphinx-command.ts';
import type { SphinxModel } from './sphinx-decoder.ts';
import { sphinxEars } from './sphinx-ears.ts';

/** The PocketSphinx of this machine: its model, and the library or the command that runs it. */
export type FoundPocketsphinx = {
  readonly name: 'pocketsphinx';
  readonly model: SphinxModel;
  readonly libraries?: { readonly base: string; readonly sphinx: string };
  readonly command?: CommandSphinx;
};

/** What must be installed, in the names of Debian. */
export const pocketsphinxPackages = ['pocketsphinx', 'pocketsphinx-en-us'];

const prefixes = ['/usr', '/usr/local', '/opt/homebrew', '/home/linuxbrew/.linuxbrew'];

/** Tells which PocketSphinx is here and how well it can be used; nothing when it, or its English model, is missing. Never throws. */
export async function findPocketsphinx(): Promise<FoundPocketsphinx | undefined> {
  const model = findModel();
  if (!model) return undefined;
  const [libraries, command] = await Promise.all([findLibrary(model), findCommand()]);
  if (!libraries && !command) return undefined;
  return { name: 'pocketsphinx', model, ...(libraries && { libraries }), ...(command && { command }) };
}

/** Words from the PocketSphinx that was found: through its library where possible (partial words, context), else through its command. */
export function pocketsphinxTranscriber(found: FoundPocketsphinx, workers?: number): LocalTranscriber {
  const size = workers === undefined ? {} : { workers };
  if (found.libraries) return sphinxEars({ ...found.libraries, model: found.model, ...size });
  return sphinxCommand(found.command!, found.model, size);
}

function findModel(): SphinxModel | undefined {
  for (const prefix of prefixes)
    for (const folder of [join(prefix, 'share/pocketsphinx/model/en-us'), join(prefix, 'share/pocketsphinx/en-us')]) {
      const model = {
        acoustic: join(folder, 'en-us'),
        language: join(folder, 'en-us.lm.bin'),
        dictionary: join(folder, 'cmudict-en-us.dict'),
      };
      if (Object.values(model).every((path) => existsSync(path))) return model;
    }
  return undefined;
}

/** A library counts only when a child process could load it with all the functions that are needed. */
async function findLibrary(model: SphinxModel): Promise<{ base: string; sphinx: string } | undefined> {
  const names =
    process.platform === 'darwin'
      ? prefixes.map((prefix) => ({ base: join(prefix, 'lib/libsphinxbase.3.dylib'), sphinx: join(prefix, 'lib/libpocketsphinx.3.dylib') }))
      : [{ base: 'libsphinxbase.so.3', sphinx: 'libpocketsphinx.so.3' }];
  for (const libraries of names) if (await loads(libraries, model)) return libraries;
  return undefined;
}

function loads(libraries: { base: string; sphinx: string }, model: SphinxModel): Promise<boolean> {
  return new Promise((resolve) => {
    const child = fork(new URL('./sphinx-child.ts', import.meta.url), [JSON.stringify({ ...libraries, model, mode: 'probe' })], {
      execArgv: [],
      stdio: 'ignore',
      serialization: 'advanced',
      timeout: 5_000,
      killSignal: 'SIGKILL',
    });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}

async function findCommand(): Promise<CommandSphinx | undefined> {
  if (await answers('pocketsphinx_batch', ['-help', 'yes'])) return { path: 'pocketsphinx_batch', line: 'batch' };
  if (await answers('pocketsphinx', ['help'])) return { path: 'pocketsphinx', line: 'single' };
  return undefined;
}

function answers(path: string, args: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(path, args, { timeout: 5_000, killSignal: 'SIGKILL' }, (error) =>
      // its own exit code does not matter, as long as there is something that can be run
      resolve(!error || typeof error.code === 'number'),
    );
  });
}
