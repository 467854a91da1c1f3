import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { childServer } from '../support/child-server.ts';
import { newFolder } from '../support/new-folder.ts';

describe('the service starts', () => {
  test('R8 it starts in a folder with any name', async () => {
    const place = join(newFolder(), 'my projects, 100 % mine');
    mkdirSync(place);
    for (const name of ['src', 'tools', 'dist', 'package.json']) cpSync(name, join(place, name), { recursive: true });
    symlinkSync(resolve('node_modules'), join(place, 'node_modules'));
    await using server = await childServer({}, { cwd: place });
    expect(server.complained()).toBe('');
    const page = await fetch(server.base, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('Aside');
  });

  test('R9 told to stop while it still starts, it leaves with 0 as well', async () => {
    const DATA_DIR = newFolder();
    const begun = (async () => {
      for await (const { filename } of watch(DATA_DIR)) if (filename === 'aside.db') return;
    })();
    await using server = await childServer({ DATA_DIR }, { stopAfter: begun });
    expect(await server.gone).toEqual([0, null]);
  });

  test('a service that nobody uses yet has not loaded what fetches from elsewhere: that takes megabytes', async () => {
    const tellAtTheEnd = "process.once('exit', () => console.log(process.moduleLoadList.join(' '), 'that is all'))";
    await using server = await childServer({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(tellAtTheEnd)}` });
    await server.end();
    await expect.poll(server.said, { timeout: 10_000 }).toContain('that is all');
    expect(server.said()).toContain('NativeModule http');
    expect(server.said()).not.toContain('undici');
  });
});
