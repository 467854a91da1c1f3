import { cpSync, rmSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { childServer } from '../support/child-server.ts';
import { openChromium, openPage } from '../support/chromium.ts';
import { freePort } from '../support/free-port.ts';
import { inChromium } from '../support/in-chromium.ts';
import { newFolder } from '../support/new-folder.ts';
import { begin, linesOf, type } from '../support/web-page.ts';

inChromium('the service dies in the middle of a conversation', {}, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test('the page says so, comes back by itself, and has every line once, those typed meanwhile as well', { timeout: 60_000 }, async () => {
    const own = { PORT: String(await freePort()), DATA_DIR: newFolder() };
    await using before = await childServer(own);
    const { page, wrongs } = await openPage(browser, before.base);
    await page.goto(before.base);
    await begin(page);
    await type(page, 'user', "Hi, I'm Alex.");
    await type(page, 'other', 'Good to see you, Alex.');
    await page.locator('.line.other').waitFor();

    await before.end('SIGKILL');
    await page.locator('#notice-text', { hasText: 'The line to Aside is lost. It comes back by itself' }).waitFor();
    await page.locator('#state', { hasText: 'coming back' }).waitFor();
    await type(page, 'user', 'Is anybody there?');
    expect(await linesOf(page)).not.toContain('Is anybody there?');

    await using after = await childServer(own);
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
    expect(before.complained() + after.complained()).toBe('');
    await page.context().close();
  });

  test('and an older copy of its log was put back: the page says so, shows what there is, and goes on with it', { timeout: 60_000 }, async () => {
    const own = { PORT: String(await freePort()), DATA_DIR: newFolder() };
    const copy = newFolder();
    await using first = await childServer(own);
    const { page, wrongs } = await openPage(browser, first.base);
    await page.goto(first.base);
    await begin(page);
    await type(page, 'user', "Hi, I'm Alex.");
    await page.locator('.line.user').waitFor();
    await first.end('SIGKILL');
    cpSync(own.DATA_DIR, copy, { recursive: true });
    await using second = await childServer(own);
    await page.locator('#state', { hasText: 'Live' }).waitFor();
    await type(page, 'other', 'This will be gone.');
    await page.locator('.line.other').waitFor();
    await second.end('SIGKILL');
    rmSync(own.DATA_DIR, { recursive: true });
    cpSync(copy, own.DATA_DIR, { recursive: true });
    await using third = await childServer(own);
    await page.locator('#notice-text', { hasText: 'another log of this conversation than before' }).waitFor();
    await page.locator('.line.other').waitFor({ state: 'detached' });
    await type(page, 'other', 'I am here again.');
    await page.locator('.line.other', { hasText: 'here again' }).waitFor();
    const said = page.locator('#lines .line:not(.coach) .text');
    expect(await said.allTextContents()).toEqual(["Hi, I'm Alex.", 'I am here again.']);
    expect(wrongs).toEqual([]);
    expect(first.complained() + second.complained() + third.complained()).toBe('');
    await page.context().close();
  });
});
