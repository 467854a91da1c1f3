import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium, openPage } from '../support/chromium.ts';
import { inChromium } from '../support/in-chromium.ts';
import { served } from '../support/served.ts';
import { figure } from '../support/tier.ts';

inChromium('the first load', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test.each(['/', '/rooms', '/conversations', '/desk', '/talk', '/history', '/friend/nobody'])(
    '%s is at most 60 kB in at most 20 files',
    async (path) => {
      await using service = await served();
      const { page, wrongs } = await openPage(browser, service.base);
      const loaded: Promise<number>[] = [];
      page.on('requestfinished', (request) => {
        // what the page asks the service about is no part of the page
        if (/\.(js|css|svg)$|^\/\w*$/.test(new URL(request.url()).pathname) && request.method() === 'GET' && request.resourceType() !== 'fetch')
          loaded.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
      });
      await page.goto(`${service.base}${path}`, { waitUntil: 'networkidle' });
      await page.locator('h1').first().waitFor();
      const bytes = (await Promise.all(loaded)).reduce((sum, size) => sum + size, 0);
      expect(bytes).toBeGreaterThan(2_000);
      figure('pages', `first load of ${path}, kB`, bytes / 1_000, { most: 60 });
      figure('pages', `first load of ${path}, files`, loaded.length, { most: 20 });
      expect(wrongs).toEqual([]);
      await page.context().close();
    },
  );
});
