import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { person, textsOf, write } from '../support/chat-page.ts';
import { openChromium } from '../support/chromium.ts';
import { inChromium } from '../support/in-chromium.ts';
import { served } from '../support/served.ts';

inChromium('the pages of the desk and of talks', { timeout: 300_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test('at the desk an answer streams in, is there after a reload, names its session, and is found', async () => {
    await using service = await served();
    const { page, wrongs } = await person(browser, service.base);
    // every state of the forming answer is noted, however short it was there
    await page.addInitScript(() => {
      const formed: string[] = [];
      Object.assign(globalThis, { formed });
      addEventListener('DOMContentLoaded', () =>
        new MutationObserver(() => {
          const text = document.querySelector('.said[data-state=forming] .text')?.textContent;
          if (text && text !== formed.at(-1)) formed.push(text);
        }).observe(document.body, { childList: true, subtree: true, characterData: true }),
      );
    });
    await page.goto(`${service.base}/desk`);
    await page.locator('nav.visits', { hasText: 'No session yet' }).waitFor();
    await page.click('#new-session');
    await page.locator('.state[data-mood=live]').waitFor();
    // a slow line between the assistant and the page: what comes at once is one picture
    const [talk] = service.house.hub.talks();
    talk!.signal({ type: 'token', by: 'assistant', about: 1, text: 'It is being ' });
    await page.locator('.said[data-state=forming]', { hasText: 'It is being' }).waitFor();
    talk!.signal({ type: 'token', by: 'assistant', about: 1, text: 'thought about' });
    await page.locator('.said[data-state=forming]', { hasText: 'It is being thought about' }).waitFor();
    await talk!.append({ by: 'assistant', type: 'said', text: 'It is being thought about.', via: 'text' });
    await page.locator('.said.agent:not([data-state])', { hasText: 'thought about.' }).waitFor();
    expect(await page.evaluate(() => (globalThis as unknown as { formed: string[] }).formed)).toEqual(['It is being ', 'It is being thought about']);

    await write(page, 'What is 15% of 80?');
    await page.locator('.said.agent:not([data-state])', { hasText: '15% of 80 = 12' }).waitFor();
    await page.locator('nav.visits a[aria-current]', { hasText: 'What is 15% of 80?' }).waitFor();
    const before = await textsOf(page);
    await page.reload();
    await page.locator('.said.agent:not([data-state])', { hasText: '15% of 80 = 12' }).waitFor();
    expect(await textsOf(page)).toEqual(before);

    await page.goto(`${service.base}/desk`);
    await page.fill('#search', 'nothing like it');
    await page.locator('.results', { hasText: 'Nothing was found for “nothing like it”' }).waitFor();
    await page.fill('#search', '80');
    await page.locator('.results mark', { hasText: '80' }).first().waitFor();
    await page.locator('.results a', { hasText: '15% of 80 = 12' }).click();
    await page.locator('.said.mine', { hasText: 'What is 15% of 80?' }).waitFor();
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test('a long session comes page by page, the newest first', async () => {
    await using service = await served();
    const { id } = (await (await service.post('/api/sessions', { title: 'Long' })).json()) as { id: string };
    const talk = (await service.house.hub.find(id))!;
    for (let count = 1; count <= 120; count += 1) await talk.append({ by: 'assistant', type: 'said', text: `line ${count}`, via: 'text' });
    const { page } = await person(browser, service.base);
    await page.goto(`${service.base}/desk#${id}`);
    await page.locator('.said', { hasText: 'line 120' }).waitFor();
    expect(await page.locator('.said').count()).toBe(50);
    await page.click('.earlier');
    await page.locator('.said', { hasText: /line 21$/ }).waitFor();
    await page.click('.earlier');
    await page.locator('.said', { hasText: /line 1$/ }).waitFor({ state: 'attached' });
    expect(await textsOf(page)).toEqual(Array.from({ length: 120 }, (_, index) => `line ${index + 1}`));
    expect(await page.locator('.earlier').isVisible()).toBe(false);
    await page.context().close();
  });

  test('a talk: the answer, the tool that was used for it, the same talk after a reload, and what became of it', async () => {
    await using service = await served({}, { budgets: { talkGrace: 15_000 } });
    const { page, wrongs } = await person(browser, service.base);
    await page.goto(`${service.base}/talk`);
    await page.click('#new-talk');
    await page.locator('.state[data-mood=live]').waitFor();
    await write(page, 'What is 15% of 80?');
    await page.locator('.use', { hasText: 'Calculates' }).waitFor();
    await page.locator('.said.agent:not([data-state])', { hasText: '15% of 80 = 12' }).waitFor();
    await page.locator('.use summary').click();
    await page.locator('.use dd', { hasText: '12' }).waitFor();
    const before = await textsOf(page);
    await page.reload();
    await page.locator('.said.agent:not([data-state])', { hasText: '15% of 80 = 12' }).waitFor();
    expect(await textsOf(page)).toEqual(before);
    await write(page, 'What time is it in Tokyo?');
    await page.locator('.use', { hasText: 'Looks at the clock' }).waitFor();

    // ended while the page looks on, as it is when the last client is gone
    const [talk] = service.house.hub.talks();
    await page.locator('.said.agent:not([data-state])', { hasText: 'Asia/Tokyo' }).waitFor();
    await talk!.append({ by: 'assistant', type: 'summed', text: 'Numbers, and the time.', engine: 'rules' });
    await talk!.append({ by: 'house', type: 'ended', why: 'ended' });
    await page.locator('#talk-end', { hasText: 'Numbers, and the time.' }).waitFor();
    await page.reload();
    await page.locator('#talk-end', { hasText: 'Numbers, and the time.' }).waitFor();
    expect(await page.locator('.use').count()).toBe(2);
    await page.click('#talk-end a');
    await page.locator('.state[data-mood=live]').waitFor();
    await page.locator('.empty', { hasText: 'Ask something.' }).waitFor();
    expect(wrongs).toEqual([]);
    await page.context().close();
  });
});
