import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderShelf } from '../../src/stores/file-shelf.ts';
import { newFolder } from '../support/new-folder.ts';

test('a file that cannot be kept is told as trouble of the disk, not of the service', async () => {
  const inTheWay = join(newFolder(), 'files');
  writeFileSync(inTheWay, '');
  await expect(folderShelf(inTheWay, randomBytes).put('a talk', new Uint8Array(3))).rejects.toMatchObject({
    code: 'storage_failed',
    message: expect.stringMatching(/disk of the data folder/),
  });
});
