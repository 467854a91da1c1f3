import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { download } from '../../src/cli/download.ts';
import { needs } from '../support/needs.ts';
import { newFolder } from '../support/new-folder.ts';

const stop = new AbortController().signal;
const piece = new Uint8Array(100_000).fill(7);

/** A server that sends so many pieces. */
const web = (pieces: number) => ({
  fetch: async () => new Response(new Blob(Array<BlobPart>(pieces).fill(piece)), { headers: { 'content-length': String(pieces * piece.length) } }),
  progress: () => undefined,
  patience: 5_000,
});

describe('a download', () => {
  test('is on disk to the last byte, and nobody is left waiting for the disk', async () => {
    const warned: string[] = [];
    const warn = ({ name }: Error) => void warned.push(name);
    process.on('warning', warn);
    const file = join(newFolder(), 'model');
    await download('http://models.example/model', file, web(40), stop);
    process.off('warning', warn);
    expect(readFileSync(file)).toEqual(Buffer.alloc(40 * piece.length, 7));
    expect(warned).toEqual([]);
  });

  test('that fills the disk ends with one sentence', async (story) => {
    if (!existsSync('/dev/full')) return story.skip(needs.devFull);
    const file = join(newFolder(), 'model');
    symlinkSync('/dev/full', file);
    await expect(download('http://models.example/model', file, web(40), stop)).rejects.toMatchObject({
      code: 'storage_full',
      message: expect.stringMatching(/disk .* is full.*npm run ears again/),
    });
  });
});
