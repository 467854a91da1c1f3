import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { compose } from '../../src/compose.ts';
import { newFolder } from '../support/new-folder.ts';
import { served } from '../support/served.ts';

const html = { headers: { accept: 'text/html' } };
const everyPage = ['/', '/rooms', '/conversations', '/conversation/any', '/desk', '/talk', '/history'];

describe('the built pages', () => {
  test('each is a small shell without a script or a style of its own, and everything it loads may be kept for ever', async () => {
    await using service = await served();
    for (const path of everyPage) {
      const page = await service.server.inject({ url: path, ...html });
      expect([path, page.statusCode, page.headers['cache-control']]).toEqual([path, 200, 'no-cache']);
      expect(page.body).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/);
      const loaded = [...page.body.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, address]) => address!);
      expect(loaded.length).toBeGreaterThan(2);
      for (const address of loaded) {
        const file = await service.server.inject({ url: address });
        expect([address, file.statusCode, file.headers['cache-control']]).toEqual([address, 200, 'public, max-age=31536000, immutable']);
        expect(address).toMatch(/-[\w-]{8}\.(js|css|svg)$/);
      }
    }
  });

  test('whoever takes gzip gets it, and the same words come out of it', async () => {
    await using service = await served();
    const plain = await service.server.inject({ url: '/', ...html });
    const zipped = await service.server.inject({ url: '/', headers: { accept: 'text/html', 'accept-encoding': 'gzip, br' } });
    expect([plain.headers['content-encoding'], zipped.headers['content-encoding']]).toEqual([undefined, 'gzip']);
    expect(gunzipSync(zipped.rawPayload).toString()).toBe(plain.body);
    expect(zipped.headers.vary).toContain('accept-encoding');
  });

  test('where they are not built, a browser is told so in one sentence, and programs are served', async () => {
    const copy = newFolder();
    cpSync('src', join(copy, 'src'), { recursive: true });
    mkdirSync(join(copy, 'tools'));
    symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
    const here = (await import(pathToFileURL(join(copy, 'src/compose.ts')).href)) as { compose: typeof compose };
    await using service = await served({}, {}, here.compose);
    const page = await service.server.inject({ url: '/', ...html });
    expect([page.statusCode, page.headers['content-type']]).toEqual([503, expect.stringContaining('text/plain')]);
    expect(page.body).toContain('not built yet: run npm ci');
    expect((await service.server.inject({ url: '/' })).json()).toEqual({ status: 'Aside is running' });
    expect((await service.session()).id).toMatch(/^[0-9a-f-]{36}$/);
  });
});
