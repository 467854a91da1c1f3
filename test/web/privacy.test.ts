import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium, openPage } from '../support/chromium.ts';
import { heardBytes } from '../support/hear-bytes.ts';
import { inChromium } from '../support/in-chromium.ts';
import { served } from '../support/served.ts';
import { begin, linesOf, take, type } from '../support/web-page.ts';

inChromium('the page and what is kept', {}, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test('no sound is kept unless the box is ticked, the last minute can be forgotten, and what was kept can be taken along', async () => {
    await using service = await served({ VOICE: 'none' });
    const { page, wrongs } = await openPage(browser, service.base);
    await page.goto(service.base);
    expect(await page.isChecked('#keep-sound')).toBe(false);
    await page.locator('#keep-note', { hasText: 'words are erased 30 days after the end' }).waitFor();
    await page.locator('#keep-note', { hasText: 'erased within the hour after the end' }).waitFor();
    await page.check('#keep-sound');
    await begin(page);
    await page.locator('#state', { hasText: 'Live' }).waitFor();
    await type(page, 'user', "Hi, I'm Alex.");
    await type(page, 'other', 'What salary do you have in mind?');
    await page.locator('.whisper[data-mood=advice] .words', { hasText: /salary/i }).waitFor();

    await page.click('#forget');
    await page.locator('#lines .line').first().waitFor({ state: 'detached' });
    await page.locator('.whisper[data-mood=quiet]').waitFor();
    expect(await linesOf(page)).toEqual([]);

    await type(page, 'other', 'Do you have any questions for us?');
    await page.locator('#lines .line.other', { hasText: 'questions for us' }).waitFor();
    const [opened] = await Array.fromAsync(service.house.hub.list());
    await page.click('#finish');
    await page.locator('#feedback-title:focus').waitFor();
    expect(await linesOf(page, '#whole')).toEqual(expect.not.arrayContaining(['What salary do you have in mind?']));
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#recordings button').last().click()]);
    expect(download.suggestedFilename()).toMatch(/^aside-[0-9a-f]{8}-\d+\.webm$/);
    const pieces: Uint8Array[] = [];
    for await (const piece of await download.createReadStream()) pieces.push(piece as Uint8Array);
    const { samples, problems } = await heardBytes(pieces);
    expect(problems).toEqual([]);
    expect(samples.length).toBeGreaterThan(0);
    const log = (await service.house.hub.find(opened!.id))!.entries;
    expect(log.find((entry) => entry.type === 'consented')).toMatchObject({ seq: 2, audio: true, parties: 'both of us' });
    expect(wrongs).toEqual([]);
  });

  test('what the voices are like stays in the browser as long as the session, and goes with it or with the next', async () => {
    await using service = await served({ VOICE: 'none' });
    const { page } = await openPage(browser, service.base);
    await page.goto(service.base);
    await take(page, '/client/tail-store.ts');
    const found = await page.evaluate(async () => {
      type Kept = { voices?: number[]; keepVoices(numbers: number[]): void; heard(no: number): void; clear(): void };
      const { storedTail } = (globalThis as unknown as { served: { storedTail(id: string): Promise<Kept> } }).served;
      const voicesOf = async (id: string) => (await storedTail(id)).voices ?? null;
      (await storedTail('one')).keepVoices([1, 2, 3]);
      (await storedTail('one')).heard(7);
      const afterReload = await voicesOf('one');
      const ofAnother = await voicesOf('two');
      const afterAnother = await voicesOf('one');
      const again = await storedTail('one');
      again.keepVoices([4]);
      again.clear();
      return { afterReload, ofAnother, afterAnother, afterTheEnd: await voicesOf('one') };
    });
    expect(found).toEqual({ afterReload: [1, 2, 3], ofAnother: null, afterAnother: null, afterTheEnd: null });
    await page.context().close();
  });
});
