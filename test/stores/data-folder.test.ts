import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeDataFolder } from '../../src/stores/data-folder.ts';
import { needs } from '../support/needs.ts';
import { newFolder } from '../support/new-folder.ts';

describe('the data folder', () => {
  test('is made with those above it, for this user only; one that is there is left as it is', async () => {
    const place = newFolder();
    await makeDataFolder(join(place, 'deep', 'down'));
    expect(statSync(join(place, 'deep', 'down')).mode & 0o777).toBe(0o700);
    mkdirSync(join(place, 'open'), { mode: 0o755 });
    await makeDataFolder(join(place, 'open'));
    expect(statSync(join(place, 'open')).mode & 0o777).toBe(0o755);
  });

  test('that is a file, or would stand in one, is refused in one sentence', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    await expect(makeDataFolder(file)).rejects.toThrow(
      `The data folder ${file} cannot be made: there is a file of that name. Give one that can be written with DATA_DIR.`,
    );
    await expect(makeDataFolder(join(file, 'in'))).rejects.toThrow(
      `The data folder ${join(file, 'in')} cannot be made: a file is in the way. Give one that can be written with DATA_DIR.`,
    );
  });

  test('in a place that takes none, as /proc, ends with a sentence too', async (context) => {
    if (!existsSync('/proc/self')) return context.skip(needs.proc);
    await expect(makeDataFolder('/proc/aside/deep')).rejects.toThrow(
      'The data folder /proc/aside/deep cannot be made: its place takes no folders. Give one that can be written with DATA_DIR.',
    );
  });
});
