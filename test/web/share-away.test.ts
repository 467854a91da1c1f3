import { createECDH, randomBytes } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { comeIn, person, write } from '../support/chat-page.ts';
import { openChromium } from '../support/chromium.ts';
import { inChromium } from '../support/in-chromium.ts';
import { look } from '../support/look.ts';
import { served } from '../support/served.ts';
import { vapid } from '../support/vapid.ts';

type Created = { join_link: string };
const endpoint = 'https://push.example.com/ann';

inChromium('who wants to be told while away', { timeout: 300_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test('is offered it where the service pushes, is told once they are gone, and can take it back', async () => {
    const pushed = Promise.withResolvers<string>();
    await using service = await served(vapid(), {
      post: async (to) => {
        pushed.resolve(to);
        return 201;
      },
    });
    const { join_link } = (await (await service.post('/api/conversations/create', { title: 'Lake' })).json()) as Created;
    const { page: ann, wrongs } = await person(browser, service.base, { permissions: ['notifications'] });
    // the browser's maker has no push service for a browser of a test: what it would answer is put in its place
    const pair = createECDH('prime256v1');
    const subscription = { endpoint, keys: { p256dh: pair.generateKeys().toString('base64url'), auth: randomBytes(16).toString('base64url') } };
    await ann.addInitScript((told) => {
      PushManager.prototype.subscribe = async () => ({ toJSON: () => told }) as unknown as PushSubscription;
    }, subscription);
    await comeIn(ann, join_link, 'Ann');
    await ann.locator('#away', { hasText: 'Tell me when I am away' }).waitFor();
    const wrong = await look(ann, 'share-away-en');
    await ann.click('#away');
    await ann.locator('#away[aria-pressed=true]', { hasText: 'You are told' }).waitFor();
    // what shows it is served, and runs
    expect(await ann.evaluate(async () => new URL((await navigator.serviceWorker.ready).active!.scriptURL).pathname)).toBe('/push-worker.js');
    await ann.reload();
    await ann.locator('#away[aria-pressed=true]').waitFor();

    const { page: ben } = await person(browser, service.base);
    await comeIn(ben, join_link, 'Ben');
    await ann.goto(`${service.base}/conversations`);
    await ben.locator('.people li', { hasText: 'Ann' }).waitFor({ state: 'detached' });
    await write(ben, 'The boat is here');
    expect(await pushed.promise).toBe(endpoint);

    await ann.goto(join_link);
    await ann.click('#away[aria-pressed=true]');
    await ann.locator('#away[aria-pressed=false]').waitFor();
    expect(wrong).toEqual([]);
    expect(wrongs).toEqual([]);
    await ann.context().close();
    await ben.context().close();
  });

  test('is offered nothing where the service pushes nothing', async () => {
    await using service = await served();
    const { join_link } = (await (await service.post('/api/conversations/create', { title: 'Lake' })).json()) as Created;
    const { page } = await person(browser, service.base);
    const answered = page.waitForResponse('**/api/push-key');
    await comeIn(page, join_link, 'Ann');
    await (await answered).finished();
    await page.locator('.people li', { hasText: 'Ann' }).waitFor();
    expect(await page.locator('#away').isVisible()).toBe(false);
    await page.context().close();
  });
});
