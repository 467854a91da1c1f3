import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Problem } from '../core/problem.ts';
import { modelsFolder, sealModel, sha256, transducerIn } from '../engines/local/sherpa-model.ts';
import { makeDataFolder } from '../stores/data-folder.ts';
import { download, forget, megabytes } from './download.ts';
import type { EarsMachine } from './ears-machine.ts';

/** Fetches, checks and unpacks a speech model; what start would load appears only when everything was right. */
export async function fetchSpeechModel(url: string, dataDir: string, machine: EarsMachine, stop: AbortSignal): Promise<string> {
  const models = modelsFolder(dataDir);
  await makeDataFolder(models);
  const archiveName = basename(new URL(url).pathname);
  const archive = join(models, `.${archiveName}.part`);
  await download(url, archive, { fetch: machine.fetch, patience: machine.patience, progress: meter(machine) }, stop);
  const trusted = await check(url, archiveName, archive, machine, stop);
  const name = archiveName.replace(/\.tar\.bz2$/, '');
  try {
    await unpack(archive, join(models, name), name, machine, stop);
  } catch (error) {
    // a good archive waits here until tar and bzip2 are; a doubtful one must be fetched anew
    if (!trusted) await forget(archive);
    throw error;
  }
  await forget(archive);
  return name;
}

/** Shows how far a download is: one line that changes on a terminal, a line every tenth elsewhere. */
function meter({ print, tty }: EarsMachine): (here: number, all: number | undefined) => void {
  let shown = -1;
  return (here, all) => {
    const step = all === undefined ? Math.floor(here / 1e7) : Math.floor((here / all) * (tty ? 100 : 10));
    if (step === shown) return;
    shown = step;
    const done = all === undefined ? 0 : here / all;
    const line =
      all === undefined
        ? `  ${megabytes(here)} MB`
        : `  ${'█'.repeat(Math.round(done * 30)).padEnd(30, '░')} ${Math.floor(done * 100)} % of ${megabytes(all)} MB`;
    print(tty ? `\r${line}${here === all ? '\n' : ''}` : `${line}\n`);
  };
}

/** Compares with the list of hashes that lies beside the model; false when there is none. */
async function check(url: string, name: string, archive: string, machine: EarsMachine, stop: AbortSignal): Promise<boolean> {
  const wanted = await pinned(new URL('checksum.txt', url).href, name, machine, stop);
  if (wanted === undefined) {
    machine.print('  No checksum is published beside it; its size and its unpacking are all that can be checked.\n');
    return false;
  }
  if ((await sha256(archive)) === wanted) {
    machine.print('  Checksum right.\n');
    return true;
  }
  await forget(archive);
  throw new Problem(
    'unreadable',
    'What arrived is not the speech model that was published: its checksum is wrong, so it was thrown away. Run npm run ears again; if it stays wrong, somebody between here and there changes downloads.',
  );
}

async function pinned(url: string, name: string, machine: EarsMachine, stop: AbortSignal): Promise<string | undefined> {
  try {
    const response = await machine.fetch(url, { signal: AbortSignal.any([stop, AbortSignal.timeout(machine.patience)]) });
    if (!response.ok) return undefined;
    const lines = (await response.text()).slice(0, 1e6).split('\n');
    const words = lines.map((line) => line.trim().split(/\s+/)).find((parts) => parts.includes(name));
    return words?.find((word) => /^[0-9a-f]{64}$/i.test(word))?.toLowerCase();
  } catch {
    return undefined;
  }
}

async function unpack(archive: string, target: string, name: string, machine: EarsMachine, stop: AbortSignal): Promise<void> {
  const place = join(dirname(target), '.unpacking');
  await rm(place, { recursive: true, force: true });
  await mkdir(place);
  try {
    if ((await machine.quietly('tar', ['-xjf', archive, '-C', place], stop)) !== 0)
      throw new Problem(
        'unreadable',
        'The speech model arrived, but could not be unpacked. Install tar and bzip2 and run npm run ears again: it is not fetched a second time unless it is harmed.',
      );
    const folder = (await readdir(place, { withFileTypes: true })).find((entry) => entry.isDirectory())?.name ?? '';
    const files = await transducerIn(join(place, folder));
    if (typeof files === 'string')
      throw new Problem('unreadable', `What was unpacked is not a streaming speech model: it has no ${files}. Check SPEECH_MODEL_URL.`);
    const keep = new Set([...Object.values(files).map((path) => basename(path)), 'README.md', 'LICENSE']);
    for (const file of await readdir(join(place, folder))) if (!keep.has(file)) await rm(join(place, folder, file), { recursive: true });
    await sealModel(join(place, folder), name, files);
    await rm(target, { recursive: true, force: true });
    await rename(join(place, folder), target);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}
