import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { beginToWrite, comeIn, person, write } from '../support/chat-page.ts';
import { openChromium } from '../support/chromium.ts';
import { inChromium } from '../support/in-chromium.ts';
import { unmannerly } from '../support/page-manners.ts';
import { served } from '../support/served.ts';

const folder = new URL('../out/', import.meta.url).pathname;
const sizes = [
  { name: '390', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  { name: '1280', viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
] as const;

/** Looks at a page: a picture for people, and what it lacks. */
const looker = (page: Page, size: string) => async (what: string) => {
  await page.screenshot({ path: `${folder}${what}-${size}.png` });
  expect.soft(await unmannerly(page), `${what} at ${size}`).toEqual([]);
};

inChromium('chats as they are seen', { timeout: 300_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  describe.each(sizes)('at $name px', ({ name, ...how }) => {
    test('rooms', async () => {
      await using service = await served({}, { budgets: { agentsWait: 50 } });
      const { page } = await person(browser, service.base, how);
      const look = looker(page, name);
      await page.goto(`${service.base}/rooms`);
      await page.locator('.visits').waitFor();
      await look('rooms');
      await page.fill('#person-name', 'Ann');
      await page.click('#open-room');
      await page.locator('.state[data-mood=live]').waitFor();
      await look('room-empty');
      await write(page, 'How could a village get over its river?');
      await page.locator('.said.agent').waitFor();
      const { page: ben } = await person(browser, service.base, how);
      await ben.goto(page.url());
      await ben.locator('#come-in').waitFor();
      await looker(ben, name)('room-invited');
      await comeIn(ben, page.url(), 'Ben');
      await beginToWrite(ben, 'A bridge of rope, @th', page, 'Ben');
      await ben.locator('#offers li').waitFor();
      await looker(ben, name)('room-completing');
      await page.click('#sum-up');
      await page.locator('.said.observer').waitFor();
      await look('room');
      if (name === '390') await page.click('#who-is-here summary');
      await page.locator('#mute-all').waitFor();
      await look('room-people');
      await page.context().close();
      await ben.context().close();
    });

    test('shared conversations', async () => {
      await using service = await served();
      const { page } = await person(browser, service.base, how);
      const look = looker(page, name);
      await page.goto(`${service.base}/conversations`);
      await page.locator('#open-ones', { hasText: 'Nobody' }).waitFor();
      await look('conversations');
      await page.fill('#topic', 'Summer at the lake');
      await page.fill('#person-name', 'Ann');
      await page.click('#open-conversation');
      await page.locator('.state[data-mood=live]').waitFor();
      await look('conversation-empty');
      const { page: ben } = await person(browser, service.base, how);
      await comeIn(ben, page.url(), 'Ben');
      await write(ben, 'Who brings the boat?');
      await page.locator('.said.other .react').click();
      await look('conversation-reacting');
      await page.locator('.choice .feeling').first().click();
      await ben.setInputFiles('#file', { name: 'what-to-bring.txt', mimeType: 'text/plain', buffer: Buffer.from('oars, towels') });
      await page.locator('.attached').waitFor();
      await write(page, 'I do, if somebody else brings something to eat that does not melt.');
      await ben.locator('.said.other').waitFor();
      await look('conversation');
      if (name === '390') await page.click('#owner summary');
      await page.click('#end');
      await page.locator('#sure .danger').waitFor();
      await look('conversation-ending');
      await page.click('#sure .danger');
      await page.locator('#notice-text', { hasText: 'has ended' }).waitFor();
      await look('conversation-ended');
      await page.context().close();
      await ben.context().close();
    });

    test('the desk and a talk', async () => {
      await using service = await served({}, { budgets: { talkGrace: 50 } });
      const { page } = await person(browser, service.base, how);
      const look = looker(page, name);
      await page.goto(`${service.base}/desk`);
      await page.locator('nav.visits', { hasText: 'No session yet' }).waitFor();
      await look('desk');
      await page.click('#new-session');
      await page.locator('.state[data-mood=live]').waitFor();
      await look('desk-empty');
      await write(page, 'What is 15% of 80?');
      await page.locator('.said.agent:not([data-state])').waitFor();
      await look('desk-answered');
      await page.goto(`${service.base}/desk`);
      await page.fill('#search', '80');
      await page.locator('.results mark').first().waitFor();
      await look('desk-found');

      await page.goto(`${service.base}/talk`);
      await page.locator('.visits').waitFor();
      await look('talks');
      await page.click('#new-talk');
      await page.locator('.state[data-mood=live]').waitFor();
      await write(page, 'What time is it in Tokyo?');
      await page.locator('.said.agent:not([data-state])').waitFor();
      await page.locator('.use summary').click();
      await look('talk');
      await page.click('.bar a');
      await page.locator('.visits a').click();
      await page.locator('#talk-end', { hasText: 'It was about' }).waitFor();
      await look('talk-over');
      await page.context().close();
    });
  });
});
