import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { person } from '../support/chat-page.ts';
import { openChromium } from '../support/chromium.ts';
import { inChromium } from '../support/in-chromium.ts';
import { served } from '../support/served.ts';

inChromium('the check of microphone and earbud', { timeout: 180_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test.each([
    ['plays three seconds of oneself', () => {}, 'Did you hear yourself?'],
    [
      'says so where no sound comes out, and does not wait for ever',
      () => {
        // as in a browser without a device to play to: it begins and never ends
        AudioBufferSourceNode.prototype.start = () => {};
      },
      'No sound came out',
    ],
  ])('%s', async (_title, world, told) => {
    await using service = await served();
    const { page, wrongs } = await person(browser, service.base);
    await page.addInitScript(world);
    await page.goto(service.base);
    await page.click('#check-sound summary');
    await page.click('#check-hear');
    await page.locator('#check-verdict', { hasText: told }).waitFor();
    await page.locator('#check-hear:not([disabled])').waitFor();
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test.each([
    [16_000, 'advises to take the built-in microphone', true],
    [24_000, 'has no advice', false],
  ])('a microphone of %i Hz: it %s', async (sampleRate, _advice, isAdvised) => {
    await using service = await served();
    const { page, wrongs } = await person(browser, service.base);
    // no browser without such a headset has such a microphone
    await page.addInitScript((rate) => {
      const settings = MediaStreamTrack.prototype.getSettings;
      MediaStreamTrack.prototype.getSettings = function () {
        return { ...settings.call(this), sampleRate: rate };
      };
    }, sampleRate);
    await page.goto(service.base);
    await page.click('#check-sound summary');
    await page.locator('#check-hear:not([disabled])').waitFor();
    const advice = page.locator('#check-advice');
    expect(await advice.isVisible()).toBe(isAdvised);
    if (isAdvised) {
      const told = await advice.innerText();
      expect(told).toContain('telephone quality (16 kHz)');
      expect(told).toContain('Choose the microphone of your phone or laptop here, and keep the earbud for the whispers');
    }
    expect(wrongs).toEqual([]);
    await page.context().close();
  });
});
