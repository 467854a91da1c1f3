import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findPocketsphinx } from '../../src/engines/local/pocketsphinx.ts';
import { needs } from '../support/needs.ts';
import { newFolder } from '../support/new-folder.ts';

const recording = 'fixtures/sound/interview.webm';
const found = await findPocketsphinx();

/** `npm run hear` in a process of its own. */
function hearing(file: string, who: SpawnOptions = {}) {
  const child = spawn(process.execPath, ['tools/start.mjs', 'hear', file], {
    env: { PATH: process.env.PATH, DATA_DIR: newFolder(), EARS: 'pocketsphinx' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...who,
  });
  let complained = '';
  child.stderr!.on('data', (chunk) => {
    complained += chunk;
  });
  return { child, gone: once(child, 'close'), complained: () => complained };
}

describe('npm run hear as a process', () => {
  test('H5 stopped with Ctrl+C it goes without complaint', async (story) => {
    if (!found) return story.skip(needs.pocketsphinx);
    const { child, gone, complained } = hearing(recording);
    await once(child.stdout!, 'data');
    child.kill('SIGINT');
    expect([await gone, complained()]).toEqual([[130, null], '']);
  });

  test('H6 a recording that may not be read is told so, and not that the port was wrong', async (story) => {
    if (!found) return story.skip(needs.pocketsphinx);
    const locked = join(newFolder(), 'locked.webm');
    copyFileSync(recording, locked);
    // for the administrator nothing is locked, and the folder is closed to everybody else
    const given = openSync(locked, 'r');
    chmodSync(locked, 0o000);
    const root = process.getuid?.() === 0;
    const { gone, complained } = root ? hearing('/dev/fd/3', { uid: 65_534, stdio: ['ignore', 'pipe', 'pipe', given] }) : hearing(locked);
    await gone;
    expect(complained()).toMatch(/^“[^”]+” cannot be read by this user\. .+\.\n$/);
  });
});
