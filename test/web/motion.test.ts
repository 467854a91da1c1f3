import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium, openPage } from '../support/chromium.ts';
import { inChromium } from '../support/in-chromium.ts';
import { served } from '../support/served.ts';
import { begin, type } from '../support/web-page.ts';

/** What moves on a page, or would move if something changed, by elements and what stands before and after them. */
const moving = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const lasts = (times: string) => times.split(',').some((time) => Number.parseFloat(time) > 0.01);
    const styled = [...document.querySelectorAll('*')].flatMap((element) =>
      [undefined, '::before', '::after'].flatMap((part) => {
        const { animationName, animationDuration, transitionDuration, scrollBehavior } = getComputedStyle(element, part);
        const moves = (animationName !== 'none' && lasts(animationDuration)) || lasts(transitionDuration) || scrollBehavior === 'smooth';
        return moves ? [`${element.tagName.toLowerCase()}#${element.id}.${element.classList}${part ?? ''}`] : [];
      }),
    );
    return [...styled, ...document.getAnimations().map(({ playState }) => `an animation is ${playState}`)];
  });

inChromium('who asks for less motion', { timeout: 120_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test('sees nothing move: not at the start, not while a whisper is spoken, not in the feedback', async () => {
    await using service = await served();
    const { page, wrongs } = await openPage(browser, service.base, { reducedMotion: 'reduce' });
    await page.goto(service.base);
    await page.locator('#start').waitFor();
    expect(await moving(page)).toEqual([]);
    await begin(page);
    await type(page, 'user', "Hi, I'm Alex.");
    await type(page, 'other', 'What salary do you have in mind?');
    await page.locator('.whisper[data-mood=advice] .words', { hasText: /salary/i }).waitFor();
    expect(await moving(page)).toEqual([]);
    // whoever did not ask for it sees these pages move: this is how one knows that it is looked at well
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    expect((await moving(page)).length).toBeGreaterThan(0);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.click('#finish');
    await page.locator('#feedback-title:focus').waitFor();
    expect(await moving(page)).toEqual([]);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });
});
