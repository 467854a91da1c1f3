import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, NO_CHROMIUM, openChromium, openPage } from '../support/chromium.ts';
import { newFolder } from '../support/new-folder.ts';
import { begin, linesOf, type } from '../support/web-page.ts';

const main = new URL('../../src/main.ts', import.meta.url).pathname;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts the service as `npm start` does and resolves when it says that it listens. */
async function start(port: number, folder: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [main, 'serve'], {
    env: { PATH: process.env.PATH, PORT: String(port), DATA_DIR: folder, EARS: 'browser', LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const words of child.stdout!) if (String(words).includes('Aside is listening')) break;
  return child;
}

describe.skipIf(!chromiumPath)(`the service dies in the middle of a conversation${chromiumPath ? '' : `: ${NO_CHROMIUM}`}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test('the page says so, comes back by itself, and has every line once, those typed meanwhile as well', { timeout: 60_000 }, async () => {
    const [port, folder] = [await freePort(), newFolder()];
    let service = await start(port, folder);
    try {
      const { page, wrongs } = await openPage(browser, `http://127.0.0.1:${port}`);
      await page.goto(`http://127.0.0.1:${port}`);
      await begin(page);
      await type(page, 'user', "Hi, I'm Alex.");
      await type(page, 'other', 'Good to see you, Alex.');
      await page.locator('.line.other').waitFor();

      const dead = once(service, 'exit');
      service.kill('SIGKILL');
      await dead;
      await page.locator('#notice-text', { hasText: 'The line to Aside is lost. It comes back by itself' }).waitFor();
      await page.locator('#state', { hasText: 'coming back' }).waitFor();
      await type(page, 'user', 'Is anybody there?');
      expect(await linesOf(page)).not.toContain('Is anybody there?');

      service = await start(port, folder);
      await page.locator('.line', { hasText: 'Is anybody there?' }).waitFor();
      await page.locator('#state', { hasText: 'Live' }).waitFor();
      await page.locator('#notice').waitFor({ state: 'hidden' });
      await type(page, 'other', 'I am here again.');
      await page.locator('.line.other', { hasText: 'here again' }).waitFor();
      const said = page.locator('#lines .line:not(.coach) .text');
      expect(await said.allTextContents()).toEqual(["Hi, I'm Alex.", 'Good to see you, Alex.', 'Is anybody there?', 'I am here again.']);
      await page.click('#finish');
      await page.locator('#feedback-title:focus').waitFor();
      expect(wrongs).toEqual([]);
      await page.context().close();
    } finally {
      service.kill('SIGKILL');
    }
  });
});
