import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium, openPage } from '../support/chromium.ts';
import { inChromium } from '../support/in-chromium.ts';
import { served } from '../support/served.ts';

inChromium('the documentation in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  /** What the page shows, once its last operation is there, and what it should not have done. */
  async function shown(path: string, ready: (page: Page) => Promise<unknown>) {
    await using service = await served();
    const { page, wrongs } = await openPage(browser, service.base);
    // both are a megabyte of script, and the machine may be busy
    page.setDefaultTimeout(50_000);
    await page.goto(`${service.base}${path}`);
    await ready(page);
    await page.waitForLoadState('networkidle');
    const text = await page.locator('body').innerText();
    const images = await page.locator('img').evaluateAll((all) => all.map((image) => (image as HTMLImageElement).src));
    await page.context().close();
    return { text, images, wrongs };
  }

  test('Swagger UI shows our interface, from the one document that there is, under nobody else’s logo', async () => {
    const { text, images, wrongs } = await shown('/docs', (page) => page.locator('.opblock-summary-path', { hasText: '/ready' }).waitFor());
    expect(text).toContain('/openapi.json');
    expect(text).not.toContain('/docs/json');
    expect(images).toEqual([]);
    expect(wrongs).toEqual([]);
  });

  test('ReDoc asks for nothing from anywhere else', async () => {
    const { text, images, wrongs } = await shown('/redoc', (page) => page.locator('h2', { hasText: 'Whether new sessions can be taken' }).waitFor());
    expect(text).toContain('Connect to the ws_url');
    expect(images).toEqual([]);
    expect(wrongs).toEqual([]);
  });
});
