import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { person, write } from '../support/chat-page.ts';
import { openFirefox } from '../support/firefox.ts';
import { inFirefox } from '../support/in-firefox.ts';
import { look } from '../support/look.ts';
import { lossyLine } from '../support/lossy-line.ts';
import { served } from '../support/served.ts';
import { spokenIntoPage } from '../support/spoken-into-page.ts';
import { waitingSound } from '../support/tail-in-browser.ts';
import { clearlyCounted, clearStep, counting, toneEars } from '../support/tone-words.ts';
import { begin, gaps, noteSounds } from '../support/web-page.ts';

/** What was spoken and has become words on the page. */
async function heard(page: Page): Promise<number[]> {
  const lines = await page.locator('#lines .line:not(.coach, .partial) .text').allTextContents();
  return clearlyCounted(lines.flatMap((text) => text.split(' ')));
}

const patience = { timeout: 40_000, interval: 200 };

inFirefox('in Firefox', { timeout: 180_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openFirefox();
  });
  afterAll(() => browser.close());

  test('what is spoken is read, a whisper is heard to its end, and feedback comes in the end', async () => {
    await using service = await served({}, toneEars);
    const { page, wrongs } = await person(browser, service.base);
    await spokenIntoPage(page, counting(0, [4], 1_000, clearStep));
    const sounds = await noteSounds(page);
    await page.goto(service.base);
    await page.locator('#keep-note:not([hidden])').waitFor();
    wrongs.push(...(await look(page, 'firefox-start')));
    await begin(page);
    await expect.poll(() => heard(page), patience).toEqual([0, 1, 2, 3]);
    const talk = service.house.hub.talks()[0]!;
    expect(talk.entries.find(({ type }) => type === 'segment')).toMatchObject({ format: expect.stringMatching(/^(webm|ogg)$/) });
    await page.click('#hint');
    await page.locator('.whisper[data-mood=advice]').waitFor();
    const played = () => talk.entries.filter((entry) => entry.type === 'played').map(({ state }) => state);
    await expect.poll(played, patience).toEqual(['started', 'ended']);
    const whisper = await sounds();
    expect(Math.max(...whisper.map(({ loudest }) => loudest))).toBeGreaterThan(0.05);
    expect(gaps(whisper)).toEqual(whisper.slice(1).map(() => 0));
    wrongs.push(...(await look(page, 'firefox-live')));
    await page.click('#finish');
    await page.locator('#feedback-title:focus').waitFor();
    expect(await page.locator('#takeaways li').count()).toBe(3);
    wrongs.push(...(await look(page, 'firefox-feedback')));
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test('the line is cut while somebody speaks, then the page is loaded anew: nothing that was said is missing, doubled or out of order', async () => {
    await using service = await served({ VOICE: 'none' }, toneEars);
    await using line = await lossyLine(Number(new URL(service.base).port));
    const base = `http://127.0.0.1:${line.port}`;
    const { page, wrongs } = await person(browser, base);
    await spokenIntoPage(page, counting(0, [2, 2, 2, 2], 1_000, clearStep));
    await page.goto(base);
    await begin(page);
    await page.locator('#lines .line').first().waitFor();
    line.become('down');
    await page.locator('#notice-text', { hasText: 'The line to Aside is lost' }).waitFor();
    await expect.poll(() => waitingSound(page), patience).toBeGreaterThan(5);
    line.become('up');
    const all = [0, 1, 2, 3, 4, 5, 6, 7];
    await expect.poll(() => heard(page), patience).toEqual(all);
    const talk = service.house.hub.talks()[0]!;

    await page.reload();
    await page.getByRole('button', { name: 'Go on with it' }).click();
    // the microphone begins anew, and so do its words
    await expect.poll(() => heard(page), patience).toEqual([...all, ...all]);
    expect(service.house.hub.talks()).toEqual([talk]);
    expect(talk.entries.filter(({ type }) => type === 'segment')).toHaveLength(2);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  const chats: [path: string, enter: (page: Page) => Promise<void>, answered: string][] = [
    [
      '/rooms',
      async (page) => {
        await page.fill('#person-name', 'Ann');
        await page.click('#open-room');
      },
      '.said.agent',
    ],
    [
      '/conversations',
      async (page) => {
        await page.fill('#topic', 'Summer');
        await page.fill('#person-name', 'Ann');
        await page.click('#open-conversation');
      },
      '.said.mine',
    ],
    ['/desk', (page) => page.click('#new-session'), '.said.agent'],
    ['/talk', (page) => page.click('#new-talk'), '.said.agent'],
  ];
  test.each(chats)('%s leads into a conversation, and an answer comes', async (path, enter, answered) => {
    await using service = await served({}, { budgets: { agentsWait: 50 } });
    const { page, wrongs } = await person(browser, service.base);
    await page.goto(`${service.base}${path}`);
    await enter(page);
    await page.locator('.state[data-mood=live]').waitFor();
    await write(page, 'What is 15% of 80?');
    await page.locator(`${answered}:not([data-state])`).first().waitFor();
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test.each([
    ['/history', '#no-talks'],
    ['/docs', '.opblock-summary-path'],
    ['/redoc', 'h2'],
  ])('%s opens, and does nothing that its policy forbids', async (path, shown) => {
    await using service = await served();
    const { page, wrongs } = await person(browser, service.base);
    await page.goto(`${service.base}${path}`);
    await page.locator(shown).last().waitFor();
    expect(wrongs).toEqual([]);
    await page.context().close();
  });
});
