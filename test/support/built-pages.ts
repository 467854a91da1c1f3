import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const house = new URL('../../', import.meta.url);

/** Builds the pages of the house that stands there, where they are older than their source. */
export function buildPages(folder: URL = house): void {
  const { status, stderr } = spawnSync(process.execPath, ['tools/web/build.mjs', '--if-needed'], { cwd: fileURLToPath(folder), encoding: 'utf8' });
  if (status !== 0) throw new Error(`the pages could not be built: ${stderr}`);
}

/** Before the whole run. */
export const setup = (): void => buildPages();
